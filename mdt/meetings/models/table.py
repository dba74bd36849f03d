from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.meeting import AgendaItem, Meeting


class Sitting(AppendOnly):
    """What lies on the table of a meeting from `began_at` on. It ends when the next row of the meeting begins."""

    class What(models.TextChoices):
        CASE = "case", _("a case")
        BREAK = "break", _("break")
        NOTHING = "nothing", _("nothing")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sittings")
    what = models.CharField(max_length=8, choices=What)
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="sittings")
    began_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="sitting_of_a_case_names_it",
                condition=Q(what="case", item__isnull=False) | (~Q(what="case") & Q(item__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} from {timezone.localtime(self.began_at):%H:%M}"
