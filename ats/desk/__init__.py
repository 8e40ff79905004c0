"""The recruiter's desk: admin pages, the page of one application, the approval."""
