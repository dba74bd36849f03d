from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.patient import Patient
from mdt.events.append_only import AppendOnly


class PatientCorrection(AppendOnly):
    """Details of a patient were corrected: what they said before and after, by whom and why.

    The log has the names of the fields only: its lines hold no patient's name or identifier.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="corrections")
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="+", help_text=_("On whose page the details were corrected.")
    )
    before = models.JSONField(help_text=_("Field and what it said, dates as YYYY-MM-DD."))
    after = models.JSONField(help_text=_("The same fields, and what they say since."))
    reason = models.CharField(_("reason"), max_length=400)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("correction of a patient's details")
        verbose_name_plural = _("corrections of patients' details")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.patient_id}, correction {self.pk}"
