from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.events.kinds import Kind, choices


class EventQuerySet(AppendOnlyQuerySet):
    def of_case(self, reference: str) -> "EventQuerySet":
        """Events of one case, oldest first."""
        return self.filter(case_reference=reference).order_by("number")

    def writes(self) -> "EventQuerySet":
        """Without the mere reading: what changed something."""
        return self.exclude(kind__in=[Kind.CASE_OPENED, Kind.DOCUMENT_OPENED, Kind.EVENTS_VIEWED, Kind.MEETING_OPENED])


class Event(AppendOnly):
    """One line of the log: who did what to which row, and when.

    `digest` covers the line and the digest before it, so a changed, removed or inserted line breaks the chain.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("team"))
    case_reference = models.CharField(_("case"), max_length=32, blank=True)
    kind = models.CharField(_("what happened"), max_length=32, choices=choices)
    subject = models.CharField(
        _("row"), max_length=64, blank=True, help_text=_("Model and primary key of the row that was written.")
    )
    data = models.JSONField(_("details"), default=dict)
    rows = models.JSONField(
        null=True, help_text="The rows that it wrote, with their digests (mdt.events.rows); null: none."
    )
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["case_reference", "number"], name="event_by_case"),
            models.Index(fields=["team", "-number"], name="event_by_team"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.case_reference}".strip()


class ChainHead(models.Model):
    """The end of the chain: locked while a line is added, so that two writers cannot follow the same line."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class RowShape(AppendOnly):
    """Which columns the digest of a row covers, by the name that the log gives to exactly these columns.

    A migration that adds a column gives the table a new shape; rows of before are then named again under it.
    """

    label = models.CharField(max_length=80, help_text="Model.")
    shape = models.CharField(max_length=16, help_text="Digest of the names of the columns.")
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["label", "shape"], name="row_shape_once")]

    def __str__(self) -> str:
        return f"{self.label}@{self.shape}"


class Checkpoint(AppendOnly):
    """The end of the log at one moment, signed: kept outside, it proves later that nothing before it was rewritten."""

    number = models.PositiveBigIntegerField(help_text="Of the last line.")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64, help_text="The public key, Ed25519, in hexadecimal digits.")
    signature = models.CharField(max_length=128)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class ErasureWindow(models.Model):
    """While a transaction holds a row here, the guards of append-only tables let it through; it never commits one."""

    order = models.PositiveBigIntegerField(primary_key=True, help_text="Number of the order that is carried out.")

    def __str__(self) -> str:
        return f"order {self.order}"


class SentForm(models.Model):
    """That a form has had its effect: written in the same transaction, so that the form never has it twice."""

    key = models.CharField(max_length=64, unique=True, help_text="Of person, address, page and entries (mdt.once).")
    request = models.CharField(max_length=32, help_text="Which of several sendings it was.")
    answer = models.CharField(max_length=300, blank=True, help_text="Where the person was led then.")
    is_answered = models.BooleanField(default=False, help_text="Whether that is known yet.")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:12]} {self.at:%Y-%m-%d %H:%M}"
