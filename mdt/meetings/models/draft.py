from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mdt.meetings.models.meeting import AgendaItem


class DeskDraft(models.Model):
    """What one person has typed at the desk of a case and has not recorded: no crash loses a word of it.

    Only its author reads it; the others see that they are writing.
    """

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="desk_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    based_on = models.PositiveSmallIntegerField(help_text=_("Version of the decision when the writing began; 0: none."))
    entries = models.JSONField(default=dict, help_text=_("Field of the form → what was typed, right or wrong."))
    began_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft of a decision")
        verbose_name_plural = _("drafts of decisions")
        constraints = [models.UniqueConstraint(name="desk_draft_once", fields=["item", "author"])]

    def __str__(self) -> str:
        return f"{self.author} on {self.item_id}"
