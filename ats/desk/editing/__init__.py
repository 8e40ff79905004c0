"""Forms of the admin that two people may have open: what each was shown, and what happens when both save."""
