"""Restricting the processing of what is held of a patient, and lifting it (GDPR 18; PIPL 44 and 47)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import recheck_readiness, set_restricted
from cases.actions.errors import ActionError
from cases.models import Case, Patient
from mdt.audit.models import AuditPack
from mdt.audit.packs.actions import cancel_pack, delete_pack
from mdt.audit.rows.actions import project
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail.actions.delivery import hold, let_go
from mdt.meetings.actions import unlist_case
from mdt.meetings.actions.locks import lock_meetings
from mdt.meetings.actions.taking_up import owe_minutes, take_up_again
from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.outcome.restricted import held_of, queued_of
from mdt.people.models import User
from mdt.privacy.actions.naming import refuse_names
from mdt.privacy.actions.notices import owe_notices
from mdt.privacy.models import Notice, Restriction, RestrictionLifting
from mdt.privacy.reach import cases_of


@transaction.atomic
def restrict(
    *, case: Case, by: User, asked_by: str, ground: str, reason: str, until_on: date | None = None
) -> Restriction:
    """Let what is held of the patient of this case only be stored: off every agenda to come, out of lists, figures,
    exports and packs. Raises ActionError for a reason that names the patient, for a day that is past, and where a
    restriction is in force."""
    refuse_names(case.patient, reason)
    if until_on is not None and until_on <= timezone.localdate():
        raise ActionError(_("This day is past: leave it empty, or choose one to come."))
    Patient.objects.select_for_update().get(pk=case.patient_id)
    if Restriction.objects.in_force().filter(patient_id=case.patient_id).exists():
        raise ActionError(_("A restriction is in force already."))
    # Meetings, cases, packs, all before the first line, as everywhere: each line holds the end of the log.
    meetings = lock_meetings(*(item.meeting for item in _to_come(cases_of(case.patient_id))))
    cases = list(_locked(case.patient_id))
    packs = _packs_of(cases)
    items = list(_to_come(cases))
    if any(item.meeting_id not in meetings for item in items):
        raise ActionError(_("This case was put on an agenda in the meantime. Send the form again."))
    for item in items:
        unlist_case(item=item, by=by, reason=_("Processing restricted by the privacy office."))
    hold(deliveries=queued_of(cases_of(case.patient_id)), by=by)
    _delete_packs(packs, by)
    restriction = Restriction.objects.create(
        team=case.team,
        patient_id=case.patient_id,
        case_reference=case.reference,
        asked_by=asked_by,
        ground=ground,
        reason=reason,
        until_on=until_on,
        placed_by=by,
    )
    for own in _locked(case.patient_id):
        set_restricted(case=own, is_restricted=True)
        record(Kind.RESTRICTION_PLACED, by=by, case=own, subject=restriction, ground=ground, reason=reason)
    owe_minutes(of=AgendaItem.objects.filter(case__in=cases))  # those that are held back go without it
    owe_notices(cases=cases, by=by, because=Notice.Because.RESTRICTION, reason="")
    project(cases=[own.pk for own in cases])
    return restriction


def _locked(patient_id: int):
    """The cases anew from the database, and nobody else writes of them meanwhile."""
    return cases_of(patient_id).select_related("team", "patient").select_for_update(of=("self",))


def _to_come(cases: Iterable[Case]) -> QuerySet[AgendaItem]:
    """Where these cases stand on the agenda of a meeting to come, with nothing decided."""
    items = AgendaItem.objects.filter(case__in=cases, meeting__state=Meeting.State.PLANNED, decisions__isnull=True)
    return items.exclude(state=AgendaItem.State.REMOVED).select_related("meeting__team").order_by("pk")


def _packs_of(cases: list[Case]) -> list[AuditPack]:
    """Audit packs that lie here and hold one of the cases, locked."""
    items = AgendaItem.objects.filter(case__in=cases)
    packs = AuditPack.objects.filter(item__in=items)
    for team, starts_at in items.values_list("meeting__team_id", "meeting__starts_at").order_by("pk"):
        # By a day more on each side: whose clock the period was meant by makes no difference then.
        first, last = starts_at.date() - timedelta(days=1), starts_at.date() + timedelta(days=1)
        packs |= AuditPack.objects.filter(team=team, item=None, first_on__lte=last, last_on__gte=first)
    keys = packs.order_by().values_list("pk", flat=True)
    return list(AuditPack.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk"))


def _delete_packs(packs: Iterable[AuditPack], by: User) -> None:
    """They can be made anew, without the case."""
    for pack in packs:
        if pack.is_open:
            cancel_pack(pack=pack, by=by)
        else:
            delete_pack(pack=pack, by=by)


@transaction.atomic
def lift_restriction(
    *, restriction: Restriction, by: User, reason: str, told_on: date, told_how: str, sends_held: bool = False
) -> None:
    """End a restriction: letters, minutes and reminders that were not written meanwhile are owed anew.

    E-mails of letters and minutes leave only with `sends_held`, whether they were written before it or are written
    after it for what was released or met before: what was contested may stand in them. Otherwise whoever looks after
    messages sends each when it is right.

    Raises ActionError where it has ended, and unless the person was told beforehand.
    """
    restriction = Restriction.objects.select_for_update(of=("self",)).select_related("team").get(pk=restriction.pk)
    if RestrictionLifting.objects.filter(restriction=restriction).exists():
        raise ActionError(_("This restriction was lifted already."))
    today = timezone.localdate()
    if told_on > today:
        raise ActionError(_("The person is told before the restriction ends, not after: this day lies in the future."))
    if told_on < timezone.localdate(restriction.placed_at):
        raise ActionError(_("This day lies before the restriction."))
    patient = Patient.objects.filter(pk=restriction.patient_id).first()
    if patient is not None:
        refuse_names(patient, f"{reason} {told_how}")
    lifting = RestrictionLifting.objects.create(
        restriction=restriction, reason=reason, told_on=told_on, told_how=told_how, lifted_by=by
    )
    cases = list(_locked(restriction.patient_id))
    if not sends_held:  # before the lines below, as whoever notes what became of an e-mail
        hold(deliveries=queued_of(cases_of(restriction.patient_id)), by=by)
    said = {"reason": reason, "told_on": told_on, "told_how": told_how, "sends_held": sends_held}
    for own in cases:
        set_restricted(case=own, is_restricted=False)
        record(Kind.RESTRICTION_LIFTED, by=by, case=own, subject=lifting, **said)
        if own.is_open:
            recheck_readiness(case=own)
        take_up_again(case=own)
    if sends_held:  # after the lines above: they hold the end of the log
        let_go(deliveries=held_of(cases_of(restriction.patient_id)), by=by)
    project(cases=[own.pk for own in cases])
