from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models.finding import Finding
from mdt.events.append_only import AppendOnly


class Quotation(AppendOnly):
    """The words of the report that a fact of a finding was taken from, by a click.

    `value` is one part of a fact that has several: a lesion, a site, a station.
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="quotations")
    fact = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("value"))
    start = models.PositiveIntegerField(help_text=_("Where the words begin: characters of the report text."))
    end = models.PositiveIntegerField(help_text=_("Where the words end."))
    pattern = models.CharField(
        _("pattern"), max_length=60, help_text=_("Name of the pattern in mdt.reading that found them.")
    )

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["finding", "start", "id"]
        constraints = [
            models.CheckConstraint(name="quotation_has_words", condition=models.Q(end__gt=models.F("start")))
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.fact}, {self.start}–{self.end}"

    @property
    def words(self) -> str:
        """As they stand in the report."""
        return self.finding.report_text[self.start : self.end]
