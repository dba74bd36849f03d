from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models import Decision


class ImplementationReport(AppendOnly):
    """What somebody reported of one decision: a member of the team, or whoever holds the link in its letter.

    Written once; what is learnt later is a further report, and the newest one holds.
    """

    class Status(models.TextChoices):
        FULL = "full", _("carried out as decided")
        PARTIAL = "partial", _("carried out in part")
        DIFFERENT = "different", _("something else was done")
        NOT_DONE = "not_done", _("not carried out")
        PENDING = "pending", _("not begun yet")
        LOST = "lost", _("lost to follow-up")

    class Reason(models.TextChoices):
        """Why it was not carried out as decided: a superset of the codes of MII (DNPM) and KIP."""

        COMORBIDITY_KNOWN = "comorbidity_known", _("comorbidity that was known")
        COMORBIDITY_NEW = "comorbidity_new", _("comorbidity that came to light")
        DETERIORATION = "deterioration", _("general condition grew worse")
        PATIENT_CHOICE = "patient_choice", _("the patient's wish")
        PROGRESSION = "progression", _("progression of the disease")
        UNRESECTABLE = "became_unresectable", _("turned out not to be resectable")
        NEW_INFORMATION = "new_information", _("new information")
        CONDITION_NOT_MET = "condition_not_met", _("a condition was not met")
        TOXICITY = "toxicity", _("toxicity")
        NOT_AVAILABLE = "not_available_or_cost", _("not available, or its cost")
        TRIAL = "trial", _("taken into a trial")
        CLINICIAN_CHOICE = "clinician_choice", _("the treating doctor decided otherwise")
        DIED = "died", _("the patient died")
        DID_NOT_ATTEND = "did_not_attend", _("the patient did not come")
        LOST = "lost", _("contact was lost")
        ADMINISTRATIVE = "administrative", _("administrative reasons")
        OTHER = "other", _("other reason")
        NOT_YET_KNOWN = "not_yet_known", _("not known yet")

    # A reason is asked for where something else happened than was decided.
    WITH_REASON = (Status.PARTIAL, Status.DIFFERENT, Status.NOT_DONE, Status.LOST)

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="implementation_reports")
    status = models.CharField(_("what became of it"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason, blank=True)
    text = models.TextField(_("in words"), max_length=1000, blank=True)
    treatment_started_on = models.DateField(_("treatment began on"), null=True, blank=True)
    asks_again = models.BooleanField(_("the meeting should look at the case again"), default=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )
    reporter_name = models.CharField(_("your name"), max_length=120, blank=True)
    reporter_contact = models.CharField(_("how we reach you"), max_length=200, blank=True)
    client = models.CharField(
        max_length=64, blank=True, help_text=_("Digest of the address that a report by link came from.")
    )
    reported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("implementation report")
        verbose_name_plural = _("implementation reports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["client", "reported_at"], name="report_by_client")]
        constraints = [
            models.CheckConstraint(
                name="report_departing_has_reason",
                condition=~Q(status__in=["partial", "different", "not_done", "lost"]) | ~Q(reason=""),
                violation_error_message=_("Choose the reason."),
            ),
            models.CheckConstraint(
                name="report_by_somebody",
                condition=Q(reported_by__isnull=False) | (~Q(reporter_name="") & ~Q(reporter_contact="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.status}"

    @property
    def reporter(self) -> str:
        """Who reported, as shown."""
        return str(self.reported_by) if self.reported_by_id else self.reporter_name

    @property
    def is_by_link(self) -> bool:
        return self.reported_by_id is None

    @property
    def departs(self) -> bool:
        """Whether something else happened than was decided."""
        return self.status in self.WITH_REASON
