from django.db import models

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.meeting import Meeting


class ErasedItem(AppendOnly):
    """What is left on a meeting's agenda of a case that was erased by order: that there was one.

    So that pages and figures can say how many they no longer count. Nothing here leads to the patient.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="erased_items")
    meeting_on = models.DateField(help_text="By the team's clock.")
    pathway = models.CharField(max_length=20)
    was_discussed = models.BooleanField()
    order = models.PositiveBigIntegerField(help_text="Number of the order of erasure.")
    erased_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"erased by order {self.order}"
