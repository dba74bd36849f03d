"""What a decision says, as plain values: filled by the desk, checked in content_rules, stored by content_rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cases.actions import ActionError
from mdt.meetings.models import Decision
from mdt.meetings.shown import OTHER_OPTION, Shown
from mdt.people.models import User

DEPARTING = (Decision.Verdict.CHANGED, Decision.Verdict.DEFERRED)


class Refused(ActionError):
    """Content that cannot be recorded.

    `field` is the form field beside which the message belongs, "" for none; `row` the option it is about.
    """

    def __init__(self, message: str, field: str = "", row: str = ""):
        super().__init__(message)
        self.field, self.row = field, row


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
class Rejection:
    """An option considered and not chosen: its id in the proposal, why (RejectedOption.Reason), and in words."""

    option: str
    reason: str
    words: str = ""


@dataclass(frozen=True)
class Branch:
    """What is done if the condition turns out so; `option` is the id of an option, or empty."""

    found: str
    then: str
    option: str = ""


@dataclass(frozen=True)
class Condition:
    """What is looked at again, by which day at the latest, and what then. `fact`: the result that is waited for."""

    what: str
    trigger: str
    review_on: date
    branches: Sequence[Branch] = ()
    fact: str = ""


@dataclass(frozen=True)
class Content:
    """All that the meeting says about a case. `options` stand in the order of preference.

    A deferred case has no category; it, and a category that departs from the proposal, need `reason` (one of
    Decision.Reason) and `reason_text`. `quorum_reason` is kept only where the quorum is missing. `checklist` maps
    Decision.Check to Decision.Answer; an item that nobody answered is left out.
    """

    category: str = ""
    is_deferred: bool = False
    reason: str = ""
    reason_text: str = ""
    intent: str = ""
    options: Sequence[Choice] = ()
    rejected: Sequence[Rejection] = ()
    checklist: Mapping[str, str] = field(default_factory=dict)
    preference: str = ""
    comorbidity: str = ""
    conditions: str = ""
    condition_rows: Sequence[Condition] = ()
    rationale: str = ""
    responsible: User | None = None
    dissents: Sequence[Disagreement] = ()
    next_steps: Sequence[Step] = ()
    quorum_reason: str = ""


def departs(shown: Shown, content: Content) -> bool:
    """Whether the meeting goes another way than was proposed, and owes a reason, chosen and in words.

    Another category, a deferral, or a first option that the pathway advises against or did not list.
    """
    return verdict_on(shown, content) in DEPARTING or departs_in_option(shown, content)


def departs_in_option(shown: Shown, content: Content) -> bool:
    """Whether the option that the meeting put first is its own, or one that the pathway advises against."""
    first = content.options[0].option if content.options and not content.is_deferred else None
    return first == OTHER_OPTION or first in shown.rejected


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
