"""Requests to erase a patient, their answers, erasures, and legal holds."""

import os
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.models import Case, Patient
from mdt.events import actions as event_actions
from mdt.events.chain import record
from mdt.events.erasing import lines_naming
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead
from mdt.meetings.models import AgendaItem, ErasedItem
from mdt.meetings.outcome.working_days import day_of
from mdt.people.models import Team, User
from mdt.privacy.actions.naming import refuse_names
from mdt.privacy.actions.notices import owe_notices
from mdt.privacy.models import Erasure, ErasureDecision, ErasureRequest, HoldLifting, LegalHold, Notice
from mdt.privacy.policy import policy
from mdt.privacy.reach import Part, Reach, cases_of, named_elsewhere, reach_of

ERASED_BEFORE = "mdt-erasure 1"
"""Begins each line of the file that says, outside the database, what was erased; a restored backup is compared."""


@transaction.atomic
def look_up(*, case: Case, by: User) -> None:
    """Log that the privacy office saw whose case this is."""
    record(Kind.PATIENT_LOOKED_UP, by=by, case=case, subject=case)


@transaction.atomic
def ask_erasure(*, case: Case, by: User | None, asked_by: str, right: str, asked_on: date, text: str) -> ErasureRequest:
    """Record that the patient of this case is to be erased. Raises ActionError for a text that names the patient, for
    a day to come, and while another request for the patient is open."""
    refuse_names(case.patient, text)
    if asked_on > timezone.localdate():
        raise ActionError(_("This date lies in the future."))
    Patient.objects.select_for_update().get(pk=case.patient_id)
    if ErasureRequest.objects.filter(patient_id=case.patient_id, erasure=None).exclude(decision__outcome="refused"):
        raise ActionError(_("A request for this patient is open already."))
    request = ErasureRequest.objects.create(
        team=case.team,
        patient_id=case.patient_id,
        case_reference=case.reference,
        asked_by=asked_by,
        right=right,
        asked_on=asked_on,
        text=text,
        recorded_by=by,
    )
    record(Kind.ERASURE_ASKED, by=by, team=case.team, subject=request, order=request.pk, asked_by=asked_by, right=right)
    return request


@transaction.atomic
def decide_erasure(
    *,
    request: ErasureRequest,
    by: User,
    outcome: str,
    parts: Collection[str],
    exceptions: Collection[str],
    reason: str,
) -> ErasureDecision:
    """Answer a request. Raises ActionError where what is kept has no exception that keeps it, where the parts do not
    fit the outcome, or where it was answered already."""
    request = ErasureRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided:
        raise ActionError(_("This request was decided already."))
    patient = Patient.objects.filter(pk=request.patient_id).first()
    if patient is not None:
        refuse_names(patient, reason)
    held, parts = policy(), sorted(set(parts))
    if set(exceptions) - {each.code for each in held.exceptions} or set(parts) - set(Part.values):
        raise ActionError(_("This is not in the policy."))
    if outcome == ErasureDecision.Outcome.GRANTED:
        parts, exceptions = [Part.RECORD.value], []
    elif not exceptions:
        raise ActionError(_("Say which exception of the law keeps what is not erased."))
    elif outcome == ErasureDecision.Outcome.REFUSED:
        parts = []
    elif not parts or Part.RECORD in parts:
        raise ActionError(_("Granted in part: choose copies or drafts, or both. The record is all or nothing."))
    decision = ErasureDecision.objects.create(
        request=request,
        outcome=outcome,
        parts=parts,
        exceptions=sorted(set(exceptions)),
        reason=reason,
        policy_digest=held.digest,
        decided_by=by,
    )
    record(
        Kind.ERASURE_DECIDED,
        by=by,
        team=request.team,
        subject=decision,
        order=request.pk,
        outcome=outcome,
        parts=parts,
        exceptions=decision.exceptions,
        reason=reason,
    )
    return decision


def carry_out(*, request: ErasureRequest, by: User, reference: str) -> Erasure:
    """Erase what was granted, in one transaction with the order's line in the log; another person than who decided.

    The log is read and other cases are searched before, while nobody waits. Raises ActionError where the order may not
    be carried out: not granted, done already, held, by the same person, or the wrong case.
    """
    _check(request, by, reference)
    patient = Patient.objects.get(pk=request.patient_id)
    before = reach_of(patient.pk, request.decision.parts, order=request.pk)
    until = ChainHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    lines = lines_naming(before.keys, _told(before, request), until=until)
    elsewhere = named_elsewhere(patient, before)
    return _carry_out(request, by, reference, lines, until, elsewhere)


def _told(reach: Reach, request: ErasureRequest) -> list[str]:
    """The cases whose lines lose their details: only where the record itself goes."""
    return reach.references if Part.RECORD in request.decision.parts else []


