"""The table of duties."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from mdt.clocks import CLOCK_SLACK
from mdt.duties import registry


class DutyQuerySet(models.QuerySet["Duty"]):
    def open(self) -> "DutyQuerySet":
        """Duties still to be carried out, or being carried out."""
        return self.filter(state__in=Duty.OPEN)

    def abandoned(self, now: datetime) -> "DutyQuerySet":
        """Claimed so long ago that the worker which claimed them must have ended."""
        return self.filter(_abandoned(now))

    def claimable(self, now: datetime) -> "DutyQuerySet":
        """Due and waiting, or abandoned. A clock that was wrong for a while and went back stops nothing: a retry waits
        an hour at most, so one that is due later was put off by such a clock."""
        waiting = Q(state=Duty.State.WAITING, due_at__lte=now)
        put_off = Q(state=Duty.State.WAITING, attempts__gt=0, due_at__gt=now + registry.LONGEST_WAIT + CLOCK_SLACK)
        return self.filter(waiting | put_off | _abandoned(now))


def _abandoned(now: datetime) -> Q:
    too_long = Q(claimed_at__lte=now - registry.STALE_AFTER) | Q(claimed_at__gt=now + CLOCK_SLACK)
    for kind, lasts in registry.own_claims().items():
        too_long |= Q(kind=kind, claimed_at__lte=now - lasts)
    return Q(state=Duty.State.CLAIMED) & too_long


class Duty(models.Model):
    """Something to be done once its time has come: kind names the handler, subject the row it is about.

    It waits, is claimed by one worker, and ends done or failed. A kind is open at most once for a subject.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        DONE = "done"
        FAILED = "failed"

    OPEN = (State.WAITING, State.CLAIMED)

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, help_text="The row it is about, as 'app.Model:id'.")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")
    last_error = models.CharField(max_length=200, blank=True)
    owed_again_at = models.DateTimeField(
        null=True, blank=True, help_text="Owed once more while a worker was at it: due again at this time."
    )
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="duty_state_due_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["waiting", "claimed"]),
                name="duty_open_once_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed", "done", "failed"]), name="duty_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_at__isnull=False)
                | (~Q(state="claimed") & Q(claimed_at__isnull=True)),
                name="duty_claimed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="duty_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
