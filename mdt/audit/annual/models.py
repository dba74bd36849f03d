from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdt.audit.jobs.models import Job


class AnnualReport(Job):
    """A report that somebody asked for, how far the worker has come, and in the end the PDF itself.

    The figures change as follow-up comes in: each report keeps which lines of the event log had been counted.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("could not be made")

    DUTY = "annual-report"
    QUIET_AFTER = timedelta(seconds=60)

    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveSmallIntegerField(default=0, help_text=_("Tables that are counted."))
    total = models.PositiveSmallIntegerField(default=0)
    counted_from = models.PositiveBigIntegerField(
        default=0, help_text=_("Last line of the event log counted when the first table was made.")
    )
    counted_until = models.PositiveBigIntegerField(default=0, help_text=_("The same after the last table."))
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the PDF."))

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["team", "-id"], name="annual_report_by_team")]
        constraints = [
            models.CheckConstraint(
                name="annual_report_state_known", condition=Q(state__in=["queued", "running", "done", "failed"])
            ),
            models.CheckConstraint(
                name="annual_report_done_has_content", condition=~Q(state="done") | Q(content__isnull=False)
            ),
            models.UniqueConstraint(
                name="annual_report_open_once",
                fields=["team", "first_on", "last_on", "language"],
                condition=Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.first_on}–{self.last_on} ({self.language})"

    def get_absolute_url(self) -> str:
        return reverse("annual-report", args=[self.pk])
