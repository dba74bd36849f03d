from django.conf import settings
from django.db import models


class TourAnswer(models.Model):
    """Somebody took the tour that is offered once, or did not want it. It can be opened again from the help page."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tour_answer")
    was_taken = models.BooleanField()
    answered_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person}, {self.answered_at:%F}"
