"""The disciplines of a tumour board. Their codes are shared with classification/rules (owner of a fact)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Discipline(models.TextChoices):
    SURGERY = "surgery", _("Surgery")
    HEPATOBILIARY = "hepatobiliary", _("Hepatobiliary surgery")
    ONCOLOGY = "oncology", _("Oncology")
    RADIOLOGY = "radiology", _("Radiology")
    PATHOLOGY = "pathology", _("Pathology")
    ENDOSCOPY = "endoscopy", _("Endoscopy")
    INTERVENTIONAL = "interventional", _("Interventional radiology")
    NURSING = "nursing", _("Nursing")
    COORDINATION = "coordination", _("Coordination")
