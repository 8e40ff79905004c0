"""Real work before the lasting decision: check-ins, the verdict, and another manager's approval."""
