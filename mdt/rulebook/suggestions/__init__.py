"""Suggestions to the editors of the rules: made where decisions are looked at, answered beside the rules."""
