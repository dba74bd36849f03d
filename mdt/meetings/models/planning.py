"""A plan of agendas that was applied, and that it was undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly

PERSON = settings.AUTH_USER_MODEL


class AgendaPlan(AppendOnly):
    """One application of a plan to the agendas of a team.

    `moves` holds for each case that was listed or moved: case, the new item, and where it was before (null: nowhere);
    `kept` the items that only changed their minutes or mark, as they were; `orders` the order of each agenda before.
    `certificate` is the kind and the prices by which `bound` can be worked out again.
    """

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="agenda_plans", verbose_name=_("team"))
    moves = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    orders = models.JSONField(default=dict)
    cost = models.PositiveIntegerField(help_text=_("Weighted days of waiting of the cases that nobody fixed."))
    bound = models.PositiveIntegerField(help_text=_("What no plan at all can be under."))
    certificate = models.JSONField(default=dict)
    applied_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("plan of agendas")
        verbose_name_plural = _("plans of agendas")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.team.code}: {len(self.moves)} cases placed at {self.applied_at}"

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "undoing")


class PlanUndoing(AppendOnly):
    """An applied plan was taken back, as a whole."""

    plan = models.OneToOneField(AgendaPlan, models.PROTECT, related_name="undoing")
    undone_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("undoing of a plan")
        verbose_name_plural = _("undoings of plans")

    def __str__(self) -> str:
        return f"{self.plan_id} undone at {self.undone_at}"
