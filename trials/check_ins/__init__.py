"""Who tells how a trial goes, on which day, and what should be looked at early."""
