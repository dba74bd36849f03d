from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet

PERSON = settings.AUTH_USER_MODEL


class FollowUpEventQuerySet(AppendOnlyQuerySet):
    def standing(self) -> "FollowUpEventQuerySet":
        """What holds: neither corrected nor taken back."""
        return self.filter(superseded_by__isnull=True, is_retraction=False)


class FollowUpEvent(AppendOnly):
    """One thing that happened to a patient after the meeting, on one day, as somebody reported it.

    Written once. A correction is a further row that supersedes it; so is taking it back, which says only that.
    """

    class Kind(models.TextChoices):
        TREATMENT = "treatment", _("treatment began")
        RESPONSE = "response", _("response to treatment")
        RESECTION = "resection", _("resection")
        RECURRENCE = "recurrence", _("recurrence")
        SEEN = "seen", _("seen alive")
        DEATH = "death", _("death")

    # What may be said beside the day. Response and resection mean nothing without it.
    VALUES: dict[str, tuple[tuple[str, Promise], ...]] = {
        Kind.TREATMENT: (
            ("systemic", _("systemic treatment")),
            ("surgery", _("surgery")),
            ("liver_directed", _("liver-directed treatment")),
            ("radiotherapy", _("radiotherapy")),
            ("supportive", _("supportive care")),
            ("trial", _("in a trial")),
            ("other", _("another treatment")),
        ),
        Kind.RESPONSE: (
            ("complete", _("complete response (CR)")),
            ("partial", _("partial response (PR)")),
            ("stable", _("stable disease (SD)")),
            ("progression", _("progression (PD)")),
            ("not_evaluable", _("not evaluable (NE)")),
        ),
        Kind.RESECTION: (
            ("R0", _("R0: no residual tumour")),
            ("R1", _("R1: microscopic residual tumour")),
            ("R2", _("R2: macroscopic residual tumour")),
            ("RX", _("RX: residual tumour not known")),
        ),
        Kind.RECURRENCE: (
            ("liver", _("liver")),
            ("peritoneum", _("peritoneum")),
            ("nodes", _("lymph nodes")),
            ("local", _("local")),
            ("elsewhere", _("elsewhere")),
            ("several", _("several places")),
        ),
        Kind.SEEN: (),
        Kind.DEATH: (
            ("disease", _("of the disease")),
            ("treatment", _("of the treatment")),
            ("other", _("of something else")),
        ),
    }
    NEEDS_VALUE = (Kind.RESPONSE, Kind.RESECTION)

    case = models.ForeignKey(Case, models.PROTECT, related_name="follow_up_events")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    happened_on = models.DateField(_("on which day"))
    value = models.CharField(_("more exactly"), max_length=14, blank=True)
    text = models.CharField(_("in words"), max_length=400, blank=True)
    told_by = models.CharField(
        _("from whom it is known"), max_length=200, blank=True, help_text=_("Empty: known to who reports it.")
    )
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    is_retraction = models.BooleanField(default=False)
    reason = models.CharField(_("why it is changed"), max_length=400, blank=True)
    reported_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    reported_at = models.DateTimeField(auto_now_add=True)

    objects = FollowUpEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up event")
        verbose_name_plural = _("follow-up events")
        ordering = ["happened_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_kind_known",
                condition=Q(kind__in=["treatment", "response", "resection", "recurrence", "seen", "death"]),
            ),
            models.CheckConstraint(
                name="follow_up_retracts_something",
                condition=Q(is_retraction=False) | Q(supersedes__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_value_where_needed",
                condition=~Q(kind__in=["response", "resection"]) | ~Q(value=""),
                violation_error_message=_("Say it more exactly."),
            ),
        ]

    @property
    def standing_now(self) -> "FollowUpEvent | None":
        """What stands in its place: itself, or the last of its corrections; None where it was taken back."""
        event = self
        while (later := FollowUpEvent.objects.filter(supersedes=event).first()) is not None:
            event = later
        return None if event.is_retraction else event

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind} {self.happened_on}"

    @property
    def value_label(self) -> str:
        """The value in words; empty where nothing more was said."""
        return str(dict(self.VALUES[self.kind]).get(self.value, ""))

    @property
    def is_standing(self) -> bool:
        return not self.is_retraction and not hasattr(self, "superseded_by")
