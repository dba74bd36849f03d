"""Asking what became of a released decision: after 14 days whoever is responsible, after 30 days the chair too."""
