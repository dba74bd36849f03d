"""The day of the examination, as a report states it: offered where it can be one day only.

Two ways of saying it count. A label ("Date of examination: 18 Nov 2026", "检查日期：2026-11-18"), or, without one, the
name of the examination beside a day in the first lines ("MRI liver, 18 Nov 2026", "2026年11月18日上腹部增强CT"). The
day of the report, its request or its signing, of birth, of a treatment, or of an examination before or elsewhere is
another day, and is left alone.
"""

import re
from dataclasses import dataclass
from datetime import date

from mdt.reading.days import DAY, EARLIEST, LABEL, OF_ANOTHER_DAY, Calendar, meant
from mdt.reading.plain import LONGEST_SENTENCE, closed, plain, sentences
from mdt.reading.planned import PLANNED, is_put_off

FIRST_LINES = 3
"""So far a heading reaches: later sentences tell of other days too."""
_EXAMINATION = (
    r"\b(?:ce-?)?(?:ct|mri|(?-i:MR(?!\.))|pet(?:[-/]ct)?|eus|egd|ogd)\b|\bultraso\w+|\bgastroscopy"
    r"|\b(?:upper )?endoscopy|\blaparoscopy|磁共振|核磁|超声|胃镜|内镜|腹腔镜|造影"
)
_BEFORE = re.compile(rf"(?:{_EXAMINATION})[^\d;。]{{0,45}}(?:\bon |\bof |, ?|\(|:)?\s?$", re.IGNORECASE | re.ASCII)
_AFTER = re.compile(rf"^\s?[,:)]?\s?[^\d,;。:]{{0,14}}?(?:{_EXAMINATION})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Examined:
    """Where the day stands in the report, with its label; `on` is None where the figures may be two different days."""

    start: int
    end: int
    on: date | None


def read_examined_on(report: str, today: date, *, day_first: bool | None = None) -> Examined | None:
    """The day of the examination, if the report states one day and no other; not after `today`."""
    text, places = plain(report)
    calendar = Calendar.of(text, today, day_first)
    labelled, beside = [], []
    for number, (begins, words) in enumerate(sentences(text)):
        if len(words) > LONGEST_SENTENCE:
            continue  # cut short, a day could become another one
        for match in DAY.finditer(words):
            before, after = words[: match.start()], words[match.end() :]
            label = LABEL.search(before)
            if label and not OF_ANOTHER_DAY.search(before[: label.start()][-12:]):
                labelled.append((begins + label.start(), begins + match.end(), match))
            elif PLANNED.search(before) or is_put_off(after):
                continue  # of an examination to come, or never done
            elif number < FIRST_LINES and not OF_ANOTHER_DAY.search(before + after[:40]):
                named = _BEFORE.search(before)
                if named or _AFTER.search(after):
                    start = named.start() if named else match.start()
                    end = match.end() if named else match.end() + _AFTER.search(after).end()
                    beside.append((begins + start, begins + end, match))
    found = labelled or beside
    days = [meant(match, day_first=calendar.day_first) for _start, _end, match in found]
    if not found or len(set(days)) > 1 or not any(EARLIEST <= day <= today for day in days[0]):
        return None
    start, end, _match = found[0]
    end = closed(text, start, end)
    on = next(iter(days[0])) if len(days[0]) == 1 else None
    return Examined(places[start], places[end - 1] + 1, on)
