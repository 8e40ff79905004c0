"""What is asked: questions, exercises with their cases, kits that put them in order, rounds of a plan."""
