"""Conditions that run: what a decision wants looked at again, when, and what then."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.decision import Decision


class DecisionCondition(AppendOnly):
    """One condition of one version of a decision: "after the fourth course restage; if PR …, if PD …".

    `review_on` is the last day on which somebody looks, whatever the trigger. It begins to run when the version is
    signed.
    """

    class Trigger(models.TextChoices):
        COURSES = "courses", _("after a part of the treatment")
        DAY = "day", _("on a day")
        RESULT = "result", _("when a result is there")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="condition_rows")
    rank = models.PositiveSmallIntegerField(_("rank"))
    trigger = models.CharField(_("when"), max_length=10, choices=Trigger)
    what = models.CharField(_("what is looked at"), max_length=400)
    fact = models.CharField(
        _("result"), max_length=60, blank=True, help_text=_("The fact whose arrival brings the case back early.")
    )
    review_on = models.DateField(_("look again on"))
    branches = models.JSONField(
        default=list, help_text=_("In order: `if`, `then`, and `option`, the id of an option, or empty.")
    )

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(name="condition_rank_once", fields=["decision", "rank"])]

    def __str__(self) -> str:
        return f"{self.what[:40]} on {self.review_on}"

    @property
    def newest_step(self) -> "ConditionStep | None":
        """What happened to it last. Reads the prefetched steps where there are any."""
        return max(self.steps.all(), key=lambda step: step.pk, default=None)

    @property
    def look_on(self) -> date:
        """The day that holds now: the decision's, or the one to which it was put off."""
        put_off = [step for step in self.steps.all() if step.kind == ConditionStep.Kind.POSTPONED]
        return max(put_off, key=lambda step: step.pk).next_on if put_off else self.review_on


class ConditionStep(AppendOnly):
    """What happened to a condition: it fell due, somebody put it off, or ended it. `by` empty: the system."""

    class Kind(models.TextChoices):
        DUE = "due", _("fell due")
        POSTPONED = "postponed", _("not yet")
        ENDED = "ended", _("no longer applies")

    condition = models.ForeignKey(DecisionCondition, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    look_on = models.DateField(null=True, blank=True, help_text=_("Fell due: the day for which it did."))
    next_on = models.DateField(_("look again on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    has_moved_case = models.BooleanField(
        default=False, help_text=_("Fell due: the case stood after its meeting, and went back into preparation.")
    )

    class Meta:
        verbose_name = _("step of a condition")
        verbose_name_plural = _("steps of conditions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="condition_due_once", fields=["condition", "look_on"], condition=Q(kind="due")
            ),
            models.CheckConstraint(
                name="condition_step_says_why", condition=Q(kind="due", look_on__isnull=False) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition_id} {self.kind}"
