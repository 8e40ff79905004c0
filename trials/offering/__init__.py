"""The offer of a trial by link, and its days: moved, paused, ended early."""
