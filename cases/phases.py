"""What was stated of a case, first staging and restaging reconciled apart, as classification.classify takes them.

A finding belongs to the first staging or to one restaging. The newest restaging is what holds now; of all that was
said before it, only what treatment cannot change holds with it (`carries_over` in the vocabulary).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.models import Case
from classification import Fact, FactError, Pathway, Reconciled, Statement, reconcile

Facts = dict[str, Any]


@dataclass(frozen=True)
class Phases:
    """`facts` and `restaging` are the arguments of classify; `restaging` is None without one.

    `first` is what was said of the first staging, `now` of the newest restaging with what carries over, None without
    one. `own` names the facts that the newest restaging stated itself.
    """

    facts: Facts
    restaging: Facts | None
    first: Reconciled
    now: Reconciled | None
    own: frozenset[str]

    @property
    def current(self) -> Reconciled:
        """What the next meeting is about: readiness and ages go by it."""
        return self.first if self.now is None else self.now


def statements_of(case: Case) -> dict[int | None, list[Statement]]:
    """Every fact of every current finding with its source, oldest first, by restaging; None: the first staging."""
    found: dict[int | None, list[Statement]] = {None: []}
    for finding in case.findings.current().select_related("recorded_by").order_by("id"):
        found.setdefault(finding.restaging_id, []).extend(
            Statement(
                fact=fact,
                value=value,
                discipline=finding.discipline,
                on=finding.examined_on,
                by=str(finding.recorded_by),
                recorded_at=finding.recorded_at.isoformat(),
                source=finding.pk,
            )
            for fact, value in finding.facts.items()
        )
    return found


def phases_of(case: Case, pathway: Pathway, on: date) -> Phases:
    """Reconcile the statements of each phase, as of the day `on`, and add what follows from the patient's record.

    Findings of the first staging that say of themselves that they were made after treatment began leave nothing to
    keep apart: then there is one set of facts, the newest, and no type at presentation.
    """
    stated = statements_of(case)
    restagings = list(case.restagings.order_by("number"))
    if not restagings:
        first = reconcile(stated[None], pathway, on)
        return Phases(with_record(case, pathway, first.facts, on), None, first, None, frozenset())
    first = reconcile(stated[None], pathway)  # what was found once does not age
    own = stated.get(restagings[-1].pk, [])
    names = frozenset(statement.fact for statement in own)
    earlier = [statement for restaging in restagings[:-1] for statement in stated.get(restaging.pk, [])]
    later = [*own, *_carried(earlier, pathway, names)]
    known_later = {statement.fact for statement in later}
    now = reconcile([*later, *_carried(stated[None], pathway, known_later)], pathway, on)
    if first.facts.get(pathway.baseline_fact) is False:
        facts = {pathway.baseline_fact: False, **now.facts}
        return Phases(with_record(case, pathway, facts, on), None, now, None, frozenset())
    facts = with_record(case, pathway, first.facts, case.referred_on)
    restaging = {fact: value for fact, value in now.facts.items() if fact in known_later}
    return Phases(facts, with_record(case, pathway, restaging, on), first, now, names)


def _carried(statements: Iterable[Statement], pathway: Pathway, known: Iterable[str]) -> list[Statement]:
    """Earlier statements that still hold, about facts of which nothing newer is `known`."""
    return [
        statement
        for statement in statements
        if statement.fact not in known and pathway.facts[statement.fact].carries_over
    ]


def with_record(case: Case, pathway: Pathway, facts: Facts, on: date) -> Facts:
    """Facts, with those that follow from the patient's record where nobody stated them: the age on that day."""
    age = case.patient.age_on(on)
    names = [name for name, fact in pathway.facts.items() if fact.record == "age_years" and name not in facts]
    return {**facts, **{name: age for name in names if _is_allowed(pathway.facts[name], age)}}


def _is_allowed(fact: Fact, value: Any) -> bool:
    """A date of birth with a slip of the pen gives no age rather than no answer."""
    try:
        fact.parse(value)
    except FactError:
        return False
    return True
