"""What auditors read: the event log of their teams, and whether it is whole."""
