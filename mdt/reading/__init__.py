"""Reading reports: fixed patterns that find facts in the words of a report, English or Chinese. No database, no model.

`read_report(text, vocabulary)` gives mentions, each with the words that it came from and the part of the text that
they stand in; `read_examined_on` the day of the examination. Nothing is taken over by itself.
"""

from mdt.reading.examinations import CONVERSATION
from mdt.reading.examined import Examined, read_examined_on
from mdt.reading.left_out import LeftOut, read_left_out
from mdt.reading.mention import EARLIER, STATED, UNCERTAIN, Mention
from mdt.reading.parts import Part
from mdt.reading.report import read_parts, read_report

__all__ = [
    "CONVERSATION",
    "EARLIER",
    "STATED",
    "UNCERTAIN",
    "Examined",
    "LeftOut",
    "Mention",
    "Part",
    "read_examined_on",
    "read_left_out",
    "read_parts",
    "read_report",
]
