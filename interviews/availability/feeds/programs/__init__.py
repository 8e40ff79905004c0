"""Programs for the child process: they import nothing of ours."""
