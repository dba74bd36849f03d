"""Plain functions that build a meeting and its decisions, through the same actions as the pages use."""

from datetime import timedelta

from django.utils import timezone

from mdt.meetings import actions
from mdt.meetings.actions import Choice, Content
from mdt.meetings.models import Meeting
from tests.remembered import remembered


@remembered
def plan(team, by, **fields) -> Meeting:
    """A meeting in three days, its cut-off in one."""
    begin = fields.pop("starts_at", timezone.now() + timedelta(days=3))
    return actions.plan_meeting(
        **{
            "team": team,
            "by": by,
            "starts_at": begin,
            "cut_off_at": begin - timedelta(days=2),
            "minutes_available": 60,
            "place": "Room 2",
            **fields,
        }
    )


def finish(meeting, by):
    """The meeting ends as the page proposes: undiscussed cases to the next that suits, the chair asked to sign."""
    from mdt.meetings.outcome.finish_page import usual_end

    meeting.refresh_from_db()
    onward, signers = usual_end(meeting)
    return actions.finish_meeting(meeting=meeting, by=by, version=meeting.version, onward=onward, signers=signers)


def content_for(proposal, responsible, /, **changes) -> Content:
    """The proposed type, the first option of the proposal, and somebody responsible."""
    option = proposal.outcome["en"]["options"][0]["id"]
    return Content(
        **{"category": "I", "options": [Choice(option)], "intent": "curative", "responsible": responsible, **changes}
    )


def desk_entries(proposal, responsible, /, *, based_on=0, **changes) -> dict[str, object]:
    """The fields of the room's form, as a browser sends them; a change to None leaves a field out."""
    option = proposal.outcome["en"]["options"][0]["id"]
    entries = {
        "proposal": proposal.pk,
        "based_on": based_on,
        "category": "I",
        "options": [option],
        f"rank_{option}": 1,
        "intent": "curative",
        "responsible": responsible.pk,
        "dissents-TOTAL_FORMS": 1,
        "dissents-INITIAL_FORMS": 0,
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 0,
        "conditions-TOTAL_FORMS": 1,
        "conditions-INITIAL_FORMS": 0,
        **changes,
    }
    return {name: value for name, value in entries.items() if value is not None}
