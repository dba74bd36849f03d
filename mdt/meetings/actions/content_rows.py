"""The rows of a new version of a decision, and what it takes over from the version before."""

from django.utils import timezone

from mdt.meetings.actions.content import Content
from mdt.meetings.models import ChosenOption, Decision, DecisionCondition, Dissent, NextStep, RejectedOption
from mdt.meetings.models.dissent import OWN_WORDS
from mdt.meetings.shown import Shown
from mdt.people.models import User


def write_parts(*, decision: Decision, content: Content, shown: Shown, by: User) -> None:
    """The rows that belong to a new decision, written down by `by`."""
    for rank, choice in enumerate(content.options, start=1):
        ChosenOption.objects.create(
            decision=decision,
            rank=rank,
            option=choice.option,
            detail=choice.detail.strip(),
            **_as_offered(shown, choice.option),
        )
    for rejection in content.rejected:
        RejectedOption.objects.create(
            decision=decision,
            option=rejection.option,
            reason=rejection.reason,
            reason_text=rejection.words.strip(),
            **_as_offered(shown, rejection.option),
        )
    for disagreement in content.dissents:
        Dissent.objects.create(
            decision=decision,
            person=disagreement.person,
            category=disagreement.category,
            reason=disagreement.reason.strip(),
            entered_by=by,
            said_at=timezone.now(),
        )
    for step in content.next_steps:
        NextStep.objects.create(decision=decision, what=step.what.strip(), owner=step.owner, due_on=step.due_on)
    _write_conditions(decision, content)
    if decision.supersedes_id is not None:
        _carry_own_words(decision)


def _as_offered(shown: Shown, option: str) -> dict[str, object]:
    """Wording and rating of an option as the meeting saw them."""
    offered = shown.options.get(option)
    return {"label": offered.label if offered else {}, "proposed_status": offered.status if offered else ""}


def _write_conditions(decision: Decision, content: Content) -> None:
    for rank, row in enumerate(content.condition_rows, start=1):
        DecisionCondition.objects.create(
            decision=decision,
            rank=rank,
            trigger=row.trigger,
            what=row.what.strip(),
            fact=row.fact,
            review_on=row.review_on,
            branches=[
                {"if": branch.found.strip(), "then": branch.then.strip(), "option": branch.option}
                for branch in row.branches
            ],
        )


def _carry_own_words(decision: Decision) -> None:
    """Members who disagreed by themselves with the version before, and did not take it back, still do."""
    standing = decision.supersedes.dissents.filter(OWN_WORDS, withdrawal__isnull=True)
    for dissent in standing:
        Dissent.objects.create(
            decision=decision,
            person_id=dissent.person_id,
            category=dissent.category,
            reason=dissent.reason,
            entered_by_id=dissent.entered_by_id,
            said_at=dissent.said_at,
            carried_from=dissent,
        )
