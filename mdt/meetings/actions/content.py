"""What a decision says, and whether it may be said:

Checked here for the first record and for every amendment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.meetings.actions.meetings import refuse_stranger
from mdt.meetings.models import ChosenOption, Decision, Dissent, Meeting, NextStep
from mdt.meetings.shown import OTHER_OPTION, Shown
from mdt.people.models import User

MOST_ROWS = {"options": 12, "dissents": 20, "next_steps": 20}
DECISION_TEXTS = ("reason_text", "conditions", "rationale", "quorum_reason")
DEPARTING = (Decision.Verdict.CHANGED, Decision.Verdict.DEFERRED)


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


def problems_of(content: Content, shown: Shown) -> Iterator[Refused]:
    """Everything that forbids recording this content, each with its field; nothing when it may be recorded."""
    yield from _too_long(content)
    if content.is_deferred:
        if content.category:
            yield Refused(_("A deferred case has no category."), "category")
    else:
        yield from _undecided(content, shown)
    if content.reason and content.reason not in Decision.Reason.values:
        yield Refused(_("This reason is not known."), "reason")
    decided = content.is_deferred or content.category in shown.choices
    if decided and verdict_on(shown, content) in DEPARTING:
        if not content.reason:
            yield Refused(_("Choose the reason for departing from the proposal, or for deferring."), "reason")
        if not content.reason_text.strip():
            yield Refused(_("Give the reason in words."), "reason_text")
    if content.intent and content.intent not in Decision.Intent.values:
        yield Refused(_("This intent is not known."), "intent")
    yield from _bad_options(content, shown)
    for disagreement in content.dissents:
        if not disagreement.reason.strip():
            yield Refused(_("Give the reason for the dissent."), "dissents")
        if disagreement.category and disagreement.category not in shown.choices:
            yield Refused(_("The category of the dissent is not one of this pathway."), "dissents")
    if any(not step.what.strip() for step in content.next_steps):
        yield Refused(_("Say what is to be done."), "next_steps")


def refuse_early(earliest: date) -> str:
    """What is said to a next step that is due before `earliest`."""
    return _("A next step cannot be due before %(day)s.") % {"day": date_format(earliest)}


def check_content(*, content: Content, shown: Shown, meeting: Meeting) -> str:
    """The verdict. Raises Refused where the content cannot be recorded, ActionError for a person of another team."""
    for problem in problems_of(content, shown):
        raise problem
    earliest, team = meeting.earliest_step, meeting.team
    if any(step.due_on < earliest for step in content.next_steps):
        raise Refused(refuse_early(earliest), "next_steps")
    dissenters = [disagreement.person for disagreement in content.dissents]
    refuse_stranger(team, content.responsible, *dissenters, *(step.owner for step in content.next_steps))
    return verdict_on(shown, content)


def _undecided(content: Content, shown: Shown) -> Iterator[Refused]:
    if not content.category:
        yield Refused(_("Choose a category, or defer the case."), "category")
    elif content.category not in shown.choices:
        yield Refused(_("This category is not one of this pathway."), "category")
    if not content.options:
        yield Refused(_("Choose at least one option."), "options")
    if not content.intent:
        yield Refused(_("Choose the intent of the treatment."), "intent")
    if content.responsible is None:
        yield Refused(_("Name who is responsible for carrying the decision out."), "responsible")


def _bad_options(content: Content, shown: Shown) -> Iterator[Refused]:
    known = [choice.option for choice in content.options if choice.option != OTHER_OPTION]
    if len(set(known)) != len(known):
        yield Refused(_("An option is chosen twice."), "options")
    for choice in content.options:
        if choice.option == OTHER_OPTION and not choice.detail.strip():
            yield Refused(_("Say in words which other option is meant."), "other")
        if choice.option != OTHER_OPTION and choice.option not in shown.options:
            yield Refused(_("An option is not among those that the proposal offers."), "options")


def _too_long(content: Content) -> Iterator[Refused]:
    texts = [(Decision, name, getattr(content, name), name) for name in DECISION_TEXTS]
    texts += [(ChosenOption, "detail", choice.detail, "other") for choice in content.options]
    texts += [(Dissent, "reason", disagreement.reason, "dissents") for disagreement in content.dissents]
    texts += [(NextStep, "what", step.what, "next_steps") for step in content.next_steps]
    for model, name, text, field in texts:
        limit = model._meta.get_field(name).max_length
        if len(text) > limit:
            yield Refused(_("This text is too long: at most %(limit)d characters.") % {"limit": limit}, field)
    for name, most in MOST_ROWS.items():
        if len(getattr(content, name)) > most:
            yield Refused(_("At most %(most)d entries.") % {"most": most}, name)


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
        NextStep.objects.create(decision=decision, what=step.what.strip(), owner=step.owner, due_on=step.due_on)
