"""Letting the outcome of a signed decision out, and noting who was told of it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.locks import refuse_stranger
from mdt.meetings.actions.next_steps import owe_reminders
from mdt.meetings.models import Decision, Release, Told
from mdt.meetings.outcome.followers import tell_followers
from mdt.meetings.outcome.working_days import day_of, today_of
from mdt.people.models import User


@transaction.atomic
def release_outcome(*, decision: Decision, by: User) -> Release:
    """Let the letters of the newest, signed version out. They cannot be called back.

    What goes to whom is sent by the worker, once. A second release of the same version returns the first. Raises
    ActionError for a version that is not signed or not the newest.
    """
    Case.objects.select_for_update().get(pk=decision.case_id)
    decision = Decision.objects.select_related("case__team", "meeting__team", "sign_off").get(pk=decision.pk)
    if not decision.is_signed:
        raise ActionError(_("Only a signed decision is released."))
    if hasattr(decision, "release"):
        return decision.release
    if hasattr(decision, "superseded_by"):
        raise ActionError(_("A newer version of this decision was recorded: sign and release that one."))
    release = Release.objects.create(decision=decision, released_by=by)
    record(
        Kind.OUTCOME_RELEASED,
        by=by,
        case=decision.case,
        subject=decision,
        meeting=decision.meeting.reference,
        version=decision.version,
    )
    owe(kind="send-outcome", subject=subject_of(decision))
    owe_reminders(decision=decision)
    tell_followers(release)
    return release


def owe_watch(decision: Decision, *, due_at: datetime) -> None:
    """Look again at that time, and say so where the outcome is still not released."""
    owe(kind="watch-outcome", subject=subject_of(decision), due_at=max(due_at, timezone.now()))


@transaction.atomic
def note_told(*, decision: Decision, whom: str, told_on: date, told_by: User, by: User, note: str = "") -> Told:
    """Keep that the patient or the referrer was told of this version, by whom and on which day.

    The same note sent twice is kept once. Raises ActionError for an unsigned version, a day before its signature or
    still to come, and for a person of another team.
    """
    team = decision.case.team
    if whom not in Told.Whom.values:
        raise ActionError(_("Say who was told."))
    if not decision.is_signed:
        raise ActionError(_("Nobody is told of a decision before it is signed."))
    if told_on > today_of(team):
        raise ActionError(_("This date lies in the future."))
    if told_on < day_of(decision.sign_off.signed_at, team):
        raise ActionError(_("The decision was not signed yet on that day."))
    if len(note) > Told._meta.get_field("note").max_length:
        raise ActionError(_("The remark is too long: at most 400 characters."))
    refuse_stranger(team, told_by)
    told, is_new = Told.objects.get_or_create(
        decision=decision,
        whom=whom,
        told_on=told_on,
        told_by=told_by,
        defaults={"note": note.strip(), "recorded_by": by},
    )
    if is_new:
        record(
            Kind.OUTCOME_TOLD,
            by=by,
            case=decision.case,
            subject=told,
            meeting=decision.meeting.reference,
            version=decision.version,
            whom=whom,
            told_on=told_on,
            person=told_by.display_name,
        )
    return told
