"""How far the outcome of a decision has got: released, sent to whom, told, and how soon."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Case
from mdt.mail.models import Delivery
from mdt.meetings.models import Decision, Meeting, PatientPage, Recipient, Release
from mdt.meetings.outcome.promptness import Promptness, promptness_of, share_on_time
from mdt.people.models import User
from mdt.people.permissions import Permission, can, can_release_patient_page


@dataclass(frozen=True)
class Letter:
    """One recipient and what became of their letter: `kind` is a state of the visual language, `text` its words."""

    recipient: Recipient
    kind: str
    text: str
    at: datetime | None = None
    has_letter: bool = False


def letters_sent(release: Release) -> list[Letter]:
    """Everybody who was to be told of a release, in two queries."""
    rows = release.recipients.select_related("person", "message__delivery").prefetch_related("message__enclosures")
    return [_letter(row) for row in rows]


def _letter(row: Recipient) -> Letter:
    if row.message is None:
        return Letter(row, "overdue", _("no mail reaches this address: print the letter"))
    message, delivery = row.message, getattr(row.message, "delivery", None)
    has_letter = bool(message.enclosures.all())
    if delivery is None:
        return Letter(row, "ready", _("in the mailbox"), message.posted_at, has_letter)
    if delivery.state == Delivery.State.SENT:
        return Letter(row, "ready", _("sent"), delivery.sent_at, has_letter)
    if delivery.state == Delivery.State.QUEUED:
        return Letter(row, "waiting", _("waiting to be sent"), message.posted_at, has_letter)
    if delivery.state == Delivery.State.HELD:
        return Letter(row, "waiting", _("held back while the data may only be stored"), message.posted_at, has_letter)
    if row.person_id:
        return Letter(row, "stale", _("in the mailbox; the e-mail was not sent"), message.posted_at, has_letter)
    return Letter(row, "overdue", _("not sent: print the letter"), message.posted_at, has_letter)


def outcome_context(decision: Decision, newest: Decision, user: User) -> dict:
    """The panel "Outcome" beside a decision."""
    release = getattr(decision, "release", None)
    may_release = can(user, Permission.OUTCOME_RELEASE, decision.case.team_id)
    return {
        "release": release,
        "letters_sent": letters_sent(release) if release else [],
        "promptness": promptness_of(decision.meeting, [decision.agenda_item_id])[decision.agenda_item_id],
        "told": decision.told.select_related("told_by", "recorded_by"),
        "can_release": may_release and decision.is_signed and release is None and newest.pk == decision.pk,
        "can_note_told": decision.is_signed and can(user, Permission.IMPLEMENTATION_REPORT, decision.case.team_id),
        "patient_pages": _newest_pages(decision),
        "can_release_page": decision.is_signed
        and newest.pk == decision.pk
        and can_release_patient_page(user, decision.responsible, decision.case.team_id),
        "has_referrer_email": bool(decision.case.referrer_email),
        "earlier_letters_are_out": decision.is_signed
        and release is None
        and Release.objects.filter(decision__agenda_item=decision.agenda_item_id).exists(),
    }


def _newest_pages(decision: Decision) -> list[PatientPage]:
    """The page that holds in each language."""
    pages = decision.patient_pages.select_related("released_by").order_by("number")
    return list({page.language: page for page in pages}.values())


@dataclass(frozen=True)
class Outcome:
    """One decided case of a meeting and how far its outcome has got."""

    decision: Decision
    promptness: Promptness
    letters: list[Letter]

    @property
    def release(self) -> Release | None:
        return getattr(self.decision, "release", None)

    @property
    def troubled(self) -> list[Letter]:
        """Letters that did not get through."""
        return [letter for letter in self.letters if letter.kind in ("overdue", "stale")]


def outcomes_context(meeting: Meeting) -> dict:
    """What the page of a finished meeting says of its outcomes; nothing before the meeting is over."""
    if meeting.state != Meeting.State.HELD:
        return {"outcomes": []}
    decisions = list(
        Decision.objects.current()
        .filter(meeting=meeting)
        .exclude(case__in=Case.objects.restricted())
        .select_related("case__patient", "case__team", "sign_off", "release__released_by", "agenda_item")
        .order_by("agenda_item__position", "id")
    )
    prompt = promptness_of(meeting, [decision.agenda_item_id for decision in decisions])
    outcomes = [
        Outcome(
            decision,
            prompt[decision.agenda_item_id],
            letters_sent(decision.release) if hasattr(decision, "release") else [],
        )
        for decision in decisions
    ]
    on_time, counted = share_on_time(prompt.values())
    return {"outcomes": outcomes, "on_time": on_time, "on_time_of": counted, "finish": getattr(meeting, "finish", None)}
