"""Former employers and managers are asked: names from the candidate, answers by link."""
