"""What was corrected in a patient's details, in words."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.correction_reasons import reason_in_words
from cases.models import Patient, PatientCorrection
from mdt.people.templatetags.looks import day

# In the order of the form: PostgreSQL keeps what is in a JSON column in an order of its own.
_FIELDS = tuple(field.name for field in Patient._meta.fields)


@dataclass(frozen=True)
class Corrected:
    """One correction: the changes as lines, each with what stood before and what stands since."""

    correction: PatientCorrection
    lines: list[dict[str, str]]

    @property
    def reason(self) -> str:
        """As it was typed; one that the program gave, in the language of whoever reads."""
        return reason_in_words(self.correction.reason)

    @property
    def text(self) -> str:
        """`Name: Lin Meihua → Lin Meihui; Date of birth: …`."""
        said = (_("%(detail)s: %(before)s → %(after)s") % line for line in self.lines)
        return _("; ").join(said)


def corrections_of(patient: Patient) -> list[Corrected]:
    """The newest first."""
    rows = patient.corrections.select_related("corrected_by", "case").order_by("-id")
    return [Corrected(row, [_line(name, row) for name in _FIELDS if name in row.after]) for row in rows]


def fields_corrected(corrections: list[Corrected]) -> str:
    """Which details, each once: `name, date of birth`."""
    names = dict.fromkeys(line["detail"] for each in corrections for line in each.lines)
    return _(", ").join(names)


def _line(name: str, row: PatientCorrection) -> dict[str, str]:
    label = str(Patient._meta.get_field(name).verbose_name)
    return {"detail": capfirst(label), "before": _words(name, row.before[name]), "after": _words(name, row.after[name])}


def _words(name: str, value: str) -> str:
    if not value:
        return _("not stated")
    if name == "born_on":
        return day(value)
    return str(dict(Patient.Sex.choices).get(value, value)) if name == "sex" else value
