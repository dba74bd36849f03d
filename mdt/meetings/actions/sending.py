"""Writing to everybody who is told of a released outcome, and sending the minutes: by the worker, each message once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail import language
from mdt.mail.actions import Attachment
from mdt.mail.actions.delivery import hold
from mdt.mail.models import Delivery, Message
from mdt.meetings import documents
from mdt.meetings.models import Decision, Meeting, Recipient, Release
from mdt.meetings.outcome import mails
from mdt.meetings.outcome.next_steps import open_of
from mdt.meetings.outcome.restricted import waits_for_word, withheld_in
from mdt.people.models import User

NOT_GONE = (Delivery.State.QUEUED, Delivery.State.HELD)
MOST_WITHHELD = 15  # as many cases as the key of a message can name; with more the minutes wait


@transaction.atomic
def send_minutes(*, meeting: Meeting) -> int:
    """Post the minutes to whoever was present, once the meeting is over and every decision of it is signed.

    A case whose data may only be stored does not hold the others up: it is withheld, the minutes say so, and they are
    posted once more when it may be read again. Each person gets them once with the same cases; what is amended later
    stands in the minutes of the page. Returns to how many people they were posted now.
    """
    withheld = _withheld_now(meeting)
    unsigned = Decision.objects.current().filter(meeting=meeting, sign_off__isnull=True).exclude(case__in=withheld)
    if meeting.state != Meeting.State.HELD or unsigned.exists():
        return 0
    if len(withheld) > MOST_WITHHELD:
        return 0
    marked = meeting.attendance_marks.filter(is_present=True).values("person")
    present = [
        person
        for person in User.objects.filter(pk__in=marked, is_active=True).order_by("pk")
        if not _has_minutes(meeting, person, withheld)
    ]
    languages = sorted({language.of(person) for person in present})
    papers = {wanted: _minutes(meeting, wanted, withheld) for wanted in languages}
    left_out = meeting.agenda.kept().filter(case__in=withheld).order_by("position", "id")
    awaited = list(dict.fromkeys(left_out.values_list("case__reference", flat=True)))
    posted = [
        mails.minutes(meeting, to=person, enclosed=papers[language.of(person)], withheld=withheld, awaited=awaited)
        for person in present
    ]
    shown = meeting.agenda.kept().exclude(case__in=withheld).order_by("pk").values_list("case__reference", flat=True)
    _hold_if_nobody_said(posted, shown, since=_was_held_at(meeting))
    return len(present)


def _was_held_at(meeting: Meeting) -> datetime:
    """It may have been finished before it was to begin."""
    finish = getattr(meeting, "finish", None)
    return min(meeting.starts_at, finish.finished_at) if finish else meeting.starts_at


def _hold_if_nobody_said(posted: list[Message], references: Iterable[str], since: datetime) -> None:
    """What waited for the end of a restriction leaves when somebody says so (`lift_restriction`), not by being late."""
    if waits_for_word(references, since):
        hold(deliveries=Delivery.objects.filter(message__in=posted), by=None)


def _withheld_now(meeting: Meeting) -> frozenset[int]:
    """The cases whose data may only be stored. Until the end of the transaction no order about any of them is placed
    or lifted, so that what the minutes hold and what is said of them is the same."""
    cases = Case.objects.filter(pk__in=meeting.agenda.values("case")).only("pk", "is_restricted")
    locked = cases.select_for_update(no_key=True).order_by("pk")
    return frozenset(case.pk for case in locked if case.is_restricted)


def _has_minutes(meeting: Meeting, person: User, withheld: frozenset[int]) -> bool:
    """Whether they have minutes with all the cases that new ones would hold.

    For one that was taken off the agenda before the meeting nobody is written to once more. Minutes whose e-mail
    waits because of a case in them do not count: those without it go now.
    """
    listed = frozenset(meeting.agenda.kept().values_list("case_id", flat=True))
    posted = Message.objects.filter(to=person, key__startswith=f"minutes:{meeting.pk}:")
    return any(
        withheld_in(key) & listed <= withheld and not (state in NOT_GONE and withheld - withheld_in(key))
        for key, state in posted.values_list("key", "delivery__state")
    )


def _minutes(meeting: Meeting, wanted: str, withheld: frozenset[int]) -> Attachment:
    document = documents.minutes(meeting, wanted, withheld=withheld)
    return Attachment(f"{meeting.reference}-minutes-{wanted}.pdf", "application/pdf", bytes(document.content))


@dataclass(frozen=True)
class Addressee:
    """Somebody to be told, as what; a person of the system, or a name with an outside address."""

    role: str
    name: str
    person: User | None = None
    address: str = ""

    @property
    def who(self) -> str:
        """The same for the same recipient, in whatever role."""
        return f"person:{self.person.pk}" if self.person else f"address:{self.address.casefold()}"


@transaction.atomic
def send_outcome(*, release: Release) -> int:
    """Post the letters of a release: to the referrer, the responsible doctor, owners of next steps, and whoever had an
    earlier letter. Returns how many were written to. Sent again after a crash, it adds nothing.

    Where a newer version was signed meanwhile nothing is sent: that one has its own release.
    """
    decision = Decision.objects.complete().get(pk=release.decision_id)
    newer = getattr(decision, "superseded_by", None)
    if release.recipients.exists() or (newer is not None and newer.is_signed):
        return 0
    replaces = _last_released_before(decision)
    letters: dict[str, Attachment] = {}
    posted: list[Message] = []
    for addressee in addressees_of(decision, replaces):
        message = _write_to(addressee, decision, replaces, letters)
        Recipient.objects.create(
            release=release,
            role=addressee.role,
            person=addressee.person,
            address=addressee.address,
            name=addressee.name,
            message=message,
        )
        posted += [message] if message is not None else []
    _hold_if_nobody_said(posted, [decision.case.reference], since=release.released_at)
    record(
        Kind.OUTCOME_SENT,
        by=None,
        case=decision.case,
        subject=decision,
        meeting=decision.meeting.reference,
        version=decision.version,
        count=len(posted),
    )
    return len(posted)


def addressees_of(decision: Decision, replaces: Decision | None) -> list[Addressee]:
    """Everybody to be told, each once, in the first role that they have."""
    found: dict[str, Addressee] = {}
    for addressee in _named(decision, replaces):
        found.setdefault(addressee.who, addressee)
    return list(found.values())


def _named(decision: Decision, replaces: Decision | None) -> Iterator[Addressee]:
    case, role = decision.case, Recipient.Role
    if case.referrer_email:
        yield Addressee(role.REFERRER, case.referrer, address=case.referrer_email)
    if decision.responsible is not None:
        yield Addressee(role.RESPONSIBLE, decision.responsible.display_name, decision.responsible)
    for step in decision.next_steps.all():
        yield Addressee(role.OWNER, step.owner.display_name, step.owner)
    if replaces is not None:
        for row in replaces.release.recipients.select_related("person"):
            yield Addressee(role.EARLIER, row.name, row.person, row.address)


def _last_released_before(decision: Decision) -> Decision | None:
    """The version that recipients hold in their hands."""
    return (
        Decision.objects.filter(
            agenda_item=decision.agenda_item_id, version__lt=decision.version, release__recipients__isnull=False
        )
        .order_by("-version")
        .distinct()
        .first()
    )


def _write_to(
    addressee: Addressee, decision: Decision, replaces: Decision | None, letters: dict[str, Attachment]
) -> Message | None:
    """The message, or None where no mail can reach the address. `letters` keeps those made, by language."""
    wanted = language.of(addressee.person) if addressee.person else settings.LANGUAGE_CODE
    if wanted not in letters:
        letters[wanted] = _letter(decision, wanted)
    steps = open_of(decision, addressee.person) if addressee.person else []
    try:
        return mails.letter(
            decision,
            key=f"letter:{decision.pk}:{addressee.who}",
            to=addressee.person,
            address=addressee.address,
            name=addressee.name,
            steps=steps,
            is_responsible=addressee.person is not None and addressee.person == decision.responsible,
            replaces=replaces,
            enclosed=letters[wanted],
        )
    except ValueError:
        return None  # an address that no mail reaches: the pages show it, and the letter is printed


def _letter(decision: Decision, wanted: str) -> Attachment:
    document = documents.letter(decision, wanted)
    name = f"{decision.case.reference}-letter-v{decision.version}-{wanted}.pdf"
    return Attachment(name, "application/pdf", bytes(document.content))
