"""The patient's details on papers: as they were signed, even if somebody corrected them since."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cases.models import PatientCorrection
from cases.patient_history import Corrected, corrections_of, fields_corrected
from mdt.meetings.models import Decision
from mdt.people.templatetags.looks import day


def with_patient_of_its_day(decision: Decision) -> Decision:
    """A signed decision is printed with the patient's details as they were signed; what is not signed, as they are.

    `decision` was read for this paper alone: its case is not to be saved.
    """
    if decision.is_signed:
        decision.case.patient = decision.case.patient.as_of(decision.sign_off.signed_at)
    return decision


def corrected_among(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of patients whose details were corrected after the signature, each with the patient of its day. One query
    where nobody was ever corrected."""
    decisions = list(decisions)
    ids = {decision.case.patient_id for decision in decisions}
    ever = set(PatientCorrection.objects.filter(patient__in=ids).values_list("patient", flat=True))
    asked = (with_patient_of_its_day(each) for each in decisions if each.case.patient_id in ever)
    return [decision for decision in asked if corrected_since(decision)]


def corrected_since(decision: Decision) -> list[Corrected]:
    """Corrections of the patient's details after the signature, the newest first; none without one."""
    if not decision.is_signed:
        return []
    signed_at = decision.sign_off.signed_at
    return [each for each in corrections_of(decision.case.patient) if each.correction.corrected_at > signed_at]


def corrected_notice(decision: Decision) -> str:
    """What a reader of a signed paper must know; empty where nothing was corrected since."""
    later = corrected_since(decision)
    if not later:
        return ""
    words = {"day": day(later[0].correction.corrected_at), "details": fields_corrected(later)}
    return (
        _(
            "The patient's details were corrected on %(day)s, after the signature: %(details)s. This paper keeps what "
            "was signed; the case's history says what holds now."
        )
        % words
    )
