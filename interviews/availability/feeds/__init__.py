"""When somebody is busy, by the calendar that they publish: fetched, read in a child process, kept without titles."""
