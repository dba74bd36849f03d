"""The one write of the help: that somebody answered the offer of a tour. No patient, no right: no line in the log."""

from mdt.help.models import TourAnswer
from mdt.people.models import User


def answer_tour(*, person: User, was_taken: bool) -> TourAnswer:
    """Never offer the tour to this person again. The first answer stays."""
    return TourAnswer.objects.get_or_create(person=person, defaults={"was_taken": was_taken})[0]
