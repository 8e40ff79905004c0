"""Jobs, hiring plans, competencies."""
