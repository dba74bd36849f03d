"""What the meetings leave to the worker."""

from django.conf import settings
from django.utils import timezone

from cases.models import Case
from mdt.duties.registry import handles
from mdt.meetings import actions, documents
from mdt.meetings.actions import chasing
from mdt.meetings.actions.next_steps import remind_owner
from mdt.meetings.actions.sending import send_minutes, send_outcome
from mdt.meetings.actions.signature_requests import remind_signer
from mdt.meetings.calendar import actions as calendar
from mdt.meetings.models import Decision, DecisionCondition, Meeting, NextStep, Release, Series, SignatureRequest
from mdt.meetings.outcome import mails
from mdt.people.models import User


@handles("prepare-letters")
def prepare_letters(decision_id: int) -> None:
    """Make the letters of a signed decision in every language. Again, it makes only what is missing.

    Raises Decision.DoesNotExist for an unknown id, and for a decision that is not signed.
    """
    decision = Decision.objects.filter(sign_off__isnull=False).select_related("case").get(pk=decision_id)
    if decision.case.is_restricted:  # letters are made when they are opened, too
        return
    for language, _name in settings.LANGUAGES:
        documents.letter(decision, language)


@handles("send-outcome")
def send_letters(decision_id: int) -> None:
    """Write to everybody who is told of a released decision. Again, it writes to nobody twice."""
    release = Release.objects.select_related("decision__case").get(decision=decision_id)
    if not release.decision.case.is_restricted:  # owed anew when the restriction is lifted
        send_outcome(release=release)


@handles("send-minutes")
def send_minutes_of(meeting_id: int) -> None:
    """Send the minutes of a finished meeting; before its last decision is signed, nothing."""
    send_minutes(meeting=Meeting.objects.select_related("team", "chair").get(pk=meeting_id))


@handles("watch-outcome")
def watch_outcome(decision_id: int) -> None:
    """On the morning of the due day: tell those who can release an outcome that it is still not released."""
    item = Decision.objects.select_related("agenda_item").get(pk=decision_id).agenda_item
    newest = Decision.objects.select_related("case__team", "meeting__team").current().get(agenda_item=item)
    if not hasattr(newest, "release") and not newest.case.is_restricted:
        mails.warn_of_release(newest)


@handles("remind-signer")
def remind_of_signature(request_id: int) -> None:
    rows = SignatureRequest.objects.select_related("decision__case__team", "decision__meeting__team", "person")
    request = rows.get(pk=request_id)
    if not request.decision.case.is_restricted:
        remind_signer(request=request)


@handles("remind-of-step")
def remind_of_step(step_id: int) -> None:
    rows = NextStep.objects.select_related("decision__case__team", "decision__meeting__team", "owner")
    step = rows.get(pk=step_id)
    if not step.decision.case.is_restricted:
        remind_owner(step=step)


@handles("review-condition")
def review_condition(condition_id: int) -> None:
    """On the day of a condition, and every morning while a result is waited for. The action owes the next look."""
    actions.review_condition(condition=DecisionCondition.objects.select_related("decision").get(pk=condition_id))


@handles("follow-readiness")
def follow_readiness(case_id: int) -> None:
    """A case waits for somebody else than before."""
    chasing.follow_readiness(case=Case.objects.select_related("team").get(pk=case_id), now=timezone.now())


@handles("remind-discipline")
def remind_discipline(subject: str) -> None:
    """`subject` holds the id of the case and the discipline: '12.radiology'."""
    case_id, discipline = subject.split(".")
    case = Case.objects.select_related("team").get(pk=int(case_id))
    chasing.remind_discipline(case=case, discipline=discipline, now=timezone.now())


@handles("send-digest")
def send_digest(person_id: int) -> None:
    """What waits for one person, in one message."""
    chasing.send_digest(person=User.objects.get(pk=person_id), now=timezone.now())


@handles("report-cut-off")
def report_cut_off(meeting_id: int) -> None:
    """At the cut-off of a meeting: what is not ready, to the coordinators."""
    chasing.report_cut_off(meeting=Meeting.objects.select_related("team").get(pk=meeting_id), now=timezone.now())


@handles("tend-series")
def tend_series(series_id: int) -> None:
    """Each night: make a series' meetings of the weeks ahead. The action owes the next night."""
    calendar.tend_series(series=Series.objects.get(pk=series_id))


@handles("invite-to-meeting")
def invite_to_meeting(meeting_id: int) -> None:
    """Invitations to a meeting, and what became of them. Again, it writes to nobody twice."""
    calendar.invite_to_meeting(meeting=Meeting.objects.get(pk=meeting_id))
