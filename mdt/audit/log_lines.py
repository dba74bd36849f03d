"""Lines of the event log as its pages show them: who, what, when, the details in words, and the raw form in a fold."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from cases.models import Case
from mdt.audit.event_details import details_of, row_in_words
from mdt.audit.sentences import CALLS_PEOPLE, sentence
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people.models import User


@dataclass(frozen=True)
class Line:
    """One event with its words. `raw`: everything that the line holds, under the names that the log itself uses; of a
    sealed case without what the rules propose."""

    event: Event
    who: str
    sentence: str
    details: list[tuple[str, str]]
    row: str
    raw: list[tuple[str, str]]
    case_url: str


def _raw(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_raw(item) for item in value) or "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_raw(item)}" for name, item in value.items()) or "–"
    return "–" if value in (None, "") else str(value)


def names_in(events: Iterable[Event]) -> dict[str, str]:
    """Names of the people whom these lines call by their sign-in name, asked for once."""
    said = (event.data.get(name) for event in events for name in CALLS_PEOPLE)
    called = {value for value in said if isinstance(value, str)}
    return {person.username: person.display_name for person in User.objects.filter(username__in=called)}


TELLING = ("possible", "provisional")
"""Parts of a line that say what the rules propose."""


def sealed_among(events: Iterable[Event]) -> set[str]:
    """References of the cases of these lines that are sealed now: of them no page tells the proposal unasked."""
    called = {event.case_reference for event in events if event.kind == Kind.PROPOSAL_MADE}
    return set(Case.objects.filter(reference__in=called, is_sealed=True).order_by().values_list("reference", flat=True))


def without_proposal(event: Event) -> Event:
    """The line for reading, never to be saved: its sentence is then that of its kind."""
    shown = copy(event)
    shown.data = {name: value for name, value in event.data.items() if name not in TELLING}
    return shown


def line_of(event: Event, names: Mapping[str, str]) -> Line:
    """An event ready to be shown."""
    who = event.by.display_name if event.by else gettext("System")
    if event.kind == Kind.SIGN_IN_FAILED:
        who = gettext("Somebody")
    url = reverse("case-events", args=[event.case_reference]) if event.case_reference else ""
    raw = [(name, _raw(value)) for name, value in event.data.items()]
    if event.subject:
        raw.append(("subject", event.subject))
    row = row_in_words(event.subject) if event.subject else ""
    return Line(event, who, sentence(event, names), details_of(event, names), row, raw, url)


def by_day(events: list[Event]) -> list[tuple[date, list[Line]]]:
    """Lines under the day on which they were written, in the order given."""
    names, sealed = names_in(events), sealed_among(events)
    events = [without_proposal(event) if event.case_reference in sealed else event for event in events]
    return [
        (day, [line_of(event, names) for event in group])
        for day, group in groupby(events, key=lambda event: timezone.localdate(event.at))
    ]


def is_out_of_time(events: Iterable[Event]) -> bool:
    """Whether lines that were written later say an earlier time: the synthetic year was, with its days set back."""
    return any(later.at < earlier.at for later, earlier in pairwise(events))
