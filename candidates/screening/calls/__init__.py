"""When a phone screen is held: a colleague offers times, the candidate chooses one."""
