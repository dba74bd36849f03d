"""Invitations to single meetings: sent some days before, again after a change, taken back where somebody is not asked
any more or the meeting does not take place."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.addresses import public
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail import language
from mdt.mail.actions import Attachment, post
from mdt.mail.kinds import Kind as MessageKind
from mdt.meetings.actions.inviting import invites_from
from mdt.meetings.calendar import ics
from mdt.meetings.calendar.expected import asked_to
from mdt.meetings.models import Invitation, Meeting, Reply
from mdt.people.models import User
from mdt.people.templatetags.looks import day

JUST_NOW = timedelta(hours=1)  # whoever planned a meeting knows of it that long without being told


@transaction.atomic
def invite_to_meeting(*, meeting: Meeting) -> list[Invitation]:
    """Send what is not sent yet: invitations, changes, and what is taken back. Doing it again sends nothing.

    Before its time it owes itself for then. A meeting that has begun or was held is left alone.
    """
    # The row is locked, so that two workers do not write to the same person.
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("team", "series").get(pk=meeting.pk)
    now = timezone.now()
    if meeting.state == Meeting.State.HELD or meeting.starts_at <= now:
        return []
    newest = {row.person_id: row for row in meeting.invitations.select_related("person").order_by("id")}
    invited = {pk: row for pk, row in newest.items() if row.method == Invitation.Method.REQUEST}
    asked: dict[int, tuple[User, str]] = {}
    if meeting.state == Meeting.State.PLANNED:
        asked = {one.person.pk: (one.person, one.answer) for one in asked_to([meeting])[meeting.pk] if one.is_called}
    wanted = invites_from(meeting)
    may_begin = wanted is not None and wanted <= now
    if asked and not may_begin and wanted is not None:
        owe(kind="invite-to-meeting", subject=subject_of(meeting), due_at=wanted)
    sent = []
    for pk, (person, answer) in asked.items():
        if (pk in invited and invited[pk].digest != digest_of(meeting)) or (pk not in invited and may_begin):
            sent.append(_send(meeting, person, Invitation.Method.REQUEST, answer, is_change=pk in invited))
    for pk, row in invited.items():
        if pk not in asked:
            sent.append(_send(meeting, row.person, Invitation.Method.CANCEL, Reply.Answer.OPEN))
    return sent


def digest_of(meeting: Meeting) -> str:
    """Changes with whatever an invitation says."""
    said = [meeting.starts_at.isoformat(), meeting.minutes_available, meeting.mode, meeting.place, meeting.video_url]
    return hashlib.sha256(repr([*said, meeting.team.time_zone]).encode()).hexdigest()


def _send(meeting: Meeting, person: User, method: str, answer: str, *, is_change: bool = False) -> Invitation:
    number = meeting.invitations.filter(person=person).count() + 1
    row = Invitation.objects.create(
        meeting=meeting, person=person, method=method, sequence=meeting.version, digest=digest_of(meeting)
    )
    is_cancelled = method == Invitation.Method.CANCEL
    entry = ics.Entry(meeting, meeting.version, timezone.now(), answer=answer, is_cancelled=is_cancelled)
    with override(language.of(person)), timezone.override(meeting.team.zone):
        subject, body = _words(meeting, is_cancelled=is_cancelled, is_change=is_change)
        content = ics.invitation(entry, person, method=method.upper())
    post(
        key=f"invitation:{meeting.pk}:{person.pk}:{number}",
        kind=MessageKind.INVITATION,
        to=person,
        subject=subject,
        body=body,
        attachments=[Attachment("invitation.ics", f"text/calendar; method={method.upper()}", content)],
        team=meeting.team,
        is_own_act=not is_cancelled and not is_change and _was_planned_by(meeting, person),
    )
    record(
        Kind.INVITATION_SENT,
        by=None,
        team=meeting.team,
        subject=row,
        meeting=meeting.reference,
        username=person.username,
        method=method,
        sequence=row.sequence,
    )
    return row


def _was_planned_by(meeting: Meeting, person: User) -> bool:
    """Whether this person made the meeting, or the series that it belongs to, just now."""
    made = meeting.series or meeting
    return made.created_by_id == person.pk and timezone.now() - made.created_at < JUST_NOW


def _words(meeting: Meeting, *, is_cancelled: bool, is_change: bool) -> tuple[str, str]:
    """Subject and text, in the language and by the clock that are active."""
    words = {
        "time": day(meeting.starts_at, "long_time"),
        "zone": meeting.team.time_zone,
        "team": meeting.team,
        "link": public(meeting.get_absolute_url()),
    }
    if is_cancelled:
        is_off = meeting.state == Meeting.State.CANCELLED
        text = (
            _("The MDT meeting of %(team)s on %(time)s (%(zone)s) does not take place.")
            if is_off
            else _("You are no longer asked to the MDT meeting of %(team)s on %(time)s (%(zone)s).")
        )
        return _("Cancelled: MDT meeting, %(time)s") % words, f"{text % words}\n\n{words['link']}"
    subject = _("Changed: MDT meeting, %(time)s") if is_change else _("Invitation: MDT meeting, %(time)s")
    lines = [_("MDT meeting of %(team)s: %(time)s (%(zone)s), %(minutes)d minutes.")]
    if is_change:
        lines.insert(0, _("Time or place of this meeting has changed. It is now:"))
    words["minutes"] = meeting.minutes_available
    where = [meeting.place, meeting.video_url]
    text = "\n".join([*(line % words for line in lines), *filter(None, where)])
    ask = _("Say with one click whether you come; an answer to this e-mail is not read: %(link)s") % words
    return subject % words, f"{text}\n\n{ask}"
