from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Who asked for something and how far the worker has come. States are each kind's own; two of them are open."""

    OPEN = ("queued", "running")
    DUTY = ""
    """Kind of the duty by which the worker takes it up."""
    QUIET_AFTER = timedelta(seconds=20)
    """A round of the worker takes less; longer than this without one is worth a word."""

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether the worker has still to do something for it."""
        return self.state in self.OPEN

    @property
    def percent(self) -> int:
        return percent_of(self.done, self.total, is_open=self.is_open)


def percent_of(done: int, total: int, *, is_open: bool) -> int:
    """Of nothing: none while it is open, else all."""
    if not total:
        return 0 if is_open else 100
    return min(100, done * 100 // total)
