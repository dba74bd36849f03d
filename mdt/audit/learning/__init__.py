"""What reasoned departures have in common: clusters that become suggestions to the editors of the rules."""
