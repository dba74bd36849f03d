"""What happens to a decision after the meeting: the meeting's end, the release of letters, who was told, next steps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.decision import Decision, NextStep
from mdt.meetings.models.meeting import Meeting

PERSON = settings.AUTH_USER_MODEL


class Finish(AppendOnly):
    """The end of a meeting: from this moment its agenda and attendance stay as they are."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="finish")
    finished_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("end of a meeting")
        verbose_name_plural = _("ends of meetings")

    def __str__(self) -> str:
        return f"{self.meeting_id} finished at {self.finished_at}"


class SignatureRequest(AppendOnly):
    """A decision was left unsigned when its meeting ended, and this person was asked by name to sign it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="signature_requests")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request for a signature")
        verbose_name_plural = _("requests for signatures")
        constraints = [models.UniqueConstraint(name="signature_asked_once", fields=["decision", "person"])]

    def __str__(self) -> str:
        return f"{self.person} asked to sign {self.decision_id}"


class Release(AppendOnly):
    """The outcome of one signed version was let out by somebody: from now on letters cannot be called back."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="release")
    released_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return f"{self.decision_id} released by {self.released_by}"


class Told(AppendOnly):
    """Somebody told the patient or the referrer of the outcome: by whom, and on which day."""

    class Whom(models.TextChoices):
        PATIENT = "patient", _("the patient")
        REFERRER = "referrer", _("the referring doctor")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="told")
    whom = models.CharField(_("who was told"), max_length=8, choices=Whom)
    told_on = models.DateField(_("told on"))
    told_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("told by"))
    note = models.CharField(_("remark"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("note that somebody was told")
        verbose_name_plural = _("notes that somebody was told")
        ordering = ["-told_on", "-id"]
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["decision", "whom", "told_on", "told_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_whom_display()} told on {self.told_on}"


class StepMark(AppendOnly):
    """A next step was done, or is open again after all; the newest mark holds."""

    step = models.ForeignKey(NextStep, models.PROTECT, related_name="marks")
    is_done = models.BooleanField()
    reason = models.CharField(_("why it is open again"), max_length=400, blank=True)
    marked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mark of a next step")
        verbose_name_plural = _("marks of next steps")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="step_undone_has_reason",
                condition=Q(is_done=True) | ~Q(reason=""),
                violation_error_message=_("Say why the step is open again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_id}: {'done' if self.is_done else 'open again'}"


class PatientPage(AppendOnly):
    """What the patient reads: one page in plain words, released by the responsible doctor who read it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="patient_pages")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    decided = models.TextField(_("what was decided"), max_length=900)
    next = models.TextField(_("what happens next"), max_length=900)
    ask = models.TextField(_("who to ask"), max_length=400)
    released_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("page for the patient")
        verbose_name_plural = _("pages for the patient")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="patient_page_once", fields=["decision", "language", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} for the patient ({self.language}), {self.number}"


class Recipient(AppendOnly):
    """Somebody who was to be written to about a release, as what, and the message (None: no address can be reached)."""

    class Role(models.TextChoices):
        REFERRER = "referrer", _("referring doctor")
        RESPONSIBLE = "responsible", _("responsible doctor")
        OWNER = "owner", _("owner of a next step")
        EARLIER = "earlier", _("had the earlier letter")

    release = models.ForeignKey(Release, models.PROTECT, related_name="recipients")
    role = models.CharField(max_length=12, choices=Role)
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.EmailField(blank=True, help_text=_("Of somebody outside the system."))
    name = models.CharField(max_length=120)
    message = models.OneToOneField("mail.Message", models.PROTECT, null=True, blank=True, related_name="outcome_of")

    class Meta:
        verbose_name = _("recipient of an outcome")
        verbose_name_plural = _("recipients of outcomes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"
