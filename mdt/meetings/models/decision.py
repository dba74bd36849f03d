from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Proposal
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.meetings.models.meeting import AgendaItem, Meeting

# What a page or a paper shows of a decision, beside its own columns.
PARTS = (
    *("options", "rejected_options", "condition_rows__steps", "next_steps__owner"),
    *("dissents__person", "dissents__entered_by", "dissents__withdrawal", "agenda_item__opinions__person"),
    *("agenda_item__spoken__person", "agenda_item__spoken__noted_by", "agenda_item__spoken__taken_back_by"),
)


class DecisionQuerySet(AppendOnlyQuerySet):
    def current(self) -> "DecisionQuerySet":
        """The newest version of each decision."""
        return self.filter(superseded_by__isnull=True)

    def complete(self) -> "DecisionQuerySet":
        """With everything that a page or a letter prints, in a fixed number of queries."""
        outcome = ("outcome_packed", "outcome_plain", "answers")
        heavy = [f"proposal__{n}" for n in ("facts", "statements", *outcome, "contradictions", "readiness")]
        return (
            self.select_related(
                "case__patient",
                "case__team",
                "meeting__team",
                "meeting__chair",
                "proposal",
                "responsible",
                "recorded_by",
                "sign_off__signed_by",
            )
            .prefetch_related(*PARTS)
            .defer(*heavy)
        )


class Decision(AppendOnly):
    """What the meeting decided on a case, as one version. A change is a new version that supersedes this one."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("proposed type confirmed")
        CHANGED = "changed", _("another type than proposed")
        SETTLED = "settled", _("type given by the meeting; the proposal was open")
        DEFERRED = "deferred", _("deferred")

    class Reason(models.TextChoices):
        """Why the meeting departed from the proposal, or could not decide."""

        COMORBIDITY = "comorbidity", _("comorbidity or fitness")
        PATIENT_CHOICE = "patient_choice", _("the patient's wish")
        NEW_INFORMATION = "new_information", _("new information at the meeting")
        IMAGING_REREAD = "imaging_reread", _("images or pathology read differently")
        TECHNICAL = "technical", _("technical resectability judged differently")
        BIOLOGY = "biology", _("tumour biology or course")
        RULE_DOUBTED = "rule_doubted", _("the rule does not fit this case")
        MISSING_FACTS = "missing_facts", _("facts are missing")
        OTHER = "other", _("other reason")

    class Check(models.TextChoices):
        """What a meeting goes through for every case (Commission on Cancer, standard 2.5)."""

        STAGE = "stage", _("Stage")
        GUIDELINE = "guideline", _("Guideline")
        TRIAL = "trial", _("Trial")
        GENETICS = "genetics", _("Genetics")
        SUPPORTIVE = "supportive", _("Supportive care")

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NA = "na", _("does not apply")

    class Intent(models.TextChoices):
        CURATIVE = "curative", _("cure")
        CONVERSION = "conversion", _("conversion, then cure")
        PALLIATIVE = "palliative", _("palliation")
        SUPPORTIVE = "supportive", _("supportive care")
        DIAGNOSTIC = "diagnostic", _("more diagnostics first")

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, related_name="decisions", help_text=_("What the meeting saw.")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    amendment_reason = models.CharField(_("reason for the amendment"), max_length=1000, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    category = models.CharField(_("category"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    reason_text = models.TextField(_("reason in words"), max_length=2000, blank=True)
    intent = models.CharField(_("intent"), max_length=12, choices=Intent, blank=True)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    rationale = models.TextField(_("summary of the discussion"), max_length=4000, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    checklist = models.JSONField(
        default=dict, help_text=_("Item of the checklist → yes, no or na; an item that nobody answered is not there.")
    )
    preference = models.TextField(_("the patient's wish"), max_length=1000, blank=True)
    preference_source = models.JSONField(
        default=list, help_text=_("Statements that the words were taken from; empty: as said at the meeting.")
    )
    comorbidity = models.TextField(_("comorbidity and fitness"), max_length=1000, blank=True)
    comorbidity_source = models.JSONField(default=list)
    present = models.JSONField(default=list, help_text=_("Who was present for this case, with discipline, as printed."))
    is_quorate = models.BooleanField(default=False)
    quorum_missing = models.JSONField(default=list)
    quorum_basis = models.JSONField(
        default=dict, help_text=_("The rules that asked for somebody, and the minimum where it was looked at.")
    )
    quorum_reason = models.CharField(_("reason to go on without quorum"), max_length=400, blank=True)
    remarks = models.JSONField(
        default=list, help_text=_("What was unusual about the recording: codes of mdt.meetings.remarks.")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="decision_version_once", fields=["agenda_item", "version"]),
            models.CheckConstraint(
                name="decision_departing_has_reason",
                condition=~Q(verdict__in=["changed", "deferred"]) | (~Q(reason="") & ~Q(reason_text="")),
                violation_error_message=_("Give the reason, chosen and in words, for departing from the proposal."),
            ),
            models.CheckConstraint(
                name="decision_has_category_unless_deferred",
                condition=Q(verdict="deferred") | ~Q(category=""),
                violation_error_message=_("Choose a type, or defer the case."),
            ),
            models.CheckConstraint(
                name="decision_without_quorum_has_reason",
                condition=Q(is_quorate=True) | ~Q(quorum_reason=""),
                violation_error_message=_("The meeting is not quorate: say why it decides all the same."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.reference}, decision {self.version}"

    @property
    def is_signed(self) -> bool:
        return hasattr(self, "sign_off")

    @property
    def decided_on(self) -> date:
        """The day of this version: that of its meeting, or of its signature where it was signed before that day.

        By the team's clock. A meeting may be held, and its decision signed, before its day.
        """
        meeting_on = self.meeting.local_start.date()
        if not self.is_signed:
            return meeting_on
        return min(meeting_on, self.sign_off.signed_at.astimezone(self.meeting.team.zone).date())

    @property
    def was_signed(self) -> bool:
        """Whether a signature stands on this version or on one that it amends."""
        return self.is_signed or bool(self.amendment_reason)

    @property
    def quorum_reason_words(self) -> str:
        """Why it went on without a quorum: as it was typed; what the program said, in the reader's language."""
        said = self.quorum_basis.get("reason", {}).get("text", {})
        return said.get(get_language()) or self.quorum_reason


