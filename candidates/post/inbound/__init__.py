"""What comes back by mail: replies, bounces, complaints, automatic answers."""
