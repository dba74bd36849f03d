"""Suggestions to the editors of the rules: written where decisions are looked at, read and answered beside the rules."""
