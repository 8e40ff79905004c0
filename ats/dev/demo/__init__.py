"""A demo company: a support team that hires, made by the verbs that people use.

Everything but the passwords follows from the seed and the clock, so that the same seed tells the same story.
"""
