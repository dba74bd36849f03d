"""Decisions for research: one row each, pseudonymised, with a dictionary of columns (docs/research-export.md)."""
