from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.models.patient import not_in_future
from cases.models.restaging import Restaging
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.people.disciplines import Discipline


class FindingQuerySet(AppendOnlyQuerySet):
    def current(self) -> "FindingQuerySet":
        """Without those that a correction has superseded."""
        return self.filter(superseded_by__isnull=True)


class Finding(AppendOnly):
    """What one person of one discipline stated about a case on one day. Written once; a correction is a new row."""

    class Origin(models.TextChoices):
        FORM = "form", _("entered in the form")
        CONFIRMATION = "confirmation", _("assumption confirmed")

    class Phase(models.TextChoices):
        BASELINE = "baseline", _("first staging")
        RESTAGING = "restaging", _("restaging")

    case = models.ForeignKey(Case, models.PROTECT, related_name="findings")
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline)
    facts = models.JSONField(
        _("facts"),
        default=dict,
        help_text=_("Only what was stated, as in classification.facts: fact name → value."),
    )
    report_text = models.TextField(_("report text"), max_length=100_000, blank=True)
    impression = models.TextField(_("impression for the meeting"), max_length=4000, blank=True)
    examined_on = models.DateField(
        _("date of examination"), validators=[not_in_future], help_text=_("Not the day of data entry.")
    )
    restaging = models.ForeignKey(
        Restaging,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("belongs to"),
        help_text=_("Empty: the first staging, before systemic treatment."),
    )
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.FORM)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    correction_reason = models.CharField(_("reason for the correction"), max_length=400, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="finding_correction_has_reason",
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                violation_error_message=_("Say why the earlier finding is corrected."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_discipline_display()}, {self.examined_on}"

    @property
    def phase(self) -> str:
        """Whether it tells of the disease as it was found, or as it was after treatment began."""
        return self.Phase.BASELINE if self.restaging_id is None else self.Phase.RESTAGING


class FindingDraft(models.Model):
    """What a person has typed and not yet recorded. Saved as they type; no rule and no colleague reads it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    discipline = models.CharField(max_length=20, choices=Discipline)
    corrects = models.ForeignKey(Finding, models.CASCADE, null=True, blank=True, related_name="+")
    entries = models.JSONField(default=dict, help_text=_("Form fields as they were typed: name → list of values."))
    based_on = models.BigIntegerField(
        default=0,
        help_text=_("Newest finding of this discipline when the form was opened: a newer one makes it stale."),
    )
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                name="draft_once", fields=["case", "author", "discipline"], condition=Q(corrects__isnull=True)
            ),
            models.UniqueConstraint(
                name="draft_of_correction_once",
                fields=["author", "corrects"],
                condition=Q(corrects__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.discipline}"