class ChosenOption(AppendOnly):
    """A treatment option that the meeting chose, in order. Its wording is kept as it was shown."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="options")
    rank = models.PositiveSmallIntegerField(_("rank"))
    option = models.CharField(_("option"), max_length=80, help_text=_("Id in the pathway, or 'other'."))
    label = models.JSONField(default=dict, help_text=_("Language → wording shown at the meeting."))
    proposed_status = models.CharField(max_length=20, blank=True, help_text=_("How the pathway had rated it."))
    detail = models.CharField(_("in words"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("chosen option")
        verbose_name_plural = _("chosen options")
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(name="chosen_rank_once", fields=["decision", "rank"])]

    def __str__(self) -> str:
        return f"{self.rank}. {self.option}"

    @property
    def wording(self) -> str:
        """The option as it was shown, in the reader's language; the meeting's own words for another one."""
        return self.label.get(get_language()) or self.label.get("en") or self.detail


class RejectedOption(AppendOnly):
    """An option that the meeting considered and did not choose, and why. Its wording is kept as it was shown."""

    class Reason(models.TextChoices):
        RULES = "rules", _("for the reasons that the pathway gives")
        PREFERRED = "preferred", _("the chosen option is preferred")
        COMORBIDITY = "comorbidity", _("comorbidity or fitness")
        PATIENT_CHOICE = "patient_choice", _("the patient's wish")
        TECHNICAL = "technical", _("technically not feasible")
        BIOLOGY = "biology", _("tumour biology or course")
        NOT_AVAILABLE = "not_available", _("not available here")
        OTHER = "other", _("other reason")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="rejected_options")
    option = models.CharField(_("option"), max_length=80)
    label = models.JSONField(default=dict, help_text=_("Language → wording shown at the meeting."))
    proposed_status = models.CharField(max_length=20, blank=True, help_text=_("How the pathway had rated it."))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    reason_text = models.CharField(_("in words"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("rejected option")
        verbose_name_plural = _("rejected options")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="rejected_once", fields=["decision", "option"])]

    def __str__(self) -> str:
        return f"{self.option}: {self.reason}"

    @property
    def wording(self) -> str:
        return self.label.get(get_language()) or self.label.get("en") or self.option


class NextStep(AppendOnly):
    """Who does what by when after the meeting."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="next_steps")
    what = models.CharField(_("next step"), max_length=400)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return f"{self.what[:40]} by {self.due_on}"


class SignOff(AppendOnly):
    """The chair's signature under one version of a decision; from then on only an amendment changes anything."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="sign_off")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(auto_now_add=True)
    shape = models.PositiveSmallIntegerField(
        default=1, help_text=_("Which parts the digest covers: mdt.meetings.actions.signed_shapes.")
    )
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the signed content."))
    remarks = models.JSONField(
        default=list, help_text=_("What was unusual about the signing: codes of mdt.meetings.remarks.")
    )

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return f"{self.decision_id} signed by {self.signed_by}"
