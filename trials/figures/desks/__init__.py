"""Help desks that are asked for their figures: one interface, and what each of them calls things."""
