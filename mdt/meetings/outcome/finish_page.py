"""What will happen when a meeting ends, said before it happens."""

from django.http import QueryDict
from django.utils import timezone

from mdt.meetings.actions.finishing import Onward, decisions_of, undiscussed
from mdt.meetings.actions.sending import addressees_of
from mdt.meetings.attendance import seats_of
from mdt.meetings.forms.finish import FinishForm
from mdt.meetings.forms.meeting import chairs_of
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.meetings.outcome.suitable import coming_meetings, next_suitable
from mdt.people.models import User


def finish_form(meeting: Meeting, data: QueryDict | None = None) -> FinishForm:
    """The form for the meeting as it is now; each undiscussed case begins with the next meeting that suits it."""
    left, coming = undiscussed(meeting), coming_meetings(meeting)
    return FinishForm(
        data,
        meeting=meeting,
        undiscussed=left,
        unsigned=decisions_of(meeting)[1],
        coming=coming,
        suitable=next_suitable(coming, left),
        chairs=chairs_of(meeting.team),
    )


def finish_context(meeting: Meeting, form: FinishForm) -> dict:
    """The page: what is released to whom, what is left, where undiscussed cases go, who is in the room."""
    signed = Decision.objects.complete().filter(pk__in=[row.pk for row in decisions_of(meeting)[0]])
    return {
        "meeting": meeting,
        "form": form,
        "released": [
            {"decision": decision, "recipients": addressees_of(decision, None), "has_referrer": bool(_email(decision))}
            for decision in signed.order_by("agenda_item__position", "id")
            if not hasattr(decision, "release")
        ],
        "case_rows": list(form.case_rows()),
        "unsigned_rows": list(form.unsigned_rows()),
        "present": [seat for seat in seats_of(meeting) if seat.is_present],
        "has_begun": meeting.starts_at <= timezone.now(),
    }


def _email(decision: Decision) -> str:
    return decision.case.referrer_email


def usual_end(meeting: Meeting) -> tuple[dict[int, Onward], dict[int, User]]:
    """Undiscussed cases to the next meeting that suits them, for want of time; the chair signs what is not signed."""
    left = undiscussed(meeting)
    suitable = next_suitable(coming_meetings(meeting), left)
    onward = {item.pk: Onward(suitable[item.pk].meeting, AgendaItem.LeftBecause.TIME) for item in left}
    signer = meeting.chair or next(iter(chairs_of(meeting.team)), None)
    return onward, {decision.pk: signer for decision in decisions_of(meeting)[1] if signer is not None}
