"""The meeting: agenda, attendance and quorum, decisions, sign-off, letters."""
