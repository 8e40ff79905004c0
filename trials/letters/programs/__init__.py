"""What runs alone, in a process of its own."""
