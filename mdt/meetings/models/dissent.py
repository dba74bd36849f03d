"""Members who see it differently, by name; and what they took back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.decision import Decision


class Dissent(AppendOnly):
    """A member who sees it differently, by name, with their reason: printed in the minutes.

    `entered_by` is the person themself, or who wrote it down for them; empty in rows from before this was kept. One's
    own words go with every later version of the decision (`carried_from`), so that recording anew loses none.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="dissents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    category = models.CharField(_("type they would give"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=1000)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(null=True, blank=True)
    is_addendum = models.BooleanField(
        default=False, help_text=_("Said after the signature: beside the signed content, not in it.")
    )
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        help_text=_("Row of the version before."),
    )

    class Meta:
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason[:40]}"

    @property
    def is_own_words(self) -> bool:
        """Whether the person said it themself, on their own device."""
        return self.entered_by_id is not None and self.entered_by_id == self.person_id

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")


OWN_WORDS = Q(entered_by=F("person"))


class DissentWithdrawal(AppendOnly):
    """The person no longer sees it differently. Both the dissent and its withdrawal stay."""

    dissent = models.OneToOneField(Dissent, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    withdrawn_at = models.DateTimeField(auto_now_add=True)
    is_addendum = models.BooleanField(default=False, help_text=_("Withdrawn after the signature."))

    class Meta:
        verbose_name = _("withdrawal of a dissent")
        verbose_name_plural = _("withdrawals of dissents")

    def __str__(self) -> str:
        return f"{self.dissent_id} withdrawn"
