from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.patient import not_in_future
from mdt.events.append_only import AppendOnly


class Restaging(AppendOnly):
    """A new look at the disease under or after systemic treatment: from here on findings are asked for once more.

    Findings of the first staging belong to none. Each restaging stands for itself: what an earlier one found holds no
    longer, except for facts that treatment cannot change (`carries_over` in the pathway's vocabulary).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="restagings")
    number = models.PositiveIntegerField(_("number"))
    started_on = models.DateField(
        _("restaging from"), validators=[not_in_future], help_text=_("First day of the new examinations.")
    )
    reason = models.CharField(
        _("why the disease is staged again"),
        max_length=400,
        help_text=_("Which treatment was given, and what the meeting needs to know now."),
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("restaging")
        verbose_name_plural = _("restagings")
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(name="restaging_number_once", fields=["case", "number"])]

    def __str__(self) -> str:
        return f"{self.case_id}, restaging {self.number}"
