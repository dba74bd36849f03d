"""Papers of a meeting: letter, chart record and patient's page of a decision, and the minutes, as tagged PDF.

Each is made once for the same content, in a language of the system, and kept.
"""

from mdt.meetings.documents.actions import (
    chart_record,
    letter,
    minutes,
    open_document,
    patient_page,
    preview_patient_page,
)
from mdt.meetings.documents.glyphs import unprintable

__all__ = ["chart_record", "letter", "minutes", "open_document", "patient_page", "preview_patient_page", "unprintable"]
