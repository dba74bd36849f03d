"""What the meetings leave to the worker."""

from django.conf import settings

from mdt.duties.registry import handles
from mdt.meetings import documents
from mdt.meetings.models import Decision


@handles("prepare-letters")
def prepare_letters(decision_id: int) -> None:
    """Make the letters of a signed decision in every language. Again, it makes only what is missing.

    Raises Decision.DoesNotExist for an unknown id, and for a decision that is not signed.
    """
    decision = Decision.objects.filter(sign_off__isnull=False).get(pk=decision_id)
    for language, _name in settings.LANGUAGES:
        documents.letter(decision, language)
