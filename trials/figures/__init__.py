"""Numbers of the help desk: imported, matched to people, shown beside the team's."""
