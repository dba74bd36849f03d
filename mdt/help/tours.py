"""The tours: a few steps over the real pages for each kind of work. The help page says the same as text."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.queue import Filters, Queue
from mdt.people.models import Role, User
from mdt.people.permissions import Permission, can_anywhere, roles_by_team


def _page(name: str) -> Callable[[User], str]:
    return lambda user: reverse(name)


def _case(user: User) -> str:
    """A case that the person sees, the first of their queue; the queue itself while there is none."""
    groups = Queue(user, Filters()).page().groups
    return groups[0][1][0].get_absolute_url() if groups else reverse("queue")


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


_QUEUE = Step(
    _page("queue"),
    "#queue",
    _("Begin here"),
    _(
        "The cases of your teams, with those that wait for you first. Each row names what is missing and who owns it. "
        "Walk the rows with J and K."
    ),
)
_END = Step(
    _page("help"),
    "#keys-on-pages",
    _("Find anything, any time"),
    _(
        "Ctrl K opens search from every page: a case, a meeting, a page, a word. The question mark shows the keys of "
        "the page that you are on. This tour waits for you here."
    ),
)
_PROPOSAL = Step(
    _case,
    "#proposal",
    _("What is proposed, and how sure"),
    _(
        "A dashed type is provisional: it rests on the assumptions listed beside it, and each has an owner who can "
        "confirm it. Unverified means that no clinician has compared the rule with the paper."
    ),
)

TOURS: dict[str, Tour] = {
    tour.name: tour
    for tour in (
        Tour(
            "coordinator",
            _("Coordinator"),
            (
                _QUEUE,
                Step(
                    _page("case-refer"),
                    "main form",
                    _("Refer a case"),
                    _(
                        "Who the patient is, and what the meeting is asked. Then type in what the referral letter "
                        "says; each discipline corrects what is theirs."
                    ),
                ),
                Step(
                    _page("worklist"),
                    "main",
                    _("Who still owes what"),
                    _("What each discipline is asked for, and until when. Reminders go out by themselves, once a day."),
                ),
                Step(
                    _page("agendas-plan"),
                    "main",
                    _("Let the agendas plan themselves"),
                    _(
                        "Which waiting case goes to which meeting, each place with its reason. Fix what you know "
                        "better, plan again, apply; a plan can be undone."
                    ),
                ),
                Step(
                    _page("meetings"),
                    "main",
                    _("The meetings"),
                    _(
                        "Each line says how full a meeting is, what is ready and whom it lacks. Finishing a meeting "
                        "sends the letters and moves on what was not reached."
                    ),
                ),
                _END,
            ),
        ),
        Tour(
            "clinician",
            _("Surgeon, oncologist, radiologist, pathologist"),
            (
                _QUEUE,
                _PROPOSAL,
                Step(
                    _case,
                    "#options",
                    _("For and against each option"),
                    _(
                        "Every argument with its kind of evidence and its source; gates say what must be known first. "
                        "Nothing is chosen here: the meeting decides."
                    ),
                ),
                Step(
                    _page("worklist"),
                    "main",
                    _("What you are asked for"),
                    _(
                        "Facts of your discipline, with the case and the last day. An empty box means that nobody has "
                        "said; it never means no."
                    ),
                ),
                Step(
                    _page("my-meetings"),
                    "main",
                    _("Say whether you come"),
                    _(
                        "One click for each meeting. Without you a discipline may be missing, and a case cannot be "
                        "decided."
                    ),
                ),
                _END,
            ),
        ),
        Tour(
            "chair",
            _("Chair"),
            (
                _QUEUE,
                _PROPOSAL,
                Step(
                    _page("meetings"),
                    "main",
                    _("Open your meeting"),
                    _(
                        "Its page shows agenda, attendance and quorum for each case. Enter the room from there: one "
                        "screen for everybody, by keys 1, 2, 3."
                    ),
                ),
                Step(
                    _page("next-steps"),
                    "main",
                    _("After the signature"),
                    _(
                        "You sign with your password; from then on only an amendment changes anything. Who does what "
                        "by when stands here, and conditions that fall due bring a case back."
                    ),
                ),
                Step(
                    _page("audit"),
                    "main",
                    _("Were decisions carried out?"),
                    _("Every number with its interval and its definition. Choose one to see the cases behind it."),
                ),
                _END,
            ),
        ),
        Tour(
            "auditor",
            _("Auditor"),
            (
                Step(
                    _page("audit"),
                    "main",
                    _("Begin here"),
                    _(
                        "Did decisions follow the pathway, and were they carried out? Every number opens the cases "
                        "behind it, and says how it is counted."
                    ),
                ),
                Step(
                    _page("audit-indicators"),
                    "main",
                    _("Indicators"),
                    _(
                        "Shares with their intervals, beside published figures where one was read. Small numbers say "
                        "so."
                    ),
                ),
                Step(
                    _page("packs"),
                    "main",
                    _("Audit packs"),
                    _("Decisions as files with digests, which an outsider can check without this software."),
                ),
                Step(
                    _page("events"),
                    "main",
                    _("The event log"),
                    _(
                        "Who did what to which case, and who looked at which patient. Each line seals the one before "
                        "it: a later change is found."
                    ),
                ),
                _END,
            ),
        ),
    )
}


def tour_of(user: User) -> Tour | None:
    """The tour for what this person does most; None for somebody who sees no case."""
    held = set().union(*roles_by_team(user).values())
    for role, name in ((Role.CHAIR, "chair"), (Role.COORDINATOR, "coordinator"), (Role.AUDITOR, "auditor")):
        if role in held:
            return TOURS[name]
    return TOURS["clinician"] if can_anywhere(user, Permission.CASE_VIEW) else None
