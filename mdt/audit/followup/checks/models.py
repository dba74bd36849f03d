from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.meetings.models import Decision


class FollowUpNotice(models.Model):
    """One person is to be asked what became of one decision, at 14 or 30 days; its message, once it was written.

    A digest gathers what is pending for a person. Nobody is asked twice of the same decision at the same age.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="follow_up_notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    after_days = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    message = models.ForeignKey("mail.Message", models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Somebody had reported, or the person may not any more.")
    )

    class Meta:
        verbose_name = _("question what became of a decision")
        verbose_name_plural = _("questions what became of decisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="follow_up_asked_once", fields=["decision", "person", "after_days"]),
        ]
        indexes = [
            models.Index(
                name="follow_up_pending",
                fields=["person"],
                condition=models.Q(message__isnull=True, dropped_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} is asked of {self.decision_id} after {self.after_days} days"
