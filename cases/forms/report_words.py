"""What was found in the pasted report, beside the form: offered, taken over, put aside; and how a control is filled.

Nothing here stores anything. A mention is named by a key that stays the same while the rest of the report is edited.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.utils import timezone

from cases.forms.fact_fields import FactField, Typed
from cases.quotations import marked
from classification.facts import Fact, FactError
from classification.statements import agree
from mdt.people.templatetags.looks import day
from mdt.reading import EARLIER, STATED, UNCERTAIN, Mention, read_examined_on, read_report
from mdt.reading.mention import PARTS

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm


@dataclass(frozen=True)
class Found:
    """One mention as the page shows it. `how`: offered, taken, refused, doubtful or earlier."""

    key: str
    how: str
    label: str
    text: str
    words: str
    fact: str
    fill: str
    so_far: str
    differs: bool
    disagrees: bool
    repeats: bool
    also: tuple[str, ...] = ()
    """Words that say the same with less certainty: they need no row of their own."""

    @property
    def is_open(self) -> bool:
        return self.how == "offered"


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


def found_day(form: FindingsForm) -> FoundDay | None:
    """The day of the examination that the report states, beside what stands in the form."""
    report, typed = form.report_as_typed(), form["examined_on"].value()
    found = read_examined_on(report, timezone.localdate())
    stands = typed.isoformat() if isinstance(typed, date) else str(typed or "")
    words = report[found.start : found.end] if found else ""
    return found and FoundDay(found.start, found.end, found.on, words, stands, form.offers_day)


def keyed(report: str, vocabulary: dict) -> list[tuple[str, Mention]]:
    """Mentions with their keys: fact, value and words; a number where the same is said again."""
    seen: Counter = Counter()
    pairs = []
    for mention in read_report(report, vocabulary):
        said = json.dumps([mention.value, mention.certainty, report[mention.start : mention.end]], sort_keys=True)
        key = f"{mention.fact}-{crc32(said.encode()):08x}"
        seen[key] += 1
        pairs.append((key if seen[key] == 1 else f"{key}-{seen[key]}", mention))
    return pairs


def found_in(form: FindingsForm) -> dict[str, Any]:
    """Context of the part of the page that shows the report with its marks, and each mention with what can be done."""
    report = form.report_as_typed()
    pairs = keyed(report, form.pathway.facts)
    taken, refused = set(form.chosen("taken")), set(form.chosen("refused"))
    shown = _one_row_each([_shown(form, report, key, mention, taken, refused) for key, mention in pairs])
    counts = Counter(found.how for found in shown)
    examined = found_day(form)
    return {
        "found": shown,
        "examined": examined,
        "marked": marked(report, [*(mention for _key, mention in pairs), *filter(None, [examined])]),
        "open_count": counts["offered"],
        "taken_count": counts["taken"],
        "has_report": bool(report.strip()),
        "form": form,
    }


def _one_row_each(rows: list[Found]) -> list[Found]:
    """The rows without those where the report, unsure, repeats what it states elsewhere: the words go to that row.

    A lesion keeps its row: two that look alike may be two.
    """
    single = [row for row in rows if row.fact != "liver_lesions"]
    stated = {(row.fact, row.fill) for row in single if row.how in ("offered", "taken", "refused")}
    unsure = [row for row in rows if row.how == "doubtful" and (row.fact, row.fill) in stated]
    also: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in unsure:
        also[row.fact, row.fill] = (*also.get((row.fact, row.fill), ()), row.words)
    kept = []
    for row in rows:
        if row not in unsure:
            # The words go to the first row that states the same, and to no other.
            kept.append(replace(row, also=also.pop((row.fact, row.fill), ())) if row.how != "earlier" else row)
    return kept


def _shown(form: FindingsForm, report: str, key: str, mention: Mention, taken: set, refused: set) -> Found:
    field = form.facts[mention.fact]
    how = "taken" if key in taken else "refused" if key in refused else "offered"
    if mention.certainty != STATED:
        how = "earlier" if mention.certainty == EARLIER else "doubtful"
    so_far, differs = _beside_the_case(form, mention)
    return Found(
        key=key,
        how=how,
        label=str(field.label),
        text=form.surroundings.in_words(mention.fact, mention.whole),
        words=report[mention.start : mention.end],
        fact=mention.fact,
        fill=json.dumps(controls(field, mention), ensure_ascii=False),
        so_far=so_far,
        differs=differs,
        disagrees=mention.disagrees,
        repeats=mention.repeats,
    )


def _beside_the_case(form: FindingsForm, mention: Mention) -> tuple[str, bool]:
    """What the case has already, in words with person and date, and whether it is something else."""
    others = form.surroundings.statements(mention.fact)
    if not others or mention.fact == "liver_lesions":
        return "", False
    fact, said = form.pathway.facts[mention.fact], others[0]
    base = form.surroundings.base(form.facts[mention.fact])
    try:
        if mention.fact in PARTS:
            same = (mention.value == []) == (said["value"] == [])
        else:
            same = agree(fact, fact.parse(mention.value), fact.parse(said["value"]))
    except FactError:  # stated under an older vocabulary
        same = False
    return form.surroundings.so_far(base), not same


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


def quoted(form: FindingsForm, stated: dict[str, Any]) -> list[Mention]:
    """The mentions that were taken over and still stand in the facts: their words are kept with the finding."""
    taken = set(form.chosen("taken"))
    if not taken:
        return []
    pairs = keyed(form.report_as_typed(), form.pathway.facts)
    return [
        mention
        for key, mention in pairs
        if key in taken
        and mention.certainty == STATED
        and _stands(form.pathway.facts, mention, stated.get(mention.fact))
    ]


def behind(report: str, facts: Mapping[str, Any], vocabulary: Mapping[str, Fact]) -> list[Mention]:
    """The words of a report behind facts that were stated beside it, as if each had been taken over."""
    found = read_report(report, vocabulary)
    return [each for each in found if each.certainty == STATED and _stands(vocabulary, each, facts.get(each.fact))]


def _stands(vocabulary: Mapping[str, Fact], mention: Mention, stated: Any) -> bool:
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
