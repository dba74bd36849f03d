"""What each discipline thought before it saw the proposal, and the moment at which the table saw everything."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.meeting import AgendaItem
from mdt.people.disciplines import Discipline


class Opinion(AppendOnly):
    """One member's own category for a case, committed by name. Who changes their mind commits a new row.

    `had_seen_proposal` is read from the event log when the row is written: the person had opened a page that shows the
    proposal, last at `proposal_seen_at`. It says nothing about what was heard or read elsewhere.
    """

    class Confidence(models.TextChoices):
        """In words: nobody has calibrated a number."""

        SURE = "sure", _("sure")
        FAIRLY = "fairly", _("fairly sure")
        DOUBTFUL = "doubtful", _("in doubt")

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="opinions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    discipline = models.CharField(max_length=20, choices=Discipline, help_text=_("The discipline they speak for."))
    category = models.CharField(
        _("category"), max_length=20, blank=True, help_text=_("Empty: they looked, and cannot say.")
    )
    text = models.CharField(_("in one sentence"), max_length=400, blank=True)
    confidence = models.CharField(_("how sure"), max_length=10, choices=Confidence, blank=True)
    is_after_reveal = models.BooleanField(default=False)
    had_seen_proposal = models.BooleanField(default=False)
    proposal_seen_at = models.DateTimeField(null=True, blank=True)
    committed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person}: {self.category or '?'}"


class Reveal(AppendOnly):
    """The table sees the opinions and the proposal of a case; from here on opinions are marked as later ones."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="reveal")
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: opened by itself, once every discipline of the quorum had committed."),
    )
    waiting = models.JSONField(default=list, help_text=_("Disciplines of the quorum that had not committed."))
    revealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("opening of the opinions")
        verbose_name_plural = _("openings of the opinions")

    def __str__(self) -> str:
        return f"{self.item_id} opened"
