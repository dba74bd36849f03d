"""What was found in the pasted report, beside the form: offered, taken over, put aside; and how a control is filled.

Nothing here stores anything. A mention is named by a key that stays the same while the rest of the report is edited.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.utils import timezone

from cases.forms.fact_fields import FactField, Typed
from classification.facts import Fact
from mdt.people.templatetags.looks import day
from mdt.reading import STATED, UNCERTAIN, Mention, read_examined_on, read_report
from mdt.reading.mention import PARTS

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm


@dataclass(frozen=True)
class FoundDay:
    """The day of the examination as the page shows it; `on` is None where its figures may be two days."""

    start: int
    end: int
    on: date | None
    words: str
    stands: str
    """What the form has now, as it was typed."""
    is_offered: bool
    """Whether what stands there is the form's own today, which nobody stated."""

    @property
    def certainty(self) -> str:
        return STATED if self.on else UNCERTAIN

    @property
    def text(self) -> str:
        return day(self.on)

    @property
    def is_taken(self) -> bool:
        return self.on is not None and self.stands == self.on.isoformat()

    @property
    def differs(self) -> bool:
        """Whether somebody stated another day in the form; one that the form offers by itself is none."""
        return bool(self.stands) and not self.is_offered and not self.is_taken


def day_first(form: FindingsForm) -> bool | None:
    """What somebody said of the days in the text that may be two; None: nobody said."""
    return {"day": True, "month": False}.get(str(form["day_order"].value() or ""))


def found_day(form: FindingsForm) -> FoundDay | None:
    """The day of the examination that the report states, beside what stands in the form."""
    report, typed = form.report_as_typed(), form["examined_on"].value()
    found = read_examined_on(report, timezone.localdate(), day_first=day_first(form))
    stands = typed.isoformat() if isinstance(typed, date) else str(typed or "")
    words = report[found.start : found.end] if found else ""
    return found and FoundDay(found.start, found.end, found.on, words, stands, form.offers_day)


def keyed(report: str, vocabulary: dict, first: bool | None = None) -> list[tuple[str, Mention]]:
    """Mentions with their keys: fact, value and words; a number where the same is said again.

    The day is none of it: what was taken over stays so when a day in the text is mended or another one is added.
    """
    seen: Counter = Counter()
    pairs = []
    mentions = read_report(report, vocabulary, timezone.localdate(), day_first=first)
    for mention in mentions:
        words = report[mention.start : mention.end]
        said = json.dumps([mention.value, mention.certainty, words], sort_keys=True)
        key = f"{mention.fact}-{crc32(said.encode()):08x}"
        seen[key] += 1
        pairs.append((key if seen[key] == 1 else f"{key}-{seen[key]}", mention))
    return pairs


def controls(field: FactField, mention: Mention) -> dict[str, Any]:
    """The controls that say this mention: a part is added to what is there."""
    adds = mention.fact in PARTS and mention.value != []
    return as_controls(field, field.typed(mention.whole), adds=adds)


def as_controls(field: FactField, typed: Typed, *, adds: bool) -> dict[str, Any]:
    """What a script, or `filled` without one, puts into the form."""
    return {
        "name": field.fact.name,
        "kind": field.kind,
        "adds": adds,
        "values": list(typed.values),
        "apart": list(typed.apart),
        "kept": typed.kept,
        "rows": [{part: list(values) for part, values in row.items()} for row in typed.rows],
    }


def filled(entries: dict[str, list[str]], fill: dict[str, Any]) -> dict[str, list[str]]:
    """Entries of a form with one mention taken over: a part is added to what is there, a single value replaces it."""
    name, kept = fill["name"], dict(entries)
    if not fill["adds"]:
        kept = {entry: values for entry, values in kept.items() if entry != name and not entry.startswith(f"{name}-")}
        kept |= {name: fill["values"]} if fill["values"] else {}
        return kept | ({f"{name}-as": fill["apart"]} if fill["apart"] else {})
    kept.pop(f"{name}-as", None)
    kept.pop(f"{name}-kept", None)
    if fill["kind"] == "lesions":
        rows = (entry.split("-") for entry in kept if entry.startswith(f"{name}-"))
        numbers = [int(row[1]) for row in rows if row[1].isdigit()]
        for number, row in enumerate(fill["rows"], max(numbers, default=0) + 1):
            kept |= {f"{name}-{number}-{part}": values for part, values in row.items() if values}
        return kept
    return kept | {name: list(dict.fromkeys([*kept.get(name, []), *fill["values"]]))}


def behind(report: str, facts: Mapping[str, Any], vocabulary: Mapping[str, Fact]) -> list[Mention]:
    """The words of a report behind facts that were stated beside it, as if each had been taken over."""
    found = read_report(report, vocabulary)
    return [each for each in found if each.certainty == STATED and stands(vocabulary, each, facts.get(each.fact))]


def stands(vocabulary: Mapping[str, Fact], mention: Mention, stated: Any) -> bool:
    """Whether what was found is still what the form states."""
    if mention.fact not in PARTS or mention.value == []:
        fact = vocabulary[mention.fact]
        return stated is not None and fact.parse(stated) == fact.parse(mention.whole)
    if not isinstance(stated, list):
        return False
    if isinstance(mention.value, dict):
        said = {part: value for part, value in mention.value.items() if part in ("segments", "diameter_mm", "site")}
        return any(said.items() <= entry.items() for entry in stated if isinstance(entry, dict))
    return mention.value in stated


def keys_of(quotations: Sequence, report: str, vocabulary: dict) -> list[str]:
    """The keys that an earlier finding's quotations have today, so that a correction keeps them."""
    places = {(quotation.fact, quotation.start, quotation.pattern) for quotation in quotations}
    pairs = keyed(report, vocabulary)
    return [key for key, mention in pairs if (mention.fact, mention.start, mention.pattern) in places]
