from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdt.audit.jobs.models import Job
from mdt.meetings.models import AgendaItem


class AuditPack(Job):
    """Decisions put together as files for somebody outside: one (`item`), or all of a team's meetings in a period.

    `cursor` is the last agenda item whose files were kept; they are one transaction with it. What happened to a pack is
    in the event log; its files are deleted after some days.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")
        DELETED = "deleted", _("files deleted")

    DUTY = "audit-pack"

    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    language = models.CharField(_("language of the papers"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    cursor = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the list of files, SHA256SUMS."))

    class Meta:
        verbose_name = _("audit pack")
        verbose_name_plural = _("audit packs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["team", "-id"], name="pack_by_team")]
        constraints = [
            models.CheckConstraint(
                name="pack_state_known",
                condition=Q(state__in=["queued", "running", "done", "cancelled", "failed", "deleted"]),
            ),
            models.CheckConstraint(name="pack_period_in_order", condition=Q(last_on__gte=models.F("first_on"))),
        ]

    def __str__(self) -> str:
        return f"audit pack {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("pack", args=[self.pk])

    @property
    def filename(self) -> str:
        """Without the extension; names no patient."""
        what = self.item.case.reference if self.item_id else f"{self.first_on:%Y%m%d}-{self.last_on:%Y%m%d}"
        return f"audit-pack-{self.team.code}-{what}-{self.pk}"


class PackFile(models.Model):
    """One file of a pack, as it will lie in the ZIP."""

    pack = models.ForeignKey(AuditPack, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the content."))

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="pack_file_once", fields=["pack", "name"])]

    def __str__(self) -> str:
        return self.name
