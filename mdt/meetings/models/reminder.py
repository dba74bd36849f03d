"""Who was reminded of what: one row for each person and occasion, so that nobody is reminded of a thing twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from mdt.mail.models import Message


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def pending(self) -> "ReminderQuerySet":
        """Neither told nor settled."""
        return self.filter(message__isnull=True, dropped_at__isnull=True)


class Reminder(models.Model):
    """A person is to be reminded of facts of a case, for a discipline. The digest of the day tells them, or drops it
    where the facts came in first.

    `occasion`: the deadline's day and which reminder of it this is, such as '2026-12-01/5' for five days before, or
    '2026-12-01/+' with the items that came to be missing later; '2026-12-01/by-hand/' with the moment where a
    coordinator asked for it.
    """

    BY_HAND = "by-hand"

    case = models.ForeignKey(Case, models.PROTECT, related_name="reminders")
    discipline = models.CharField(_("discipline"), max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders")
    occasion = models.CharField(max_length=120)
    facts = models.JSONField(default=list, help_text="Required items that were missing or too old.")
    made_at = models.DateTimeField(auto_now_add=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(
        null=True, help_text="The facts came in, or the case moved on, before it was told."
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="reminder_once", fields=["case", "discipline", "person", "occasion"]),
            models.CheckConstraint(
                name="reminder_told_or_dropped", condition=Q(message__isnull=True) | Q(dropped_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=Q(message__isnull=True, dropped_at__isnull=True),
                name="reminder_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.case_id} {self.discipline} {self.occasion}"

    @property
    def is_by_hand(self) -> bool:
        """Asked for by a coordinator: told after the deadline, too."""
        return f"/{self.BY_HAND}/" in self.occasion
