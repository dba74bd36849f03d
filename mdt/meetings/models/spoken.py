"""What somebody said in the room about a case, as whoever keeps the record noted it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.meetings.models.meeting import AgendaItem
from mdt.people.disciplines import Discipline


class SpokenQuerySet(AppendOnlyQuerySet):
    def at(self, item: AgendaItem) -> "SpokenQuerySet":
        """About the case in that meeting, also from before it was taken off the agenda and listed again."""
        return self.filter(item__meeting=item.meeting_id, item__case=item.case_id)


class Spoken(AppendOnly):
    """Words of a person, or of a discipline where nobody caught the name, as `noted_by` wrote them down.

    No opinion committed by its owner, and it counts in no agreement. What was noted by mistake is taken back by a later
    row that names it (`takes_back`, its `text` being the reason); both stay.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="spoken")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    discipline = models.CharField(
        max_length=20, choices=Discipline, blank=True, help_text=_("The discipline they spoke for.")
    )
    text = models.CharField(_("what was said"), max_length=1000, blank=True)
    said_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Empty: nobody gave the time; it was said before it was noted.")
    )
    was_present = models.BooleanField(
        default=False, help_text=_("Person or discipline were marked as present for the case when it was noted.")
    )
    is_before_reveal = models.BooleanField(default=False, help_text=_("Noted while opinions and proposal were sealed."))
    after_version = models.PositiveSmallIntegerField(
        default=0, help_text=_("Newest signed version of the decision when it was noted: later signatures cover it.")
    )
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="taken_back_by")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    objects = SpokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("words said in the room")
        verbose_name_plural = _("words said in the room")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="spoken_has_words_of_somebody",
                condition=Q(takes_back__isnull=False) | (~Q(text="") & (Q(person__isnull=False) | ~Q(discipline=""))),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person or self.discipline}: {self.text[:40]}"

    @property
    def is_taken_back(self) -> bool:
        return hasattr(self, "taken_back_by")

    @property
    def is_own_note(self) -> bool:
        """Whether the person wrote down what they had said themself."""
        return self.person_id is not None and self.person_id == self.noted_by_id
