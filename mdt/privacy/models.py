"""Requests to erase a patient, what was decided and carried out, legal holds, restrictions, notices to recipients.

All are written once.

A patient stands here by the key of a row that may be gone, and by the reference of a case: never by name.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Patient
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.privacy.said import in_words


class ErasureRequestQuerySet(AppendOnlyQuerySet):
    def for_page(self) -> "ErasureRequestQuerySet":
        return self.select_related("team", "recorded_by", "decision__decided_by", "erasure__carried_out_by")


class ErasureRequest(AppendOnly):
    """Somebody, or the policy, asks that what is held of a patient be erased. Its number is that of the order."""

    class Asker(models.TextChoices):
        PATIENT = "patient", _("the patient")
        REPRESENTATIVE = "representative", _("somebody who speaks for the patient")
        AUTHORITY = "authority", _("an authority or a court")
        RETENTION = "retention", _("the policy: the time is over")
        RESTORED = "restored", _("a backup brought back what had been erased")

    class Right(models.TextChoices):
        GDPR_17 = "gdpr-17", _("GDPR, Article 17")
        PIPL_47 = "pipl-47", _("PIPL, Article 47")
        POLICY = "policy", _("the hospital's policy of retention")
        OTHER = "other", _("another ground, as said in the text")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    patient_id = models.PositiveBigIntegerField(db_index=True)
    case_reference = models.CharField(_("case"), max_length=32)
    asked_by = models.CharField(_("who asks"), max_length=16, choices=Asker)
    right = models.CharField(_("by which right"), max_length=8, choices=Right)
    asked_on = models.DateField(_("asked on"))
    text = models.TextField(_("what is asked"), max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"order {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("erasure", args=[self.pk])

    @property
    def decided(self) -> "ErasureDecision | None":
        return getattr(self, "decision", None)

    @property
    def carried_out(self) -> "Erasure | None":
        return getattr(self, "erasure", None)


class ErasureDecision(AppendOnly):
    """What the privacy office answered, with the exception of the law that applies to what is kept."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted: everything is erased")
        PARTLY = "partly", _("granted in part")
        REFUSED = "refused", _("refused: everything is kept")

    request = models.OneToOneField(ErasureRequest, models.PROTECT, related_name="decision")
    outcome = models.CharField(pgettext_lazy("of the privacy office", "decision"), max_length=8, choices=Outcome)
    parts = models.JSONField(help_text="Which parts are erased (mdt.privacy.reach.Part).")
    exceptions = models.JSONField(help_text="Codes of the policy's exceptions, for what is kept.")
    reason = models.TextField(_("reason"), max_length=2000)
    policy_digest = models.CharField(max_length=64, help_text="SHA-256 of the policy as it was then.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_parts_fit_outcome",
                condition=~Q(outcome="refused") | Q(parts=[]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.outcome}"


class Erasure(AppendOnly):
    """An order that was carried out, in the transaction in which this row was written."""

    request = models.OneToOneField(ErasureRequest, models.PROTECT, related_name="erasure")
    references = models.JSONField(help_text="The cases.")
    parts = models.JSONField()
    tables = models.JSONField(help_text="Model → rows deleted.")
    lines = models.PositiveIntegerField(help_text="Lines of the log that lost their details.")
    elsewhere = models.JSONField(help_text="Rows of other cases that name the patient: model, key and column.")
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    carried_out_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.request}: carried out"


class LegalHoldQuerySet(AppendOnlyQuerySet):
    def in_force(self) -> "LegalHoldQuerySet":
        return self.filter(lifting__isnull=True)


class LegalHold(AppendOnly):
    """Nothing of this patient may be erased until it is lifted: a dispute, a complaint, an inquiry."""

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    patient_id = models.PositiveBigIntegerField(db_index=True)
    case_reference = models.CharField(_("case"), max_length=32)
    reason = models.CharField(_("reason"), max_length=400)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"hold on the patient of {self.case_reference}"


class HoldLifting(AppendOnly):
    """The end of a legal hold."""

    hold = models.OneToOneField(LegalHold, models.PROTECT, related_name="lifting")
    reason = models.CharField(_("reason"), max_length=400)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.hold}: lifted"


class RestrictionQuerySet(AppendOnlyQuerySet):
    def in_force(self) -> "RestrictionQuerySet":
        return self.filter(lifting__isnull=True)


