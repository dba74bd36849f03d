"""Reads of the event log: pages that cost the same at any depth, and the stream of an export."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from django.db.models import Q, QuerySet

from cases.models import Case
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with

PAGE_SIZE = 50
Narrow = Callable[[QuerySet[Event]], QuerySet[Event]]


def last_check() -> Event | None:
    """The last check of the whole log: its line says how far it was whole, and what was wrong."""
    return Event.objects.filter(kind=Kind.EVENTS_VERIFIED).order_by("-number").first()


@dataclass(frozen=True)
class Page:
    """Lines, newest first, and the numbers from which the neighbouring pages start (None: there is none)."""

    events: list[Event]
    older_than: int | None
    newer_than: int | None


def readable_teams(user: User) -> list[Team]:
    """The teams whose log this person may read."""
    return list(Team.objects.filter(pk__in=teams_with(user, Permission.EVENT_VIEW)))


def page(teams: list[Team], narrow: Narrow, *, before: int | None = None, after: int | None = None) -> Page:
    """One page of the log of these teams together with the lines of no team.

    Each team is read by its own index and the results are merged, so that a small team does not wait for the lines of
    a large one to be skipped. `before` and `after` are line numbers.
    """
    forwards = after is not None
    slices = [_slice(team.pk if team else None, narrow, before, after) for team in [*teams, None]]
    found = list(islice(merge(*slices, key=lambda event: event.number, reverse=not forwards), PAGE_SIZE + 1))
    has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if forwards:
        found.reverse()
    has_older, has_newer = (True, has_more) if forwards else (has_more, before is not None)
    return Page(
        events=found,
        older_than=found[-1].number if found and has_older else None,
        newer_than=found[0].number if found and has_newer else None,
    )


def case_page(reference: str, *, changes_only: bool, before: int | None = None) -> Page:
    """One page of the log of a case, newest first, from the index of the case."""
    events = Event.objects.filter(case_reference=reference).select_related("by", "team").order_by("-number")
    events = events.writes() if changes_only else events
    found = list((events.filter(number__lt=before) if before is not None else events)[: PAGE_SIZE + 1])
    return Page(
        events=found[:PAGE_SIZE],
        older_than=found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None,
        newer_than=None,
    )


def _slice(team_id: int | None, narrow: Narrow, before: int | None, after: int | None) -> list[Event]:
    events = Event.objects.filter(team_id=team_id) if team_id else Event.objects.filter(team__isnull=True)
    events = narrow(events).select_related("by", "team")
    if after is not None:
        return list(events.filter(number__gt=after).order_by("number")[: PAGE_SIZE + 1])
    if before is not None:
        events = events.filter(number__lt=before)
    return list(events.order_by("-number")[: PAGE_SIZE + 1])


class Echo:
    """A file that hands back what is written to it, so that each row of a table can be sent at once."""

    def write(self, value: str) -> str:
        return value


COLUMNS = ("number", "at", "username", "person", "team", "case", "kind", "subject", "data", "digest")


def csv_lines(teams: list[Team], narrow: Narrow) -> Iterator[str]:
    """The log as CSV, oldest first, a line at a time; memory stays constant."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)  # the mark makes spreadsheets read Chinese names as UTF-8
    people = {person.pk: (person.username, person.display_name) for person in User.objects.all()}
    codes = {team.pk: team.code for team in teams}
    events = narrow(Event.objects.filter(Q(team__in=teams) | Q(team__isnull=True))).order_by("number")
    rows = events.values_list("number", "at", "by_id", "team_id", "case_reference", "kind", "subject", "data", "digest")
    restricted = set(Case.objects.filter(is_restricted=True).order_by().values_list("reference", flat=True))
    for number, at, by, team, case, kind, subject, data, digest in rows.iterator(chunk_size=1000):
        username, name = people.get(by, ("", ""))
        data = {"restricted": True} if case in restricted else data
        details = json.dumps(data, ensure_ascii=False, sort_keys=True)
        cells = (username, name, codes.get(team, ""), case, kind, subject, details, digest)
        yield writer.writerow([number, at.isoformat(), *(harmless(cell) for cell in cells)])


FORMULA = "=+-@\t\r\n＝＋－＠"
"""What a formula begins with; a Chinese spreadsheet takes the wide forms, too (OWASP, CSV Injection)."""


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is made text."""
    return f"'{cell}" if cell and cell[0] in FORMULA else cell
