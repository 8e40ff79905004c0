"""The content that ships with Rapport: competencies and ready hiring plans, as data that a team edits."""
