from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.decision import Decision
from mdt.meetings.models.meeting import Meeting


class Document(AppendOnly):
    """A PDF as it was made: the outcome letter of one signed decision version, or the minutes of a meeting."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("outcome letter")
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
                condition=Q(kind="letter", decision__isnull=False, meeting__isnull=True)
                | Q(kind="minutes", decision__isnull=True, meeting__isnull=False),
            ),
            models.UniqueConstraint(
                name="letter_once",
                fields=["decision", "language", "source_digest"],
                condition=Q(kind="letter"),
            ),
            models.UniqueConstraint(
                name="minutes_once",
                fields=["meeting", "language", "source_digest"],
                condition=Q(kind="minutes"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"
