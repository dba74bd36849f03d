"""Reminding a discipline at once: a coordinator asks for it, and the reminders' own machinery carries it out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from cases.actions.locks import lock_unrestricted_case
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.chasing.deadline import deadline_of, place_of
from mdt.meetings.chasing.needs import discipline_name, needed, people_asked
from mdt.meetings.chasing.reminded import again_at
from mdt.meetings.models import Reminder
from mdt.people.models import User
from mdt.people.permissions import Permission, can


@transaction.atomic
def ask_reminder(*, case: Case, discipline: str, by: User, now: datetime) -> list[User]:
    """Remind a discipline of what a case needs from it, now and whatever the hour; returns who is written to.

    The digest that is owed takes along what waits for these people anyway, so that they get one message; it goes after
    the deadline, too. Reminders on their mornings go on as before. Raises ActionError where nothing is missing, where
    the discipline was reminded within the hour, and where nobody but the asker would be told.
    """
    case = lock_unrestricted_case(case)
    items = needed(case).get(discipline, [])
    if not items:
        raise ActionError(_("Nothing is missing from this discipline any more: nobody was reminded."))
    rows = Reminder.objects.filter(case=case, discipline=discipline, dropped_at=None).select_related("message")
    if (until := again_at(rows, now)) is not None:
        words = {"discipline": discipline_name(discipline), "time": f"{until.astimezone(case.team.zone):%H:%M}"}
        raise ActionError(
            _("%(discipline)s was reminded of this case less than an hour ago; again from %(time)s.") % words
        )
    deadline = deadline_of(case, place_of(case))
    people = [
        person
        for person in people_asked(deadline, discipline)
        if person != by and person.is_active and can(person, Permission.FINDING_RECORD, case.team_id)
    ]
    if not people:
        words = {"discipline": discipline_name(discipline)}
        raise ActionError(
            _("Nobody else in the team can be reminded for %(discipline)s: you are asked yourself.") % words
        )
    occasion = f"{deadline.key}/{Reminder.BY_HAND}/{now:%Y%m%dT%H%M%S%f}"
    for person in people:
        Reminder.objects.create(case=case, discipline=discipline, person=person, occasion=occasion, facts=items)
        owe(kind="send-digest", subject=subject_of(person), due_at=now)
    names = [person.display_name for person in people]
    record(Kind.REMINDER_ASKED, by=by, case=case, subject=case, discipline=discipline, facts=items, people=names)
    return people
