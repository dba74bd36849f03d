"""Referring a case, changing the referral, closing and reopening it, and opening a patient's record."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError, StaleForm
from cases.actions.locks import lock_case
from cases.actions.patient import complete_patient, patient_for
from cases.actions.projection import project, propose
from cases.models import Case, ReferenceCounter
from cases.reasoning import pathways_in_use
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User


def _next_reference(team: Team, on: date) -> str:
    """`GC-2026-0147`. The counter row is locked, so that no number is given twice."""
    counter, _created = ReferenceCounter.objects.select_for_update().get_or_create(team=team, year=on.year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{team.code.upper()}-{counter.year}-{counter.last:04}"


@transaction.atomic
def refer_case(
    *,
    team: Team,
    by: User,
    hospital_number: str,
    name: str,
    born_on: date,
    sex: str,
    question: str,
    reason: str,
    referrer: str,
    urgency: str,
    target_on: date,
    referred_on: date | None = None,
    national_number: str = "",
    summary: str = "",
    citation: str = "",
    pathway: str = "",
    referrer_email: str = "",
) -> Case:
    """Open a case for a patient of the team; the patient is found by hospital number or entered.

    The same referral sent twice on one day (a second click, the back button) gives the case that is there. Without
    `pathway`, the first one in use. Raises ValueError for a pathway that is not in use, and NumberTaken where the
    hospital number or the identity number belongs to somebody else.
    """
    pathway = pathway or pathways_in_use()[0]
    if pathway not in pathways_in_use():
        raise ValueError(f"cases are not referred to the pathway {pathway!r}")
    details = {"hospital_number": hospital_number, "national_number": national_number, "name": name}
    patient, lacks = patient_for(team=team, details={**details, "born_on": born_on, "sex": sex})
    referred_on = referred_on or timezone.localdate()
    same = Case.objects.filter(
        patient=patient, referred_by=by, referred_on=referred_on, question=question, pathway=pathway
    )
    sent_before = same.exclude(state=Case.State.CLOSED).first()
    if sent_before is not None:
        return sent_before
    case = Case.objects.create(
        reference=_next_reference(team, referred_on),
        team=team,
        patient=patient,
        pathway=pathway,
        question=question,
        reason=reason,
        summary=summary,
        citation=citation,
        referrer=referrer,
        referrer_email=referrer_email,
        urgency=urgency,
        referred_on=referred_on,
        target_on=target_on,
        referred_by=by,
    )
    record(Kind.CASE_REFERRED, by=by, case=case, subject=case, urgency=urgency, target_on=target_on)
    complete_patient(case=case, by=by, lacks=lacks)
    propose(case=case, by=by)
    return case


REFERRAL_FIELDS = ("question", "reason", "summary", "referrer", "referrer_email", "urgency", "target_on")


@transaction.atomic
def change_referral(*, case: Case, by: User, version: int, **changes: Any) -> Case:
    """Change fields of the referral; the old and new values are kept in the log.

    Raises StaleForm if somebody changed the referral since `version` was shown.
    """
    case = lock_case(case)
    if case.version != version:
        raise StaleForm(
            _("Somebody else changed this referral in the meantime. Nothing was stored; compare and try again.")
        )
    changed = {name: value for name, value in changes.items() if getattr(case, name) != value}
    unknown = set(changed) - set(REFERRAL_FIELDS)
    if unknown:
        raise ValueError(f"not fields of a referral: {sorted(unknown)}")
    if not changed:
        return case
    before = {name: getattr(case, name) for name in changed}
    for name, value in changed.items():
        setattr(case, name, value)
    case.version += 1
    case.save(update_fields=[*changed, "version"])
    record(Kind.REFERRAL_CHANGED, by=by, case=case, subject=case, before=before, after=changed)
    project(case=case)
    return case


@transaction.atomic
def close_case(*, case: Case, by: User, reason: str, closed_as: str = "") -> Case:
    """Take a case out of the queue, with the reason. Nothing of it is deleted. Not while it is on an agenda; as a
    mistake, not once a meeting has decided on it.
    """
    case = lock_case(case)
    if case.state in (Case.State.LISTED, Case.State.DECIDED):
        raise ActionError(_("The case is on an agenda or waits for a signature: finish that first."))
    if case.state == Case.State.CLOSED:
        raise ActionError(_("The case is already closed."))
    if closed_as == Case.Closing.MISTAKE and case.decisions.exists():
        raise ActionError(_("A meeting has decided on this case: it was no mistake any more. Close it instead."))
    case.state, case.closed_reason, case.closed_as = Case.State.CLOSED, reason, closed_as
    case.save(update_fields=["state", "closed_reason", "closed_as"])
    record(Kind.CASE_CLOSED, by=by, case=case, subject=case, reason=reason, **({"as": closed_as} if closed_as else {}))
    project(case=case)
    return case


@transaction.atomic
def reopen_case(*, case: Case, by: User | None, reason: str) -> Case:
    """Bring a closed case, or a signed one that comes back, into the queue again. `by` None: somebody by a link."""
    case = lock_case(case)
    if case.state not in (Case.State.CLOSED, Case.State.SIGNED):
        raise ActionError(_("The case is in the queue already."))
    case.state, case.closed_reason, case.closed_as = Case.State.REFERRED, "", ""
    case.save(update_fields=["state", "closed_reason", "closed_as"])
    record(Kind.CASE_REOPENED, by=by, case=case, subject=case, reason=reason)
    project(case=case)
    return case


def take_back_referral(*, case: Case, by: User, reason: str) -> Case:
    """Close a case that was referred by mistake: it waits for nobody, and no figure of the audit counts it."""
    return close_case(case=case, by=by, reason=reason, closed_as=Case.Closing.MISTAKE)


def open_case(*, case: Case, by: User, page: str) -> None:
    """Log that a person looked at a patient's record."""
    record(Kind.CASE_OPENED, by=by, case=case, subject=case, page=page)
