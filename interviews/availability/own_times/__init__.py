"""The page on which somebody says when they can interview."""
