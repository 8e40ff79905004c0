"""The company that hires, as an administrator describes it."""
