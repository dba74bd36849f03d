"""After a restriction of processing: what the worker left out meanwhile is owed anew."""

from django.db import transaction
from django.db.models import QuerySet

from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.meetings.actions.next_steps import owe_reminders
from mdt.meetings.actions.releasing import owe_watch
from mdt.meetings.models import AgendaItem, Decision, Meeting, Release, SignatureRequest
from mdt.meetings.outcome.promptness import watched_at


@transaction.atomic
def take_up_again(*, case: Case) -> None:
    """Owe what waits for this case: letters, minutes, reminders. Each of them writes to nobody twice.

    Conditions and readiness wait by themselves, and are not owed here.
    """
    for decision in Decision.objects.current().filter(case=case).select_related("case__team", "meeting__team"):
        if decision.is_signed:
            owe(kind="prepare-letters", subject=subject_of(decision))
        if decision.meeting.state == Meeting.State.HELD:
            _owe_of_held(decision)
    owe_minutes(of=AgendaItem.objects.kept().filter(case=case))
    for release in Release.objects.filter(decision__case=case, recipients__isnull=True).select_related("decision"):
        owe(kind="send-outcome", subject=subject_of(release.decision))
    for request in SignatureRequest.objects.filter(decision__case=case, decision__sign_off__isnull=True):
        owe(kind="remind-signer", subject=subject_of(request))


@transaction.atomic
def owe_minutes(*, of: QuerySet[AgendaItem]) -> None:
    """Owe the minutes of the meetings with these items that are over, whether or not anything was decided there."""
    for meeting in Meeting.objects.filter(state=Meeting.State.HELD, agenda__in=of).distinct().order_by("pk"):
        owe(kind="send-minutes", subject=subject_of(meeting))


def _owe_of_held(decision: Decision) -> None:
    if hasattr(decision, "release"):
        owe_reminders(decision=decision)
    else:
        owe_watch(decision, due_at=watched_at(decision.meeting))
