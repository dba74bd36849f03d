"""What outlives a patient's rows must not name them."""

from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.models import Patient


def refuse_names(patient: Patient, text: str) -> None:
    """What is kept of an erased patient must not name them."""
    for word in (patient.name, patient.hospital_number, patient.national_number):
        if word and word in text:
            raise ActionError(_("This text stays when the patient is erased, and it names them: leave that out."))
