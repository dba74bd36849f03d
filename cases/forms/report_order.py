"""Days of the text that may be two: asked once for the whole text, unless its other days show how it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.forms.report_words import day_first, found_day
from mdt.people.templatetags.looks import day
from mdt.reading.days import first_of_two, meant, order_in
from mdt.reading.plain import plain

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm


def order_of_days(form: FindingsForm) -> dict[str, Any] | None:
    """For the page: the words that may be two days, both days, and what was said or shown; None where none may be two.

    `said`: day or month, as somebody chose; `shown_by`: the day of the text that can be read one way only.
    """
    text, _places = plain(form.report_as_typed())
    match = first_of_two(text)
    if match is None:
        return None
    said, (_order, shown) = day_first(form), order_in(text)
    examined = found_day(form)
    may_be_two = any(part.may_be_two for part in form.text_parts) or bool(examined and examined.on is None)
    if said is None and shown is None and not may_be_two:
        return None
    read_as = sorted(meant(match, day_first=_order if said is None else said))
    return {
        "words": match[0],
        "choices": [
            {"order": name, "day": day(next(iter(meant(match, day_first=name == "day"))))} for name in ("day", "month")
        ],
        "said": "" if said is None else "day" if said else "month",
        "shown_by": shown[0] if shown and said is None else "",
        "read_as": day(read_as[0]) if len(read_as) == 1 else "",
    }
