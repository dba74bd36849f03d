from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.decision import Decision
from mdt.meetings.models.meeting import Meeting


class Document(AppendOnly):
    """A PDF as it was made: of one decision version its letter, chart record or patient's page; a meeting's minutes."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("outcome letter")
        RECORD = "record", _("record for the chart")
        PATIENT = "patient", _("page for the patient")
        MINUTES = "minutes", _("minutes")

    kind = models.CharField(max_length=8, choices=Kind)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="documents")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="documents")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    source_digest = models.CharField(max_length=64, help_text=_("SHA-256 of the data that was printed."))
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the PDF."))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="document_of_decision_or_meeting",
                condition=Q(kind__in=["letter", "record", "patient"], decision__isnull=False, meeting__isnull=True)
                | Q(kind="minutes", decision__isnull=True, meeting__isnull=False),
            ),
            models.UniqueConstraint(
                name="paper_of_decision_once",
                fields=["decision", "kind", "language", "source_digest"],
                condition=Q(decision__isnull=False),
            ),
            models.UniqueConstraint(
                name="minutes_once",
                fields=["meeting", "language", "source_digest"],
                condition=Q(kind="minutes"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"
