"""What became of decisions: whether they were carried out, and if not, why."""
