"""The queue: all open cases of a person's teams, what waits for them first, in pages that cost the same at any depth.

Cases come in groups (mine, in preparation, listed, after the meeting); inside a group by target date and row id. A page
starts after a key (group, target date, id) and is found by index, so that page 1,000 is as fast as page 1 and nothing
is skipped or shown twice while others work. Only typed columns are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from heapq import merge
from itertools import combinations, islice

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.models import Case, Urgency, Waiting
from cases.reasoning import categories_of, pathways_in_use
from mdt.people.disciplines import Discipline
from mdt.people.models import Role, User
from mdt.people.permissions import Permission, roles_by_team, teams_with

PAGE_SIZE = 25
COUNT_LIMIT = 1000
AFTER_MEETING = (Case.State.DECIDED, Case.State.SIGNED)
# The columns that a row of the table shows; long texts stay in the database.
SHOWN = [
    *("reference", "question", "urgency", "referred_on", "target_on", "state", "team_id", "pathway", "is_ready"),
    *(
        "is_disputed",
        "readiness",
        "to_confirm",
        "types_possible",
        "types_provisional",
        "type_confirmed",
        "liver",
        "meets_at",
    ),
    *("is_sealed", "came_back_for"),
    *("patient__name", "patient__sex", "patient__born_on"),
]
KEY = re.compile(r"([0-4])\.(\d{4})(\d{2})(\d{2})\.(\d{1,18})", re.ASCII)


def categories_by_pathway() -> dict[str, tuple[str, ...]]:
    """The categories by which the queue is filtered, of every pathway in use."""
    return {pathway: categories_of(pathway) for pathway in pathways_in_use()}


@cache
def _texts_with(category: str, every: tuple[tuple[str, ...], ...]) -> list[str]:
    """Every text of the column types_possible that holds a category: an index finds these, and no pattern."""
    return [
        " ".join(some)
        for categories in every
        if category in categories
        for size in range(1, len(categories) + 1)
        for some in combinations(categories, size)
        if category in some
    ]


@dataclass(frozen=True, order=True)
class Key:
    """Place of a case in the queue."""

    group: int
    target_on: date
    case_id: int

    def __str__(self) -> str:
        return f"{self.group}.{self.target_on:%Y%m%d}.{self.case_id}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key written by str(); None for anything else (an old or broken link starts at the beginning)."""
        found = KEY.fullmatch(text)
        if found is None:
            return None
        group, year, month, day, case_id = map(int, found.groups())
        try:
            return cls(group, date(year, month, day), case_id)
        except ValueError:
            return None


