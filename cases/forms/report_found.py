"""What was found in the pasted report as the page shows it: with its words, its day, and what can be done with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from cases.forms.report_days import described, has_several, in_words
from cases.forms.report_lost import lost_keys
from cases.forms.report_order import order_of_days
from cases.forms.report_words import controls, found_day
from cases.quotations import marked
from classification.facts import FactError
from classification.statements import agree
from mdt.reading import EARLIER, STATED, Mention, read_left_out
from mdt.reading.mention import PARTS
from mdt.reading.report import contradicts

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm


WHY = {
    "bare_t": gettext_lazy(
        "stands without c, p or yp and without N beside it: it may be something else than the T category"
    ),
    "bare_n": gettext_lazy(
        "stands without c, p or yp and without T beside it: it may be something else than the N category"
    ),
    "her2_plus": gettext_lazy("may mean 1+ or positive"),
    "factor": gettext_lazy("is in another unit than the box; nothing is converted"),
    "some_organs": gettext_lazy(
        "calls only the organs named free: “no other organ” would say more, and no box holds a single free organ"
    ),
    "some_vessels": gettext_lazy(
        "calls only some of the large vessels and bile ducts free: the box asks about all of them"
    ),
    "only_seen": gettext_lazy("says that they are well seen, not that they are free of tumour"),
    "no_look": gettext_lazy("may be of a scan: P0 takes a look inside, at a laparoscopy or an operation"),
    "scale": gettext_lazy("is another scale than ECOG; nothing is converted"),
}
"""Why words that the reader knows are no offer (mdt.reading.LeftOut)."""


@dataclass(frozen=True)
class Found:
    """One mention as the page shows it. `how`: offered, taken, refused, doubtful, earlier, or other (of another day
    than the finding that is corrected)."""

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
    elsewhere: bool
    """Whether the text states something else of another day."""
    of_day: str
    """Day and kind of the examination in words; empty where the text tells of one day only."""
    also: tuple[str, ...] = ()
    """Words that say the same with less certainty: they need no row of their own."""
    concluded: tuple[str, ...] = ()
    """What the conclusion of the report says of the same."""

    @property
    def is_open(self) -> bool:
        return self.how == "offered"


def found_in(form: FindingsForm) -> dict[str, Any]:
    """Context of the part of the page that shows the report with its marks, and each mention with what can be done."""
    report = form.report_as_typed()
    taken, refused = set(form.chosen("taken")), set(form.chosen("refused"))
    pairs, several = form.mentions, has_several(form)
    shown = _one_row_each([_shown(form, report, key, mention, taken, refused, several) for key, mention in pairs])
    counts = Counter(found.how for found in shown)
    left_out = read_left_out(report, form.pathway.facts) if report.strip() else []
    examined = None if several else found_day(form)
    return {
        "found": shown,
        "examined": examined,
        "several": several,
        "days": described(form),
        "order": order_of_days(form),
        "unread": [report[each.start : each.end] for each in left_out if not each.why],
        "reasons": [{"words": report[each.start : each.end], "why": WHY[each.why]} for each in left_out if each.why],
        "has_undated": any(mention.of.on is None for _key, mention in pairs),
        "marked": marked(report, [*_passages(pairs), *filter(None, [examined])]),
        "open_count": counts["offered"],
        "taken_count": counts["taken"],
        "lost": lost_keys(form),
        "has_report": bool(report.strip()),
        "form": form,
    }


def _passages(pairs: list[tuple[str, Mention]]) -> Iterator[Mention]:
    """Every stretch of the report that a mention rests on."""
    return (replace(mention, start=start, end=end) for _key, mention in pairs for start, end in mention.spans)


def _one_row_each(rows: list[Found]) -> list[Found]:
    """The rows without those where the report, unsure, repeats what it states elsewhere: the words go to that row.

    A lesion keeps its row: two that look alike may be two.
    """
    single = [row for row in rows if row.fact != "liver_lesions"]
    stated = {(row.fact, row.fill, row.of_day) for row in single if row.how in ("offered", "taken", "refused")}
    unsure = [row for row in rows if row.how == "doubtful" and (row.fact, row.fill, row.of_day) in stated]
    also: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in unsure:
        said = (row.fact, row.fill, row.of_day)
        also[said] = (*also.get(said, ()), row.words)
    kept = []
    for row in rows:
        if row not in unsure:
            # The words go to the first row that states the same, and to no other.
            said = (row.fact, row.fill, row.of_day)
            kept.append(replace(row, also=also.pop(said, ())) if row.how != "earlier" else row)
    return kept


def _shown(
    form: FindingsForm, report: str, key: str, mention: Mention, taken: set, refused: set, several: bool
) -> Found:
    field = form.facts[mention.fact]
    how = "taken" if key in taken else "refused" if key in refused else "offered"
    if mention.certainty != STATED:
        how = "earlier" if mention.certainty == EARLIER else "doubtful"
    elif several and form.corrects and how == "offered" and mention.of.on not in (None, form.corrects.examined_on):
        how = "other"
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
        repeats=mention.repeats
        or (several and any(_may_be_seen_later(mention, other) for _key, other in form.mentions)),
        elsewhere=several
        and any(
            other.of.on != mention.of.on and contradicts(mention, other, form.pathway.facts)
            for _key, other in form.mentions
        ),
        of_day=in_words(mention.of) if several else "",
        concluded=tuple(report[start:end] for start, end in mention.also),
    )


def _may_be_seen_later(mention: Mention, other: Mention) -> bool:
    """Whether a newer examination tells of a lesion that may be this one: the list is recorded whole, and counts both.

    Two different segments are two lesions; where one is not said, nobody knows.
    """
    if mention.fact != "liver_lesions" or other.fact != mention.fact or other.certainty != STATED:
        return False
    if not (isinstance(mention.value, dict) and isinstance(other.value, dict)):
        return False
    if (other.of.on or date.min) <= (mention.of.on or date.min):
        return False
    one, two = (set(each.value.get("segments", ())) for each in (mention, other))
    return not one or not two or bool(one & two)


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
