"""What keeps Rapport running: its processes, whether they are well, and the beat that proves it."""
