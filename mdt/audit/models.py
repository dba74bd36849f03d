from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Proposal
from mdt.audit.annual.models import AnnualReport
from mdt.audit.followup.checks.models import FollowUpNotice
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.jobs.models import Job, percent_of
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.audit.packs.models import AuditPack, PackFile
from mdt.audit.replay.models import ReplayedDecision
from mdt.audit.rows.models import AuditCursor, AuditRow

__all__ = [
    "AnnualReport",
    "AuditCursor",
    "AuditPack",
    "AuditRow",
    "FollowUpEvent",
    "FollowUpNotice",
    "ImplementationReport",
    "PackFile",
    "ReplayChange",
    "ReplayRun",
    "ReplayedDecision",
]


class ReplayRun(Job):
    """One edition in one reading asked about all snapshots of a team's pathway, and how far the worker has come.

    `cursor` is the last proposal that was answered: whoever takes the run up again continues behind it. The counts and
    the rows of ReplayChange behind it are one transaction with it. Once all are answered, the team's past decisions are
    judged by the same rules: `item_cursor` is then the last agenda item that was judged, null before.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")

    DUTY = "replay"

    pathway = models.CharField(max_length=20)
    scheme = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    reading = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, help_text=_("Digest of the edition and reading that answer."))
    is_all_snapshots = models.BooleanField(
        _("earlier snapshots too"), default=False, help_text=_("Otherwise only the newest proposal of each case.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    changed = models.PositiveIntegerField(default=0)
    irregular = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    counts = models.JSONField(
        default=dict,
        help_text=_(
            "For possible and provisional: old and new categories, and how often; for decisions their concordance."
        ),
    )
    cursor = models.BigIntegerField(default=0)
    decisions_total = models.PositiveIntegerField(default=0)
    decisions_done = models.PositiveIntegerField(default=0)
    item_cursor = models.BigIntegerField(null=True)
    began_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering = ["-id"]
        indexes = [models.Index(fields=["team", "-id"], name="replay_by_team")]
        constraints = [
            models.CheckConstraint(
                name="replay_state_known",
                condition=Q(state__in=["queued", "running", "done", "cancelled", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.edition} {self.reading}".strip()

    def get_absolute_url(self) -> str:
        return reverse("replay", args=[self.pk])

    @property
    def percent(self) -> int:
        """Of the snapshots and of the past decisions together."""
        done, total = self.done + self.decisions_done, self.total + self.decisions_total
        return percent_of(done, total, is_open=self.is_open)


class ReplayChange(models.Model):
    """A snapshot that a run answers otherwise than its proposal does. Snapshots that stay are only counted."""

    run = models.ForeignKey(ReplayRun, models.CASCADE, related_name="changes")
    # Without an index of its own: a million rows are written at once, and nobody asks by proposal.
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", db_index=False)
    old_possible = models.CharField(max_length=400, blank=True)
    new_possible = models.CharField(max_length=400, blank=True)
    old_provisional = models.CharField(max_length=400, blank=True)
    new_provisional = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"proposal {self.proposal_id}: {self.old_possible} → {self.new_possible}"
