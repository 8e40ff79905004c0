"""What an interviewer writes besides the ratings: notes and routes by question, the thirteen steps."""
