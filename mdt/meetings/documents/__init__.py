"""Papers of a meeting: the outcome letter of a decision and the minutes, as tagged PDF in the languages of the system.

`letter(decision, language)` and `minutes(meeting, language)` make a PDF once for the same content and keep it.
"""

from mdt.meetings.documents.actions import letter, minutes, open_document
from mdt.meetings.documents.glyphs import unprintable

__all__ = ["letter", "minutes", "open_document", "unprintable"]
