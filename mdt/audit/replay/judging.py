"""Past decisions judged by the rules of a run: would they have been called deviations? Reads only.

What the meeting saw and chose stays as it is; only the proposal is another one. Where the run's rules answer a snapshot
as it was answered, the decision stands to it as it stood. Where they answer otherwise, the verdict is found anew by the
meeting's own rule, and the options are rated anew under the other type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from cases.models import FactRecord
from cases.replaying import Question, archive_of, facts_by_id, layout_of
from classification import FactError, load_rulebook
from classification.outcome import Outcome
from classification.replay_many import Tally, replay_records
from mdt.audit.rows.models import AuditRow
from mdt.meetings.actions.content import Content, verdict_on
from mdt.meetings.concordance import Concordance, concordance_of
from mdt.meetings.models import Decision
from mdt.meetings.shown import OTHER_OPTION, Shown, offered_by

DEVIATIONS = (Concordance.WITH_REASON, Concordance.WITHOUT_REASON)
UNANSWERED = ""
"""Stands for the new concordance where the rules have no answer, or the meeting saw no proposal."""


class Taken(NamedTuple):
    """One past decision with the snapshot that its meeting saw, in the order of the columns of `read_decisions`."""

    item: int
    decision: int
    concordance: str
    proposal: int | None
    record: bytes | None
    system: str | None
    possible: str | None
    provisional: str | None


@dataclass(frozen=True)
class Judged:
    """How a decision stands to what the rules of a run propose; `after` "" where that cannot be said."""

    decision: int
    before: str
    after: str
    proposed: str = ""
    option_status: str = ""


def is_judged_by(question: Question) -> bool:
    """Whether decisions name categories of this scheme: only the one that leads the pathway."""
    rules = load_rulebook().pathways.get(question.pathway)
    return rules is not None and rules.schemes[0] == question.scheme


def decisions_behind(question: Question, team_id: int) -> int:
    """How many past decisions of a team a run would judge."""
    return _decided(question.pathway, team_id).count()


def _decided(pathway: str, team_id: int):
    return AuditRow.objects.filter(team_id=team_id, pathway=pathway, ended=AuditRow.Ended.DECIDED)


def read_decisions(question: Question, *, team_id: int, after: int, size: int) -> list[Taken]:
    """The next decided agenda items behind `after`, by one cursor over narrow tables."""
    row, decision, record = (
        connection.ops.quote_name(model._meta.db_table) for model in (AuditRow, Decision, FactRecord)
    )
    sql = f"""
        SELECT a.item_id, a.decision_id, a.concordance, d.proposal_id, CASE WHEN r.layout = %s THEN r.record END,
               r.system, r.types_possible, r.types_provisional
        FROM {row} a JOIN {decision} d ON d.id = a.decision_id LEFT JOIN {record} r ON r.proposal_id = d.proposal_id
        WHERE a.team_id = %s AND a.pathway = %s AND a.ended = %s AND a.item_id > %s ORDER BY a.item_id LIMIT %s
    """
    layout = layout_of(question.pathway).digest
    with connection.cursor() as cursor:
        cursor.execute(sql, [layout, team_id, question.pathway, AuditRow.Ended.DECIDED, after, size])
        return [Taken(*row) for row in cursor.fetchall()]


def judge(question: Question, taken: Sequence[Taken]) -> Iterator[Judged]:
    """Each of these decisions under the question's rules. Raises what `Question.asked` raises."""
    changed, refused = _answers(question, taken)
    anew = [each for each in taken if each.proposal in changed]
    rows = _rows(each.decision for each in anew)
    facts = facts_by_id([each.proposal for each in anew])
    for each in taken:
        if each.proposal is None or each.proposal in refused:
            yield Judged(each.decision, each.concordance, UNANSWERED)
        elif each.proposal in changed:
            yield _judged_anew(question, each, changed[each.proposal], rows[each.decision], facts[each.proposal])
        else:
            yield Judged(each.decision, each.concordance, each.concordance)


def _answers(question: Question, taken: Sequence[Taken]) -> tuple[dict[int, tuple[str, str]], set[int]]:
    """Proposal → possible and provisional categories where they are others now; and those without an answer."""
    asked: list[int] = []

    def facts_of(ids: Sequence[int]) -> Mapping[int, tuple[dict, dict | None]]:
        asked.extend(ids)
        return facts_by_id(ids)

    seen: dict[int, tuple] = {}
    for each in taken:
        if each.proposal is not None:
            # what another scheme answered then is no answer to compare with: it differs, whatever it was
            is_same = each.system == question.scheme
            old = (each.possible, each.provisional) if is_same else ("?", "?")
            seen[each.proposal] = (each.proposal, each.record, *old)
    changes = replay_records(archive_of(question), [list(seen.values())], facts_of, Tally())
    found = {row.id: (row.new_possible, row.new_provisional) for rows in changes for row in rows}
    doubtful = [pk for pk in asked if pk not in found]  # answered one at a time: the same as then, or not at all
    facts = facts_by_id(doubtful)
    return found, {pk for pk in doubtful if not _is_answered(question, *facts[pk])}


def _is_answered(question: Question, facts: dict, restaging: dict | None) -> bool:
    try:
        Outcome(question.rules, facts, None, restaging)
    except FactError:
        return False
    return True


def _rows(decisions) -> dict[int, Decision]:
    ids, found = list(decisions), {}
    for start in range(0, len(ids), 500):  # SQLite takes only so many parameters
        own = Decision.objects.prefetch_related("options", "condition_rows").filter(pk__in=ids[start : start + 500])
        found |= {row.pk: row for row in own}
    return found


def _judged_anew(
    question: Question, taken: Taken, answer: tuple[str, str], decision: Decision, facts: tuple[dict, dict | None]
) -> Judged:
    possible, proposed = offered_by(answer[0].split(), answer[1].split())
    categories = [category.id for category in question.asked.categories]
    shown = Shown(question.pathway, categories, possible, proposed, {})
    options = list(decision.options.all())
    statuses = _ratings(question, options, *facts)
    after = concordance_of(
        verdict=verdict_on(shown, Content(category=decision.category)),
        proposed_statuses=statuses,
        has_reason=bool(decision.reason and decision.reason_text),
        has_condition=bool(decision.conditions.strip() or decision.condition_rows.all()),
        is_assumed=len(possible) > 1 and bool(proposed),
    )
    return Judged(taken.decision, taken.concordance, after or UNANSWERED, proposed, statuses[0] if statuses else "")


def _ratings(question: Question, options: Sequence[Any], facts: dict, restaging: dict | None) -> list[str]:
    """How the chosen options are rated under the other type, in the meeting's order; "" for the meeting's own."""
    weighed = Outcome(question.rules, facts, None, restaging).options
    statuses = {each.option.id: each.status for each in weighed}
    return ["" if option.option == OTHER_OPTION else statuses.get(option.option, "") for option in options]
