"""Whose case it is: entering a patient, telling patients apart by their numbers, and correcting their details."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases import identity
from cases.actions.errors import ActionError, StaleForm
from cases.actions.projection import project, propose_if_changed
from cases.correction_reasons import LATER_REFERRAL
from cases.models import Case, Patient, PatientCorrection
from mdt.events.chain import Restricted, record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User

DETAILS = ("hospital_number", "national_number", "name", "born_on", "sex")
UNKNOWN = Patient.Sex.UNKNOWN


class NumberTaken(ActionError):
    """A number is on record for somebody else. `field` is the entry that it is about."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


def lock_numbers(team: Team) -> None:
    """Of two people who enter the same number at once, one waits for the other."""
    # Without the key: lines of the log and new rows go on pointing at the team meanwhile.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def patient_for(*, team: Team, details: dict[str, Any]) -> tuple[Patient, dict[str, Any]]:
    """The team's patient with this hospital number, or a new one; and what the record of an old one lacks and
    `details` have. Locks the patient. Raises NumberTaken where the numbers belong to somebody else, and ActionError
    while the patient's data may only be stored.

    Asked among the patients of this one team: whoever refers to it may open their cases.
    """
    lock_numbers(team)
    details = {**details, "hospital_number": details["hospital_number"].strip(), "name": details["name"].strip()}
    details["national_number"] = identity.plain(details["national_number"])
    patient = Patient.objects.select_for_update().filter(team=team, hospital_number=details["hospital_number"]).first()
    # Before anything is compared: what the record of such a patient says is told to nobody.
    if patient is not None and Case.objects.filter(patient=patient, is_restricted=True).exists():
        raise ActionError(_("The data of this patient may only be stored just now: ask the privacy office."))
    _refuse_identity_number_of_another(team, details, own=patient)
    if patient is None:
        return Patient.objects.create(team=team, **details), {}
    if (patient.name.casefold(), patient.born_on) != (details["name"].casefold(), details["born_on"]):
        raise NumberTaken(
            _("Hospital number %(number)s belongs to a patient with another name or date of birth. Check the number.")
            % {"number": patient.hospital_number},
            "hospital_number",
        )
    lacks = {}
    for name, nothing, said in (
        ("national_number", "", _("Hospital number %(number)s is on record with another identity number. Check both.")),
        ("sex", UNKNOWN, _("Hospital number %(number)s is on record with another sex. Check the number.")),
    ):
        stored, typed = getattr(patient, name), details[name]
        if name == "national_number":
            stored = identity.plain(stored)
        if typed in (nothing, stored):
            continue
        if stored != nothing:
            raise NumberTaken(said % {"number": patient.hospital_number}, name)
        lacks[name] = typed
    if lacks:  # their words of search change too
        list(Case.objects.select_for_update(of=("self",)).filter(patient=patient).order_by("pk"))
    return patient, lacks


def _refuse_identity_number_of_another(team: Team, details: dict[str, Any], own: Patient | None) -> None:
    number = details["national_number"]
    if not number:
        return
    others = Patient.objects.filter(team=team, national_number__in=[number, number.lower()])  # an x of before
    other = (others.exclude(pk=own.pk) if own else others).order_by("pk").first()
    if other is None:
        return
    same = (other.name.casefold(), other.born_on) == (details["name"].casefold(), details["born_on"])
    words = {"number": number, "other": other.hospital_number}
    if Case.objects.filter(patient=other, is_restricted=True).exists():
        said = _("Identity number %(number)s belongs to a patient with another hospital number. Check both numbers.")
    elif same:
        said = _(
            "Identity number %(number)s is on record under hospital number %(other)s. Use that number, or correct the "
            "patient's details first."
        )
    else:
        said = _(
            "Identity number %(number)s belongs to a patient with another name or date of birth, under hospital number "
            "%(other)s. Check the number."
        )
    raise NumberTaken(said % words, "national_number")


@transaction.atomic
def correct_patient(*, case: Case, by: User, version: int, reason: str, **changes: Any) -> Patient:
    """Correct details of the case's patient (DETAILS); every case of the patient shows and is found by them since.

    What they said before stays as a row of its own. Papers that are signed keep what they said. After another birth the
    rules are asked again, for the age follows from it. Raises StaleForm if somebody corrected the patient since
    `version` was shown, NumberTaken for a number of somebody else, ActionError without a reason, and Restricted while
    the data may only be stored.
    """
    unknown = set(changes) - set(DETAILS)
    if unknown:
        raise ValueError(f"not details of a patient: {sorted(unknown)}")
    reason = reason.strip()
    if not reason or len(reason) > 400:
        raise ActionError(_("Say in up to 400 characters why the details are corrected."))
    lock_numbers(case.team)
    patient = Patient.objects.select_for_update().get(pk=case.patient_id)
    cases = _lock_cases_of(patient)
    if patient.version != version:
        raise StaleForm(
            _("Somebody else corrected this patient in the meantime. Nothing was stored; compare and try again.")
        )
    details = {name: changes.get(name, getattr(patient, name)) for name in DETAILS}
    details["national_number"] = identity.plain(details["national_number"])
    changed = {name: value for name, value in details.items() if value != getattr(patient, name)}
    if not changed:
        return patient
    taken = Patient.objects.filter(team=patient.team_id, hospital_number=details["hospital_number"])
    if taken.exclude(pk=patient.pk).exists():
        raise NumberTaken(
            _("Hospital number %(number)s belongs to another patient of the team. Check the number.")
            % {"number": details["hospital_number"]},
            "hospital_number",
        )
    if "national_number" in changed:
        _refuse_identity_number_of_another(case.team, details, own=patient)
    _store(patient, changed, case=case, by=by, reason=reason)
    for each in cases:
        each.patient = patient
        if "born_on" in changed:  # the one detail that rules read: the age follows from it
            propose_if_changed(case=each, by=by)
        else:
            project(case=each)
    return patient


def complete_patient(*, case: Case, by: User, lacks: dict[str, Any]) -> None:
    """Enter what a patient's record lacked and a later referral, this case, says."""
    if lacks:
        _store(case.patient, lacks, case=case, by=by, reason=LATER_REFERRAL)
        for each in Case.objects.filter(patient=case.patient).exclude(pk=case.pk).order_by("pk"):
            project(case=each)


def _lock_cases_of(patient: Patient) -> list[Case]:
    cases = list(Case.objects.select_for_update(of=("self",)).filter(patient=patient).order_by("pk"))
    restricted = next((case for case in cases if case.is_restricted), None)
    if restricted is not None:
        raise Restricted(restricted.reference)
    return cases


def _store(patient: Patient, changed: dict[str, Any], *, case: Case, by: User, reason: str) -> None:
    before = {name: _as_json(getattr(patient, name)) for name in changed}
    for name, value in changed.items():
        setattr(patient, name, value)
    patient.version += 1
    patient.save(update_fields=[*changed, "version"])
    correction = PatientCorrection.objects.create(
        patient=patient,
        case=case,
        before=before,
        after={name: _as_json(value) for name, value in changed.items()},
        reason=reason,
        corrected_by=by,
    )
    record(Kind.PATIENT_CORRECTED, by=by, case=case, subject=correction, fields=list(changed), reason=reason)


def _as_json(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
