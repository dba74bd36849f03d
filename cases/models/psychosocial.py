from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from mdt.clocks import CLOCK_SLACK
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet


class PsychosocialNote(AppendOnly):
    """What was said in confidence about how a patient and those around them bear the illness.

    Need to know: for supportive care, for its author, and for who opens the notes with a reason (cases.psychosocial).
    Not a finding: no rule, proposal, list, paper, export or pack reads this table, and its lines in the log say only
    that there is a note.
    """

    LENGTH = 4000  # characters

    case = models.ForeignKey(Case, models.PROTECT, related_name="psychosocial_notes")
    text = models.TextField(_("note"), max_length=LENGTH)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        help_text=_("The note it corrects."),
    )

    class Meta:
        verbose_name = _("psychosocial note")
        verbose_name_plural = _("psychosocial notes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case_id}, note {self.pk}"


class NotesOpeningQuerySet(AppendOnlyQuerySet):
    def running(self) -> "NotesOpeningQuerySet":
        now = timezone.now()
        return self.filter(until__gt=now, opened_at__lte=now + CLOCK_SLACK)


class NotesOpening(AppendOnly):
    """Somebody of the team opened psychosocial notes that were not meant for them: why, and until when."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes_openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=400)
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()

    objects = NotesOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of psychosocial notes")
        verbose_name_plural = _("openings of psychosocial notes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.person}, {self.case_id}"
