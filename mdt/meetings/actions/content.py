"""What a decision says, and whether it may be said:

Checked here for the first record and for every amendment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.actions import ActionError
from cases.models import Proposal
from mdt.meetings.actions.meetings import refuse_stranger
from mdt.meetings.models import ChosenOption, Decision, Dissent, NextStep
from mdt.meetings.shown import OTHER_OPTION, Shown, shown_by
from mdt.people.models import Team, User

MOST_OPTIONS, MOST_DISSENTS, MOST_STEPS = 12, 20, 20


class Refused(ActionError):
    """Content that cannot be recorded.

    `field` is the form field beside which the message belongs, "" for none.
    """

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Choice:
    """An option chosen: its id in the proposal, or "other" with the words in `detail`."""

    option: str
    detail: str = ""


@dataclass(frozen=True)
class Disagreement:
    """A member who sees it differently, and why; `category` is the one they would give, if they said so."""

    person: User
    reason: str
    category: str = ""


@dataclass(frozen=True)
class Step:
    """Who does what by when."""

    what: str
    owner: User
    due_on: date


@dataclass(frozen=True)
class Content:
    """All that the meeting says about a case. `options` stand in the order of preference.

    A deferred case has no category; it, and a category that departs from the proposal, need `reason` (one of
    Decision.Reason) and `reason_text`. `quorum_reason` is kept only where the quorum is missing.
    """

    category: str = ""
    is_deferred: bool = False
    reason: str = ""
    reason_text: str = ""
    intent: str = ""
    options: Sequence[Choice] = ()
    conditions: str = ""
    rationale: str = ""
    responsible: User | None = None
    dissents: Sequence[Disagreement] = ()
    next_steps: Sequence[Step] = ()
    quorum_reason: str = ""


def verdict_on(shown: Shown, content: Content) -> str:
    """How the category stands to the proposal.

    Confirmed: the one that was proposed. Settled: the proposal was open and left this category possible.
    Changed: any other, also one that the rules had excluded.
    """
    if content.is_deferred:
        return Decision.Verdict.DEFERRED
    if shown.proposed:
        return Decision.Verdict.CONFIRMED if content.category == shown.proposed else Decision.Verdict.CHANGED
    return Decision.Verdict.SETTLED if content.category in shown.possible else Decision.Verdict.CHANGED


def check_content(*, content: Content, proposal: Proposal, team: Team) -> str:
    """The verdict. Raises Refused, naming the field, where the content cannot be recorded."""
    shown = shown_by(proposal)
    _check_lengths(content)
    if content.is_deferred and content.category:
        raise Refused(_("A deferred case has no category."), "category")
    if not content.is_deferred:
        _check_decided(content, shown)
    verdict = verdict_on(shown, content)
    if content.reason and content.reason not in Decision.Reason.values:
        raise Refused(_("This reason is not known."), "reason")
    if verdict in (Decision.Verdict.CHANGED, Decision.Verdict.DEFERRED):
        if not content.reason:
            raise Refused(_("Choose the reason for departing from the proposal, or for deferring."), "reason")
        if not content.reason_text.strip():
            raise Refused(_("Give the reason in words."), "reason_text")
    if content.intent and content.intent not in Decision.Intent.values:
        raise Refused(_("This intent is not known."), "intent")
    _check_options(content, shown)
    for disagreement in content.dissents:
        if not disagreement.reason.strip():
            raise Refused(_("Give the reason for the dissent."), "dissents")
        if disagreement.category and disagreement.category not in shown.choices:
            raise Refused(_("The category of the dissent is not one of this pathway."), "dissents")
    if any(not step.what.strip() for step in content.next_steps):
        raise Refused(_("Say what is to be done."), "next_steps")
    refuse_stranger(
        team,
        content.responsible,
        *(row.person for row in content.dissents),
        *(row.owner for row in content.next_steps),
    )
    return verdict


def _check_decided(content: Content, shown: Shown) -> None:
    if not content.category:
        raise Refused(_("Choose a category, or defer the case."), "category")
    if content.category not in shown.choices:
        raise Refused(_("This category is not one of this pathway."), "category")
    if not content.options:
        raise Refused(_("Choose at least one option."), "options")
    if not content.intent:
        raise Refused(_("Choose the intent of the treatment."), "intent")
    if content.responsible is None:
        raise Refused(_("Name who is responsible for carrying the decision out."), "responsible")


def _check_options(content: Content, shown: Shown) -> None:
    known = [choice.option for choice in content.options if choice.option != OTHER_OPTION]
    if len(set(known)) != len(known):
        raise Refused(_("An option is chosen twice."), "options")
    for choice in content.options:
        if choice.option == OTHER_OPTION and not choice.detail.strip():
            raise Refused(_("Say in words which other option is meant."), "other")
        if choice.option != OTHER_OPTION and choice.option not in shown.options:
            raise Refused(_("An option is not among those that the proposal offers."), "options")


def _check_lengths(content: Content) -> None:
    def check(model, name: str, text: str, field: str = "") -> None:
        limit = model._meta.get_field(name).max_length
        if len(text) > limit:
            raise Refused(
                _("This text is too long: at most %(limit)d characters.") % {"limit": limit}, field or name
            )

    for name in ("reason_text", "conditions", "rationale", "quorum_reason"):
        check(Decision, name, getattr(content, name))
    for choice in content.options:
        check(ChosenOption, "detail", choice.detail, "other")
    for disagreement in content.dissents:
        check(Dissent, "reason", disagreement.reason, "dissents")
    for step in content.next_steps:
        check(NextStep, "what", step.what, "next_steps")
    for name, rows, most in (
        ("options", content.options, MOST_OPTIONS),
        ("dissents", content.dissents, MOST_DISSENTS),
        ("next_steps", content.next_steps, MOST_STEPS),
    ):
        if len(rows) > most:
            raise Refused(_("At most %(most)d entries.") % {"most": most}, name)


def write_parts(*, decision: Decision, content: Content, shown: Shown) -> None:
    """The rows that belong to a new decision: chosen options, dissents, next steps."""
    for rank, choice in enumerate(content.options, start=1):
        offered = shown.options.get(choice.option)
        ChosenOption.objects.create(
            decision=decision,
            rank=rank,
            option=choice.option,
            detail=choice.detail.strip(),
            label=offered.label if offered else {},
            proposed_status=offered.status if offered else "",
        )
    for disagreement in content.dissents:
        Dissent.objects.create(
            decision=decision,
            person=disagreement.person,
            category=disagreement.category,
            reason=disagreement.reason.strip(),
        )
    for step in content.next_steps:
        NextStep.objects.create(
            decision=decision, what=step.what.strip(), owner=step.owner, due_on=step.due_on
        )
