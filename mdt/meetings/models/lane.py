"""The lane of cases that are listed and recorded without discussion: who triaged, who pulled back, what was signed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.meeting import AgendaItem

PERSON = settings.AUTH_USER_MODEL


class ProtocolSignOff(AppendOnly):
    """A chair approved a protocol for the team, in exactly this text; another text needs another signature."""

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="protocol_sign_offs", verbose_name=_("team"))
    pathway = models.CharField(max_length=20)
    protocol = models.CharField(_("protocol"), max_length=60)
    protocol_version = models.CharField(_("version"), max_length=20)
    digest = models.CharField(max_length=64)
    owner = models.CharField(_("who answers for it"), max_length=120)
    is_withdrawn = models.BooleanField(default=False, help_text=_("The team does not use it any more."))
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signature under a protocol")
        verbose_name_plural = _("signatures under protocols")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.protocol} {self.protocol_version}"


class LaneStep(AppendOnly):
    """One step of a case between discussion and the standard-of-care lane, in one meeting."""

    class What(models.TextChoices):
        TRIAGED = "triaged", _("triaged to standard of care")
        PULLED_BACK = "pulled_back", _("pulled back to discussion")
        PULL_UNDONE = "pull_undone", _("pulling back undone")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="lane_steps")
    what = models.CharField(max_length=12, choices=What)
    protocol = models.CharField(max_length=60, blank=True)
    protocol_version = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("step between lanes")
        verbose_name_plural = _("steps between lanes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.what}"
