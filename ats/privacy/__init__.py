"""What the law gives people over their data: forgetting them, and proof that they are forgotten."""
