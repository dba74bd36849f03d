"""What a tour consists of, and the steps that several tours share."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.queue import Filters, Queue
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with


def page(name: str) -> Callable[[User], str]:
    return lambda user: reverse(name)


def _first_case(user: User) -> Case | None:
    groups = Queue(user, Filters()).page().groups
    return groups[0][1][0] if groups else None


def a_case(user: User) -> str:
    """A case that the person sees, the first of their queue; the queue itself while there is none."""
    case = _first_case(user)
    return case.get_absolute_url() if case else reverse("queue")


def notes_of_a_case(user: User) -> str:
    """The psychosocial notes of that case."""
    case = _first_case(user)
    return reverse("psychosocial", args=[case.reference]) if case else reverse("queue")


def team_page(name: str) -> Callable[[User], str]:
    """A page of the first team whose people the person manages; the list of teams while there is none."""

    def address(user: User) -> str:
        team = Team.objects.filter(pk__in=teams_with(user, Permission.TEAM_MANAGE)).order_by("code").first()
        return reverse(name, args=[team.code]) if team else reverse("teams")

    return address


@dataclass(frozen=True)
class Step:
    """One stop: a page, the part of it that is spoken of (a CSS selector), and what to know about it."""

    page: Callable[[User], str]
    shows: str
    title: Promise
    text: Promise


@dataclass(frozen=True)
class Tour:
    """The steps for one kind of work."""

    name: str
    title: Promise
    steps: tuple[Step, ...]

    def address(self, user: User, number: int) -> str:
        """Where step `number` (from 1) is shown."""
        return f"{self.steps[number - 1].page(user)}?{urlencode({'tour': self.name, 'step': number})}"


QUEUE = Step(
    page("queue"),
    "#queue",
    _("Begin here"),
    _(
        "The cases of your teams, with those that wait for you first. Each row names what is missing and who owns it. "
        "Walk the rows with J and K."
    ),
)
END = Step(
    page("help"),
    "#keys-on-pages",
    _("Find anything, any time"),
    _(
        "Ctrl K opens search from every page: a case, a meeting, a page, a word. The question mark shows the keys of "
        "the page that you are on. This tour waits for you here."
    ),
)
PROPOSAL = Step(
    a_case,
    "#proposal",
    _("What is proposed, and how sure"),
    _(
        "A dashed type is provisional: it rests on the assumptions listed beside it, and each has an owner who can "
        "confirm it. Unverified means that no clinician has compared the rule with the paper."
    ),
)
COME = Step(
    page("my-meetings"),
    "main",
    _("Say whether you come"),
    _("One click for each meeting. Without you a discipline may be missing, and a case cannot be decided."),
)
