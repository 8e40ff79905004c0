"""The stage of the cover letter and the phone screen."""
