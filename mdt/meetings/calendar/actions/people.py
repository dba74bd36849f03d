"""Core members of a series and their deputies."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.inviting import owe_invitations
from mdt.meetings.actions.meetings import refuse_stranger
from mdt.meetings.calendar.actions.series import lock_series
from mdt.meetings.models import CoreMember, Meeting, Series
from mdt.people.disciplines import Discipline
from mdt.people.models import User


@transaction.atomic
def add_core_member(*, series: Series, by: User, person: User, discipline: str = "") -> CoreMember:
    """Ask a person of the team to every meeting, for their own discipline or for another they stand for.

    Raises ActionError for a stranger, without a discipline, or where they are a core member for it already.
    """
    series = lock_series(series)
    refuse_stranger(series.team, person)
    discipline = discipline or person.discipline
    if discipline not in Discipline.values:
        raise ActionError(_("Say for which discipline %(person)s comes.") % {"person": person})
    if series.core_members.filter(person=person, discipline=discipline, covers=None).exists():
        raise ActionError(_("This person is a core member for this discipline already."))
    return _add(series, by, person=person, discipline=discipline)


@transaction.atomic
def add_deputy(*, member: CoreMember, by: User, person: User) -> CoreMember:
    """Let a person of the team stand in for a core member. Raises ActionError for a stranger or the member itself."""
    series = lock_series(member.series)
    refuse_stranger(series.team, person)
    if member.covers_id is not None:
        raise ActionError(_("A deputy has no deputy."))
    if member.person_id == person.pk:
        raise ActionError(_("Nobody is their own deputy."))
    if member.deputies.filter(person=person).exists():
        raise ActionError(_("This person is a deputy of this member already."))
    return _add(series, by, person=person, discipline=member.discipline, covers=member)


@transaction.atomic
def remove_core_member(*, member: CoreMember, by: User) -> None:
    """No longer ask a core member, with their deputies, or one deputy. What they answered stays."""
    series = lock_series(member.series)
    for row in [*member.deputies.select_related("person"), member]:
        record(
            Kind.CORE_MEMBER_REMOVED,
            by=by,
            team=series.team,
            subject=row,
            series=series.reference,
            person=row.person_id,
            username=row.person.username,
            discipline=row.discipline,
            is_deputy=row.covers_id is not None,
        )
    member.deputies.all().delete()
    CoreMember.objects.filter(pk=member.pk).delete()
    _grow(series)


def _add(series: Series, by: User, **values) -> CoreMember:
    row = CoreMember.objects.create(series=series, added_by=by, **values)
    record(
        Kind.CORE_MEMBER_ADDED,
        by=by,
        team=series.team,
        subject=row,
        series=series.reference,
        person=row.person_id,
        username=row.person.username,
        discipline=row.discipline,
        is_deputy=row.covers_id is not None,
    )
    _grow(series)
    return row


def _grow(series: Series) -> None:
    """A new version of the series; those who are asked now are invited, the others told."""
    Series.objects.filter(pk=series.pk).update(version=F("version") + 1)
    coming = series.meetings.filter(state=Meeting.State.PLANNED, starts_at__gt=timezone.now())
    for meeting in coming.select_related("series"):
        owe_invitations(meeting=meeting)
