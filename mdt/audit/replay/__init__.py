"""Any edition asked about every stored snapshot of a team: start it, watch it, read what changed."""
