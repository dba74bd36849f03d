"""What other systems are let in by."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedQuerySet(models.QuerySet["CalendarFeed"]):
    def open(self) -> "FeedQuerySet":
        """Feeds that answer: not revoked, and of somebody whose account is active."""
        return self.filter(revoked_at__isnull=True, person__is_active=True)


class CalendarFeed(models.Model):
    """An address from which a calendar program reads one person's meetings without signing in.

    The address holds a secret of 256 bits, which is shown once; only its SHA-256 is kept.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds")
    name = models.CharField(_("where I use it"), max_length=60, help_text=_("For instance: phone."))
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"
