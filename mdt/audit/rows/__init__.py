"""What the audit counts: one narrow row for each case on each meeting's agenda, derived and rebuilt at will."""