class Restriction(AppendOnly):
    """What is held of this patient may only be stored until it is lifted (GDPR 18; PIPL 44 and 47)."""

    class Ground(models.TextChoices):
        CONTESTED = "gdpr-18-a", _("GDPR 18(1)(a): the patient contests that it is right, and it is being checked")
        UNLAWFUL = "gdpr-18-b", _("GDPR 18(1)(b): unlawful, and the patient does not want it erased")
        CLAIMS = "gdpr-18-c", _("GDPR 18(1)(c): no longer needed here, but by the patient for legal claims")
        OBJECTION = "gdpr-18-d", _("GDPR 18(1)(d): the patient objected, and it is being weighed")
        PIPL_44 = "pipl-44", _("PIPL 44: the patient restricts or refuses the processing")
        PIPL_47 = "pipl-47", _("PIPL 47: it cannot be erased yet, and is only stored and protected")
        OTHER = "other", _("another ground, as said in the text")

    class Asker(models.TextChoices):
        PATIENT = "patient", _("the patient")
        REPRESENTATIVE = "representative", _("somebody who speaks for the patient")
        AUTHORITY = "authority", _("an authority or a court")
        OFFICE = "office", _("the privacy office itself")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    patient_id = models.PositiveBigIntegerField(db_index=True)
    case_reference = models.CharField(_("case"), max_length=32)
    asked_by = models.CharField(_("who asks"), max_length=16, choices=Asker)
    ground = models.CharField(_("on which ground"), max_length=12, choices=Ground)
    reason = models.CharField(_("reason"), max_length=400)
    until_on = models.DateField(
        _("to be looked at again on"), null=True, blank=True, help_text=_("Nothing ends by itself on that day.")
    )
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        verbose_name = _("restriction of processing")
        verbose_name_plural = _("restrictions of processing")
        ordering = ["-id"]

    @property
    def is_to_be_looked_at(self) -> bool:
        """Whether its day has come: nothing ends by itself."""
        return self.until_on is not None and self.until_on <= timezone.localdate()

    def __str__(self) -> str:
        return f"restriction on the patient of {self.case_reference}"


class RestrictionLifting(AppendOnly):
    """The end of a restriction, of which the person was told beforehand (GDPR 18(3))."""

    restriction = models.OneToOneField(Restriction, models.PROTECT, related_name="lifting")
    reason = models.CharField(_("why it ends"), max_length=400)
    told_on = models.DateField(_("the person was told on"))
    told_how = models.CharField(_("how they were told"), max_length=120)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("end of a restriction")
        verbose_name_plural = _("ends of restrictions")

    def __str__(self) -> str:
        return f"{self.restriction}: lifted"


class Way(models.TextChoices):
    """What somebody was given."""

    LETTER = "letter", _("letter or message about the case")
    LEAVING = "leaving", _("letter or message about the case that had not left yet")
    PRINTED = "printed", _("outcome that no e-mail took: its letter may have been printed and sent")
    TOLD = "told", _("outcome, told in person")
    COPY = "copy", _("copy of everything that is held")
    PACK = "pack", _("audit pack, with the case by name")
    PAPER = "paper", _("paper with the case, opened here: it may have been printed and handed on")
    TABLE = "table", _("table of the audit or copy of the log: the case may be in it")
    RESEARCH = "research", _("export for research, without names: the case may be in it")


class Notice(AppendOnly):
    """Somebody who was given data of a patient is to be told that they were corrected, erased or restricted (GDPR 19).

    It outlives the patient's rows, so that it names who was told, and never the patient.
    """

    class Because(models.TextChoices):
        RECTIFICATION = "rectification", _("data were corrected")
        ERASURE = "erasure", _("data were erased")
        RESTRICTION = "restriction", _("processing is restricted")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    patient_id = models.PositiveBigIntegerField(db_index=True)
    case_reference = models.CharField(_("case"), max_length=32, db_index=True)
    because = models.CharField(_("why"), max_length=16, choices=Because)
    reason = models.CharField(_("what to say"), max_length=400, blank=True)
    recipient = models.CharField(_("who received it"), max_length=200)
    way = models.CharField(_("what they received"), max_length=12, choices=Way)
    disclosed_at = models.DateTimeField(_("when"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notice to a recipient")
        verbose_name_plural = _("notices to recipients")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.who}: {self.because} of {self.case_reference}"

    @property
    def who(self) -> str:
        return in_words(self.recipient)

    @property
    def answered(self) -> "NoticeAnswer | None":
        return getattr(self, "answer", None)

    @property
    def patient(self) -> Patient | None:
        return Patient.objects.filter(pk=self.patient_id).first()


class NoticeAnswer(AppendOnly):
    """What became of a notice: told, or the reason for which GDPR 19 asks for none."""

    class Outcome(models.TextChoices):
        TOLD = "told", _("told")
        IMPOSSIBLE = "impossible", _("impossible to tell")
        DISPROPORTIONATE = "effort", _("would take a disproportionate effort")
        NOT_HELD = "not-held", _("the recipient does not have these data")

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="answer")
    outcome = models.CharField(_("what came of the notice"), max_length=12, choices=Outcome)
    on = models.DateField(_("on"))
    how = models.CharField(_("how they were told, or why not"), max_length=400)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer to a notice")
        verbose_name_plural = _("answers to notices")

    def __str__(self) -> str:
        return f"{self.notice}: {self.outcome}"
