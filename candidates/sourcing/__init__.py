"""Where applications come from: colleagues who recommend somebody, people who want to hear of new jobs."""
