"""What referees are asked, as data, in their language."""
