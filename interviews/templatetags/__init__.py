"""Tags of the interviewers' pages."""
