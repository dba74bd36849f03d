from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.audit.rows import packed
from mdt.meetings.concordance import Concordance

DAYS = (
    *("ready_after_days", "discussed_after_days", "released_after_days"),
    *("told_after_days", "treated_after_days"),
)
FILTERED = (
    *("confirmed", "discipline", "treatment", "option", "departure", "not_done_because", "edition", "pathway"),
    *("proposed", "lane"),
)
COUNTED = ("team_id", "meeting_on", "axes", "flags", *DAYS, "observed_days", "standards", *FILTERED)


class AuditRow(models.Model):
    """One case on one meeting's agenda, as the audit counts it. Never the truth itself: derived, and built again.

    Columns are narrow and typed, and the keys are plain numbers without constraints, so that a million rows are read
    in one pass. `manage.py rebuild_audit` gives the same rows again.
    """

    class Ended(models.TextChoices):
        DECIDED = "decided", _("decided")
        DEFERRED = "deferred", _("deferred")
        NOT_DISCUSSED = "not_discussed", _("not discussed")
        OPEN = "open", _("still open")

    class Implementation(models.TextChoices):
        FULL = "full", _("fully")
        PARTIAL = "partial", _("partly")
        DIFFERENT = "different", _("other treatment")
        NOT_DONE = "not_done", _("not")
        PENDING = "pending", _("not begun yet")
        LOST = "lost", _("lost to follow-up")
        UNKNOWN = "unknown", _("not known")

    item_id = models.BigIntegerField(primary_key=True, help_text=_("The agenda item."))
    team_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    meeting_id = models.BigIntegerField()
    decision_id = models.BigIntegerField(null=True, help_text=_("The newest version."))
    pathway = models.CharField(max_length=20)
    edition = models.CharField(max_length=60, blank=True, help_text=_("Of the leading scheme, as the meeting saw it."))
    meeting_on = models.DateField()
    ended = models.CharField(max_length=14, choices=Ended)
    left_because = models.CharField(max_length=10, blank=True)
    lane = models.CharField(max_length=20, default="discuss")

    proposed = models.CharField(max_length=20, blank=True, help_text=_("The single provisional category, if any."))
    confirmed = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    concordance = models.CharField(max_length=26, choices=Concordance, blank=True)
    departure = models.CharField(max_length=20, blank=True, help_text=_("The coded reason for departing."))
    intent = models.CharField(max_length=12, blank=True)
    option = models.CharField(max_length=80, blank=True, help_text=_("The first one chosen."))
    treatment = models.CharField(max_length=20, blank=True, help_text=_("Kind of that option."))
    discipline = models.CharField(
        max_length=20, blank=True, help_text=_("Under which the responsible doctor was in the room; empty: was not.")
    )
    dissents = models.PositiveSmallIntegerField(default=0)

    implementation = models.CharField(max_length=10, choices=Implementation, blank=True)
    not_done_because = models.CharField(max_length=24, blank=True)

    # Of the case, as its follow-up stands. Survival is counted from `meeting_on` until `died_on`, else `last_seen_on`;
    # a row whose follow-up contradicts itself counts in no survival figure.
    released_on = models.DateField(null=True, help_text=_("First release of any version."))
    treatment_began_on = models.DateField(
        null=True,
        help_text=_("By the report on the decision, else the first treatment or resection from the meeting on."),
    )
    response = models.CharField(max_length=14, blank=True, help_text=_("The best one from the meeting on."))
    resected_on = models.DateField(null=True, help_text=_("First resection from the meeting on."))
    r_status = models.CharField(max_length=2, blank=True, help_text=_("Of that resection."))
    recurred_on = models.DateField(null=True, help_text=_("First recurrence from that resection, else meeting, on."))
    last_seen_on = models.DateField(null=True, help_text=_("Last day on which the patient is known to have lived."))
    died_on = models.DateField(null=True)
    is_contradictory = models.BooleanField(default=False)

    is_signed = models.BooleanField(default=False)
    is_quorate = models.BooleanField(default=False)
    is_late = models.BooleanField(default=False, help_text=_("Listed after the cut-off or not ready, with a reason."))
    is_again = models.BooleanField(default=False, help_text=_("The case had been decided in an earlier meeting."))
    has_preference = models.BooleanField(default=False)
    has_comorbidity = models.BooleanField(default=False)
    is_prospective = models.BooleanField(null=True, help_text=_("Before treatment began; null while not known."))
    standards = models.PositiveSmallIntegerField(
        default=0, help_text=_("What standards ask of each case, a bit for each: mdt.audit.rows.packed.STANDARDS.")
    )

    ready_after_days = models.SmallIntegerField(null=True, help_text=_("Referral to ready."))
    discussed_after_days = models.SmallIntegerField(null=True, help_text=_("Ready to discussed."))
    released_after_days = models.SmallIntegerField(null=True, help_text=_("Working days, meeting to release."))
    told_after_days = models.SmallIntegerField(null=True, help_text=_("Discussed to patient told."))
    treated_after_days = models.SmallIntegerField(null=True, help_text=_("Told to treatment."))

    # Derived by the database: see mdt.audit.rows.packed.
    axes = models.GeneratedField(
        expression=packed.axes_expression(), output_field=models.SmallIntegerField(), db_persist=True
    )
    flags = models.GeneratedField(
        expression=packed.flags_expression(), output_field=models.SmallIntegerField(), db_persist=True
    )
    observed_days = models.GeneratedField(
        expression=packed.observed_expression(), output_field=models.IntegerField(null=True), db_persist=True
    )

    class Meta:
        indexes = [
            # Covers every count: SQLite reads it instead of rows that are three times as wide.
            models.Index(fields=COUNTED, name="audit_counts"),
            models.Index(fields=["case_id"], name="audit_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.ended}"


class AuditCursor(models.Model):
    """How far the rows follow the event log: the number of the last line that was taken in."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
