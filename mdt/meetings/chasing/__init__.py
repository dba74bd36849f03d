"""Asking the disciplines for what a case still needs: worklists, reminders, and the list at the cut-off.

`cases` owes the duty `follow-readiness` whenever a case waits for somebody else than before; all that comes of it is
decided here.
"""
