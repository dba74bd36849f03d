"""What the meetings leave to the worker."""

from django.conf import settings

from mdt.duties.registry import handles
from mdt.meetings import actions, documents
from mdt.meetings.actions.next_steps import remind_owner
from mdt.meetings.actions.sending import send_outcome
from mdt.meetings.actions.signature_requests import remind_signer
from mdt.meetings.models import Decision, DecisionCondition, NextStep, Release, SignatureRequest
from mdt.meetings.outcome import mails


@handles("prepare-letters")
def prepare_letters(decision_id: int) -> None:
    """Make the letters of a signed decision in every language. Again, it makes only what is missing.

    Raises Decision.DoesNotExist for an unknown id, and for a decision that is not signed.
    """
    decision = Decision.objects.filter(sign_off__isnull=False).get(pk=decision_id)
    for language, _name in settings.LANGUAGES:
        documents.letter(decision, language)


@handles("send-outcome")
def send_letters(decision_id: int) -> None:
    """Write to everybody who is told of a released decision. Again, it writes to nobody twice."""
    send_outcome(release=Release.objects.get(decision=decision_id))


@handles("watch-outcome")
def watch_outcome(decision_id: int) -> None:
    """On the morning of the due day: tell those who can release an outcome that it is still not released."""
    item = Decision.objects.select_related("agenda_item").get(pk=decision_id).agenda_item
    newest = Decision.objects.select_related("case__team", "meeting__team").current().get(agenda_item=item)
    if not hasattr(newest, "release"):
        mails.warn_of_release(newest)


@handles("remind-signer")
def remind_of_signature(request_id: int) -> None:
    rows = SignatureRequest.objects.select_related("decision__case__team", "decision__meeting__team", "person")
    remind_signer(request=rows.get(pk=request_id))


@handles("remind-of-step")
def remind_of_step(step_id: int) -> None:
    rows = NextStep.objects.select_related("decision__case__team", "decision__meeting__team", "owner")
    remind_owner(step=rows.get(pk=step_id))


@handles("review-condition")
def review_condition(condition_id: int) -> None:
    """On the day of a condition, and every morning while a result is waited for. The action owes the next look."""
    actions.review_condition(condition=DecisionCondition.objects.select_related("decision").get(pk=condition_id))
