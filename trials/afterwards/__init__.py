"""What follows a hire: a plan to grow by, and what lead and new colleague say looking back after ninety days."""
