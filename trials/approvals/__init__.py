"""The last yes, by one or two managers who had no part in the trial."""
