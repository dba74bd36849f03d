"""What recording changed: the type as the leading scheme says it, what the case still lacks, and where sources differ.

Read from the proposals before and after; a sealed case says only what is lacking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.course_page import says
from cases.models import Case, Proposal
from cases.queue_rows import WAITED_FOR
from cases.reasoning import absent_text, fact_label, item_label
from mdt.people.joining import listed, sentences

MOST_NAMED = 6
"""Items and facts that the message names; the case lists them all."""


@dataclass(frozen=True)
class Stood:
    """How a case stood at one moment, in words of the reader's language. `now`: what can be resected at a restaging."""

    type: str
    now: str
    lacks: tuple[str, ...]
    differs: tuple[str, ...]


def stood(case: Case) -> Stood:
    proposal = case.latest_proposal
    lacks = (proposal.readiness if proposal else case.readiness) or ()
    return Stood(
        type=_type(case, proposal),
        now=_now(case, proposal),
        lacks=tuple(
            item_label(case.pathway, item["fact"], get_language()) for item in lacks if item["state"] in WAITED_FOR
        ),
        differs=tuple(
            dict.fromkeys(
                fact_label(case.pathway, entry["fact"], get_language())
                for entry in (proposal.contradictions if proposal else ())
            )
        ),
    )


def _type(case: Case, proposal: Proposal | None) -> str:
    if proposal is None:
        return _("no proposal")
    system = proposal.main_system
    words = says(case.pathway, system["possible"], system["provisional"]["possible"])
    return words or absent_text(case.pathway, get_language()) or _("no type")


def _now(case: Case, proposal: Proposal | None) -> str:
    current = proposal.answer.get("current_resectability") if proposal and proposal.is_restaged else None
    return says(case.pathway, current["possible"], current["provisional"]) if current else ""


def with_changes(recorded: str, case: Case, before: Stood) -> str:
    """The message after recording, with what it changed; `case` as it is stored now."""
    after = stood(case)
    return sentences([recorded, *_changes(before, after, is_sealed=case.is_sealed)])


def _changes(before: Stood, after: Stood, *, is_sealed: bool) -> Iterator[str]:
    if not is_sealed:
        yield _moved(_("Type: %(before)s → %(after)s."), _("Type as before: %(type)s."), before.type, after.type)
        if after.now:
            yield _moved(
                _("Can be resected now: %(before)s → %(after)s."),
                _("Can be resected now, as before: %(type)s."),
                before.now or _("not stated"),
                after.now,
            )
    if not after.lacks:
        yield _("Nothing required is missing.")
    else:
        counts = {"before": len(before.lacks), "after": len(after.lacks), "items": _named(after.lacks)}
        changed = _("Still missing: %(before)s → %(after)s (%(items)s).")
        yield (changed if before.lacks != after.lacks else _("Still missing: %(after)s (%(items)s).")) % counts
    new = tuple(fact for fact in after.differs if fact not in before.differs)
    if new and not is_sealed:
        yield _("Sources now differ: %(facts)s.") % {"facts": _named(new)}


def _moved(moved: str, same: str, before: str, after: str) -> str:
    return same % {"type": after} if before == after else moved % {"before": before, "after": after}


def _named(items: tuple[str, ...]) -> str:
    left = len(items) - MOST_NAMED
    words = listed(items[:MOST_NAMED])
    return _("%(items)s and %(count)d more") % {"items": words, "count": left} if left > 0 else words
