"""What a case needs of a meeting: minutes, from how much there is to settle, and disciplines."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import ceil

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case, Proposal
from cases.reasoning import quorum_of, quorum_rules_of
from cases.side_by_side import parting_of
from mdt.meetings.planning.rules import house_rules
from mdt.meetings.quorum import offered_by, perhaps_needed


@dataclass(frozen=True)
class Complexity:
    """What was counted in one proposal. `beyond`: disciplines that its quorum needs beside those always needed."""

    contradictions: int = 0
    systems_part: int = 0
    options_undetermined: int = 0
    lesions: int = 0
    restaged: int = 0
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Needs:
    """Minutes, the counts that they come from (what → how many, most minutes first), and disciplines in order.

    `not_in_team`: disciplines that an open option asks for and that nobody in the team has. They hold no case back,
    since no meeting of the team could ever have them, and are named beside it. `perhaps`: of a sealed case, whose
    proposal nobody of the room may guess: disciplines that its pathway may ask for, whatever was proposed.
    """

    minutes: int
    counts: tuple[tuple[str, int], ...]
    disciplines: tuple[str, ...]
    not_in_team: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """`2 contradictions, the systems disagree`; "" where nothing beyond the question is to settle."""
        return _(", ").join(_in_words(what, count) for what, count in self.counts)


@lru_cache(maxsize=4000)
def _counted(proposal_id: int, _made_at: datetime) -> Complexity:
    """A proposal never changes, so that a process reads it once. Its time tells it from one of another database."""
    return _count(Proposal.objects.select_related("case").get(pk=proposal_id))


def _count(proposal: Proposal) -> Complexity:
    answer = proposal.answer_in("en")
    parting = parting_of(answer)
    options = answer.get("options") or []
    return Complexity(
        contradictions=len(proposal.contradictions),
        systems_part=int(parting is not None and bool(parting.yes or parting.fact)),
        options_undetermined=sum(option["status"] == "undetermined" for option in options),
        lesions=len(proposal.current_facts.get("liver_lesions") or []),
        restaged=int(proposal.is_restaged),
        beyond=quorum_rules_of(proposal.case.pathway).beyond(*offered_by(answer, proposal.system)),
    )


def complexities(cases: Iterable[Case]) -> dict[int, Complexity]:
    """Case id → what its newest proposal holds; a case without one has nothing to count. One query, and what is new."""
    cases = list(cases)
    newest: dict[int, tuple[int, datetime]] = {}
    rows = Proposal.objects.filter(case__in=cases).order_by("case_id", "-number")
    for case_id, *made in rows.values_list("case_id", "pk", "made_at"):
        newest.setdefault(case_id, tuple(made))
    return {case.pk: _counted(*newest[case.pk]) if case.pk in newest else Complexity() for case in cases}


def needs_of(case: Case, complexity: Complexity, in_team: Collection[str], *, is_sealed: bool = False) -> Needs:
    """Minutes by the house rules, disciplines by the quorum of the case; `in_team` are the team's disciplines.

    Of a sealed case neither what was counted is told, nor whom its options ask for.
    """
    rules = house_rules()
    added = []
    for addition in rules.additions:
        count = getattr(complexity, addition.what)
        minutes = addition.minutes_for(count)
        if minutes:
            added.append((minutes, addition.what, count))
    added.sort(key=lambda entry: -entry[0])
    minutes = ceil(rules.base + sum(entry[0] for entry in added))
    needed, minutes = quorum_of(case.pathway), max(rules.least, min(rules.most, minutes))
    if is_sealed:
        return Needs(minutes, (), needed, perhaps=tuple(one for one in perhaps_needed(case) if one in in_team))
    return Needs(
        minutes=minutes,
        counts=tuple((what, count) for _minutes, what, count in added),
        disciplines=(*needed, *(one for one in complexity.beyond if one in in_team)),
        not_in_team=tuple(one for one in complexity.beyond if one not in in_team),
    )


def _in_words(what: str, count: int) -> str:
    addition = next(entry for entry in house_rules().additions if entry.what == what)
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    label = addition.label.get(language) or addition.label["en"]
    return label if addition.is_yes_or_no else f"{count} {label}"