@dataclass(frozen=True)
class Filters:
    """What the person asked to see. Values outside the choices are dropped, not trusted."""

    show: str = "open"
    whom: str = ""
    urgency: str = ""
    category: str = ""
    search: str = ""

    SHOWN = ("open", "mine", "preparing", "ready", "listed", "not_ready_listed", "after", "closed")

    @classmethod
    def from_query(cls, query) -> "Filters":
        def one_of(name: str, allowed) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        return cls(
            show=one_of("show", cls.SHOWN) or "open",
            whom=one_of("whom", Discipline.values),
            urgency=one_of("urgency", Urgency.values),
            category=one_of("category", {name for names in categories_by_pathway().values() for name in names}),
            search=query.get("q", "").replace("\x00", "").strip()[:80],
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the plain open queue is asked for."""
        return self != Filters()

    @property
    def is_filtered(self) -> bool:
        """Whether the cases of a segment are narrowed further."""
        return bool(self.whom or self.urgency or self.category or self.search)

    def condition(self) -> Q:
        """The filters that apply to a case whatever its group."""
        condition = Q()
        if self.whom:
            condition &= Exists(Waiting.objects.filter(case=OuterRef("pk"), whom=self.whom))
        if self.urgency:
            condition &= Q(urgency=self.urgency)
        if self.category:
            # Of a sealed case only what a meeting confirmed before: a filter that found it would tell its proposal.
            condition &= Q(type_confirmed=self.category) | Q(
                type_confirmed="",
                is_sealed=False,
                types_possible__in=_texts_with(self.category, tuple(categories_by_pathway().values())),
            )
        return condition

    def words(self) -> Q:
        """Every word of the search somewhere in name, numbers or question."""
        condition = Q()
        for word in self.search.split():
            condition &= Q(search_text__icontains=word)
        return condition


@dataclass(frozen=True)
class Page:
    """One page: groups in order with their cases, and the keys for the pages beside it."""

    groups: list[tuple[str, list[Case]]]
    following: Key | None
    preceding: Key | None


class Queue:
    """The queue as one person sees it."""

    GROUPS = ("mine", "preparing", "listed", "after", "closed")

    def __init__(self, user: User, filters: Filters):
        self.filters = filters
        self.teams = teams_with(user, Permission.CASE_VIEW)
        roles = roles_by_team(user)
        self.tokens = {
            team: sorted({user.discipline} - {""} | (roles[team] & {Role.CHAIR, Role.COORDINATOR}))
            for team in self.teams
        }
        self._found: Q | None = None

    # Segment → group → states of the cases shown. "mine" stands first whatever the state.
    STATES_OF_GROUP = {
        "preparing": (Case.State.REFERRED,),
        "listed": (Case.State.LISTED,),
        "after": AFTER_MEETING,
        "closed": (Case.State.CLOSED,),
    }
    GROUPS_OF_SEGMENT = {
        "open": ("mine", "preparing", "listed", "after"),
        "mine": ("mine",),
        "preparing": ("mine", "preparing"),
        "ready": ("mine", "preparing"),
        "listed": ("mine", "listed"),
        "not_ready_listed": ("mine", "listed"),
        "after": ("mine", "after"),
        "closed": ("closed",),
    }
    SEGMENTS = {
        "preparing": Q(state=Case.State.REFERRED, is_ready=False),
        "ready": Q(state=Case.State.REFERRED, is_ready=True),
        "listed": Q(state=Case.State.LISTED),
        "not_ready_listed": Q(state=Case.State.LISTED, is_ready=False),
        "after": Q(state__in=AFTER_MEETING),
        "closed": Q(state=Case.State.CLOSED),
    }

    def _sources(self, group: str) -> list[tuple[QuerySet, str]]:
        """The rows of a group, as query sets that one index serves each, with the name of the case id in them."""
        if group not in self.GROUPS_OF_SEGMENT[self.filters.show]:
            return []
        wanted = self.SEGMENTS.get(self.filters.show, Q()) & self.filters.condition() & self._matches()
        sources: list[tuple[QuerySet, str]] = []
        for team in self.teams:
            of_team = Case.objects.filter(wanted, team_id=team).unrestricted()
            if group == "mine":
                for token in self.tokens[team]:
                    rows = Waiting.objects.filter(team_id=team, whom=token)
                    sources.append((rows.filter(case__in=of_team) if self.filters.is_narrow else rows, "case_id"))
            else:
                mine = Exists(Waiting.objects.filter(case=OuterRef("pk"), whom__in=self.tokens[team]))
                sources += [(of_team.filter(~mine, state=state), "id") for state in self.STATES_OF_GROUP[group]]
        return sources

    def _matches(self) -> Q:
        """What is searched for, as row ids found once in the narrow search index; many matches are found on the way."""
        if not self.filters.search:
            return Q()
        if self._found is None:
            matching = Case.objects.of_teams(self.teams).filter(self.filters.words()).order_by()
            found = list(matching.values_list("pk", flat=True)[: COUNT_LIMIT + 1])
            self._found = Q(pk__in=found) if len(found) <= COUNT_LIMIT else self.filters.words()
        return self._found

    def _keys(self, group: int, start: Key | None, *, backwards: bool) -> Iterator[tuple[date, int]]:
        """(target date, id) of a group over all teams, from `start` on, in order (or in reverse order)."""
        ordered = [
            self._slice(rows, id_name, start, backwards=backwards)
            for rows, id_name in self._sources(self.GROUPS[group])
        ]
        previous = None
        for key in merge(*ordered, reverse=backwards):
            if key != previous:  # a case that waits for two of the reader's roles stands there once
                yield key
            previous = key

    @staticmethod
    def _slice(rows: QuerySet, id_name: str, start: Key | None, *, backwards: bool) -> list[tuple[date, int]]:
        if start is not None:
            way = "lt" if backwards else "gt"
            # The first condition alone bounds the index range; the second cuts exactly.
            rows = rows.filter(**{f"target_on__{way}e": start.target_on}).filter(
                Q(**{f"target_on__{way}": start.target_on})
                | Q(target_on=start.target_on, **{f"{id_name}__{way}": start.case_id})
            )
        sign = "-" if backwards else ""
        return list(
            rows.order_by(f"{sign}target_on", f"{sign}{id_name}").values_list("target_on", id_name)[: PAGE_SIZE + 2]
        )

    def page(self, *, after: Key | None = None, before: Key | None = None) -> Page:
        """The page after a key, or the page that ends before one; the first page without either."""
        backwards = before is not None
        start = before if backwards else after
        order = range(len(self.GROUPS))
        groups = reversed(range(start.group + 1)) if backwards else order if start is None else order[start.group :]
        keys: list[Key] = []
        for group in groups:
            inside = start if start is not None and start.group == group else None
            room = PAGE_SIZE + 1 - len(keys)
            keys += [Key(group, *key) for key in islice(self._keys(group, inside, backwards=backwards), room)]
            if len(keys) > PAGE_SIZE:
                break
        has_more, keys = len(keys) > PAGE_SIZE, keys[:PAGE_SIZE]
        if backwards:
            keys.reverse()
        more_after, more_before = (bool(keys), has_more) if backwards else (has_more, start is not None)
        return Page(
            groups=self._load(keys),
            following=keys[-1] if keys and more_after else None,
            preceding=keys[0] if keys and more_before else None,
        )

    def _load(self, keys: list[Key]) -> list[tuple[str, list[Case]]]:
        cases = Case.objects.select_related("patient").only(*SHOWN).in_bulk([key.case_id for key in keys])
        groups: list[tuple[str, list[Case]]] = []
        for key in keys:
            name = self.GROUPS[key.group]
            if not groups or groups[-1][0] != name:
                groups.append((name, []))
            groups[-1][1].append(cases[key.case_id])
        return groups

    def counts(self) -> dict[str, str]:
        """Segment → how many cases it holds: exact up to 1,000, then "1000+", so that no count ever grows dear."""
        of_teams = Case.objects.of_teams(self.teams).order_by()
        found = {
            show: of_teams.filter(self.SEGMENTS.get(show, Q()))
            for show in ("preparing", "ready", "listed", "not_ready_listed", "after", "closed")
        }
        found["mine"] = Waiting.objects.filter(self._waits_for_me()).values("case").distinct()
        numbers = {show: rows[: COUNT_LIMIT + 1].count() for show, rows in found.items()}
        numbers["open"] = sum(numbers[show] for show in ("preparing", "ready", "listed", "after"))
        return {show: f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number) for show, number in numbers.items()}

    def _waits_for_me(self) -> Q:
        condition = Q(pk__in=[])
        for team, tokens in self.tokens.items():
            condition |= Q(team_id=team, whom__in=tokens)
        return condition


def waited_for(team_ids: list[int]) -> list[tuple[str, int]]:
    """Discipline → number of open cases of these teams that wait for its facts, the most waited-for first."""
    rows = Waiting.objects.filter(team_id__in=team_ids, what=Waiting.What.FACTS).values_list("whom")
    return list(rows.annotate(cases=Count("id")).order_by("-cases", "whom"))
