"""Answers about coming to a meeting."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.inviting import owe_invitations
from mdt.meetings.actions.meetings import lock_meeting, refuse_stranger
from mdt.meetings.calendar.actions.warnings import warn_of_gaps
from mdt.meetings.calendar.expected import asked_to
from mdt.meetings.models import Meeting, Reply
from mdt.people.models import User


@transaction.atomic
def reply(*, meeting: Meeting, person: User, answer: str, by: User, deputy: User | None = None) -> Reply:
    """Say whether a person comes; the newest answer holds, and `open` takes one back.

    With the answer `deputy` it is the one who is linked to them, or one of several that `deputy` names. `by` is the
    person, or whoever took the message. An answer that says nothing new is not written twice. Raises ActionError for
    a stranger to the team, a meeting that is over, an unknown answer, and where no deputy can be told.
    """
    meeting = lock_meeting(meeting)
    refuse_stranger(meeting.team, person, deputy)
    if answer not in Reply.Answer.values:
        raise ActionError(_("This answer is not known."))
    deputy = _deputy(meeting, person, deputy) if answer == Reply.Answer.DEPUTY else None
    newest = meeting.replies.filter(person=person).order_by("-id").first()
    said = newest.answer if newest is not None else Reply.Answer.OPEN
    if said == answer and (newest is None or newest.deputy_id == (deputy and deputy.pk)):
        return newest or Reply(meeting=meeting, person=person, answer=answer, replied_by=by)
    row = Reply.objects.create(meeting=meeting, person=person, answer=answer, deputy=deputy, replied_by=by)
    record(
        Kind.REPLY_GIVEN,
        by=by,
        team=meeting.team,
        subject=row,
        meeting=meeting.reference,
        person=person.pk,
        username=person.username,
        answer=answer,
        deputy=deputy.username if deputy else "",
    )
    owe_invitations(meeting=meeting)  # a deputy may be called now, or no longer
    warn_of_gaps(reply=row)
    return row


def _deputy(meeting: Meeting, person: User, named: User | None) -> User:
    deputies = {one.person.pk: one.person for one in asked_to([meeting])[meeting.pk] if one.covers == person}
    if named is not None:
        if named == person:
            raise ActionError(_("Nobody is their own deputy."))
        return named
    if len(deputies) != 1:
        raise ActionError(_("Say who comes instead of %(person)s.") % {"person": person})
    return next(iter(deputies.values()))