def _check(request: ErasureRequest, by: User, reference: str) -> None:
    decision = request.decided
    if decision is None or decision.outcome == ErasureDecision.Outcome.REFUSED:
        raise ActionError(_("Nothing of this request was granted."))
    if request.carried_out:
        raise ActionError(_("This order was carried out already."))
    if decision.decided_by == by:
        raise ActionError(_("Who decided cannot carry it out as well: a second person does."))
    if LegalHold.objects.in_force().filter(patient_id=request.patient_id).exists():
        raise ActionError(_("A legal hold is in force: nothing of this patient may be erased."))
    if reference.strip().upper() != request.case_reference.upper():
        raise ActionError(_("This is not the case of the order."))


@transaction.atomic
def _carry_out(
    request: ErasureRequest, by: User, reference: str, lines: list[int], until: int, elsewhere: list[str]
) -> Erasure:
    # Cases before the end of the log, as everybody who writes locks them: from here on nobody writes of the patient.
    list(cases_of(request.patient_id).select_for_update())
    ChainHead.objects.select_for_update().get_or_create(pk=1)
    request = ErasureRequest.objects.select_for_update().select_related("team").get(pk=request.pk)
    _check(request, by, reference)
    reach = reach_of(request.patient_id, request.decision.parts, order=request.pk)
    told = _told(reach, request)
    if told:
        _leave_marks(reach, request)
        gone = list(cases_of(request.patient_id).select_related("team"))
        owe_notices(cases=gone, by=by, because=Notice.Because.ERASURE, reason="")
    tables = reach.count()
    erasure = Erasure(
        request=request,
        references=reach.references,
        parts=request.decision.parts,
        tables=tables,
        lines=len({*lines, *lines_naming(reach.keys, told, after=until)}),
        elsewhere=elsewhere,
        carried_out_by=by,
    )
    erasure.save()
    event_actions.erase(
        order=request.pk,
        by=by,
        team=request.team,
        references=told,
        gone=reach.gone,
        changed=reach.changed,
        known_lines=lines,
        known_until=until,
        subject=request,
    )
    if told:
        transaction.on_commit(lambda: _note_outside(request, reach.references), robust=True)
    return erasure


def _leave_marks(reach: Reach, request: ErasureRequest) -> None:
    """On the agenda of each meeting: that there was a case."""
    items = (
        AgendaItem.objects.filter(case__in=cases_of(request.patient_id))
        .select_related("case", "meeting__team")
        .order_by("pk")
    )
    ErasedItem.objects.bulk_create(
        ErasedItem(
            meeting_id=item.meeting_id,
            meeting_on=day_of(item.meeting.starts_at, item.meeting.team),
            pathway=item.case.pathway,
            was_discussed=item.decisions.exists(),
            order=request.pk,
        )
        for item in items
    )


def _note_outside(request: ErasureRequest, references: list[str]) -> None:
    """Beside the database, so that it outlives a restore: which order erased which cases."""
    path = Path(settings.ERASURE_FILE)
    line = f"{ERASED_BEFORE} {request.pk} {timezone.now():%Y-%m-%dT%H:%M:%S%z} {' '.join(references)}\n"
    with path.open("a") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def ask_again() -> list[ErasureRequest]:
    """After a restore: a request for every patient whom the file says to be erased and the database has again."""
    path = Path(settings.ERASURE_FILE)
    lines = path.read_text().splitlines() if path.exists() else []
    references = {word for line in lines if line.startswith(ERASED_BEFORE) for word in line.split()[4:]}
    made = []
    for case in Case.objects.filter(reference__in=references).select_related("team", "patient").order_by("pk"):
        text = _("Erased before by order; a restored backup brought it back.")
        try:
            request = ask_erasure(
                case=case, by=None, asked_by="restored", right="policy", asked_on=timezone.localdate(), text=text
            )
        except ActionError:  # another case of the same patient was first
            continue
        made.append(request)
    return made


def say_what_came_back() -> Iterator[str]:
    """Of a restore: the requests that it made necessary, one line each."""
    for request in ask_again():
        yield f"{request.case_reference} had been erased and is back: request {request.pk} waits for a decision."


@transaction.atomic
def place_hold(*, case: Case, by: User, reason: str) -> LegalHold:
    """Let nothing of the patient of this case be erased. Raises ActionError where a hold is in force."""
    refuse_names(case.patient, reason)
    Patient.objects.select_for_update().get(pk=case.patient_id)
    if LegalHold.objects.in_force().filter(patient_id=case.patient_id).exists():
        raise ActionError(_("A legal hold is in force already."))
    hold = LegalHold.objects.create(
        team=case.team, patient_id=case.patient_id, case_reference=case.reference, reason=reason, placed_by=by
    )
    record(Kind.HOLD_PLACED, by=by, case=case, subject=hold, reason=reason)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: User, reason: str) -> None:
    """End a hold. Raises ActionError where it has ended."""
    hold = LegalHold.objects.select_for_update(of=("self",)).select_related("team").get(pk=hold.pk)
    if HoldLifting.objects.filter(hold=hold).exists():
        raise ActionError(_("This hold was lifted already."))
    lifting = HoldLifting.objects.create(hold=hold, reason=reason, lifted_by=by)
    team: Team = hold.team
    record(Kind.HOLD_LIFTED, by=by, team=team, subject=lifting, hold=hold.pk, reason=reason)
