"""What a plan says about its trials: weeks, check-ins, figures, hours and pay."""
