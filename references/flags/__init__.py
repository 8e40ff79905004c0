"""What a person should look at in a reference, and how far it lies from what others saw."""
