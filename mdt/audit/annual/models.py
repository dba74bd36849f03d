from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdt.people.models import Team


class AnnualReport(models.Model):
    """A report that somebody asked for, how far the worker has come, and in the end the PDF itself.

    The figures change as follow-up comes in: each report keeps which lines of the event log had been counted.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for the worker")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("could not be made")

    OPEN = (State.QUEUED, State.RUNNING)

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveSmallIntegerField(default=0, help_text=_("Tables that are counted."))
    total = models.PositiveSmallIntegerField(default=0)
    counted_from = models.PositiveBigIntegerField(
        default=0, help_text=_("Last line of the event log counted when the first table was made.")
    )
    counted_until = models.PositiveBigIntegerField(default=0, help_text=_("The same after the last table."))
    ended_at = models.DateTimeField(null=True, blank=True)
    content = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the PDF."))
    error = models.CharField(max_length=200, blank=True)

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

    @property
    def is_open(self) -> bool:
        """Whether the worker has still to make it."""
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
