"""What follows a hire: a plan to grow by, and a look back after ninety days."""
