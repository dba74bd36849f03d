"""Keeping what happened to a patient after the meeting: reported, corrected, taken back."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm
from cases.models import Case
from mdt.audit.outcomes.contradictions import Contradiction
from mdt.audit.outcomes.course import course_of
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.outcome.working_days import today_of
from mdt.people.models import User
from mdt.people.templatetags.looks import day


class Contradicts(ActionError):
    """What is said cannot be true together with what stands; it is kept only where the reader insists."""

    def __init__(self, found: list[Contradiction]):
        super().__init__("\n".join(each.words for each in found))


@transaction.atomic
def record_follow_up(
    *,
    case: Case,
    by: User,
    kind: str,
    happened_on: date,
    value: str = "",
    text: str = "",
    told_by: str = "",
    keeps_contradiction: bool = False,
) -> FollowUpEvent:
    """Keep one thing that happened. The same said again is kept once.

    Raises ActionError for what cannot be kept: a day still to come or before the birth, a second death; Contradicts for
    what contradicts the rest of the course, unless `keeps_contradiction`.
    """
    case = _locked(case)
    said = _checked(case, kind=kind, happened_on=happened_on, value=value, text=text, told_by=told_by)
    if (same := case.follow_up_events.standing().filter(**said).first()) is not None:
        return same
    _refuse_second_death(case, kind)
    event = FollowUpEvent(case=case, reported_by=by, **said)
    _refuse_contradiction(case, event, keeps_contradiction)
    event.save()
    _record(Kind.FOLLOW_UP_RECORDED, event, by)
    return event


@transaction.atomic
def correct_follow_up(
    *,
    event: FollowUpEvent,
    by: User,
    reason: str,
    happened_on: date,
    value: str = "",
    text: str = "",
    told_by: str = "",
    keeps_contradiction: bool = False,
) -> FollowUpEvent:
    """A further row in place of this one, with the reason; what happened stays of its kind. Raises as above."""
    case, event = _standing(event)
    if not reason.strip():
        raise ActionError(_("Say why it is changed."))
    said = _checked(case, kind=event.kind, happened_on=happened_on, value=value, text=text, told_by=told_by)
    newer = FollowUpEvent(case=case, reported_by=by, supersedes=event, reason=_short(reason, "reason"), **said)
    _refuse_contradiction(case, newer, keeps_contradiction)
    newer.save()
    _record(Kind.FOLLOW_UP_CORRECTED, newer, by, reason=newer.reason)
    return newer


@transaction.atomic
def retract_follow_up(*, event: FollowUpEvent, by: User, reason: str = "") -> FollowUpEvent:
    """Take it back: it did not happen, or not to this patient. The row stays readable; a further one says so."""
    case, event = _standing(event)
    kept = ("kind", "happened_on", "value", "text", "told_by")
    retraction = FollowUpEvent.objects.create(
        case=case,
        reported_by=by,
        supersedes=event,
        is_retraction=True,
        reason=_short(reason, "reason"),
        **{name: getattr(event, name) for name in kept},
    )
    _record(Kind.FOLLOW_UP_RETRACTED, retraction, by, reason=retraction.reason)
    return retraction


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("team", "patient").get(pk=case.pk)


def _standing(event: FollowUpEvent) -> tuple[Case, FollowUpEvent]:
    """Raises StaleForm where somebody else has changed it meanwhile."""
    case = _locked(event.case)
    event = FollowUpEvent.objects.standing().filter(pk=event.pk).first()
    if event is None:
        raise StaleForm(_("This was corrected or taken back meanwhile: look at what stands now."))
    return case, event


def _checked(case: Case, *, kind: str, happened_on: date, value: str, text: str, told_by: str) -> dict[str, object]:
    """What is to be kept. Raises ActionError."""
    kinds = FollowUpEvent.Kind
    if kind not in kinds.values:
        raise ActionError(_("Say what happened."))
    if happened_on > today_of(case.team):
        raise ActionError(_("This date lies in the future."))
    if happened_on < case.patient.born_on:
        raise ActionError(_("This date lies before the patient's birth."))
    allowed = {code for code, _label in FollowUpEvent.VALUES[kind]}
    if (value and value not in allowed) or (not value and kind in FollowUpEvent.NEEDS_VALUE):
        raise ActionError(_("Say it more exactly."))
    words = {"text": _short(text, "text"), "told_by": _short(told_by, "told_by")}
    return {"kind": kind, "happened_on": happened_on, "value": value, **words}


def _short(text: str, field: str) -> str:
    text, limit = text.strip(), FollowUpEvent._meta.get_field(field).max_length
    if len(text) > limit:
        raise ActionError(_("This text is too long: at most %(limit)d characters.") % {"limit": limit})
    return text


def _refuse_second_death(case: Case, kind: str) -> None:
    if kind != FollowUpEvent.Kind.DEATH:
        return
    if (first := case.follow_up_events.standing().filter(kind=kind).first()) is not None:
        words = {"day": day(first.happened_on)}
        raise ActionError(_("The death on %(day)s is recorded already: correct that entry.") % words)


def _refuse_contradiction(case: Case, event: FollowUpEvent, keeps: bool) -> None:
    """Only what this event brings in: an older contradiction holds up nobody."""
    course = course_of(case)
    known = set(course.contradictions)
    after = course.with_event(event)
    if (new := [each for each in after.contradictions if each not in known]) and not keeps:
        raise Contradicts(new)


def _record(kind: Kind, event: FollowUpEvent, by: User, **data: str) -> None:
    record(
        kind,
        by=by,
        case=event.case,
        subject=event,
        follow_up=event.kind,
        happened_on=event.happened_on,
        value=event.value,
        **data,
    )
