"""The room in the demonstration's past meetings: who comes when, and how long each case lies on the table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mdt.meetings import actions
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import User

if TYPE_CHECKING:
    from mdt.demo.play import Play

LATE = "pathology"  # joins by video in the middle of the first case
DISCUSSION = timedelta(minutes=5)


def _of_team(play: Play, meeting: Meeting) -> list[User]:
    """Everybody of the team with a discipline, but for those whom the scenario keeps away from this meeting."""
    plan = next(plan for plan in play.scenario["meeting"] if play.meetings[plan["id"]] == meeting)
    away = plan.get("away", ())
    people = [person for person in play.people.values() if person.discipline and person.username not in away]
    return [person for person in people if person.memberships.filter(team=meeting.team).exists()]


def come_in(play: Play, meeting: Meeting, chair: User) -> None:
    """Everybody is there from the beginning but one."""
    for person in _of_team(play, meeting):
        if person.discipline != LATE:
            actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=chair)


def discuss(play: Play, item: AgendaItem, chair: User) -> None:
    """The case comes to the table and is talked about; whoever is late comes in meanwhile."""
    actions.put_on_table(item=item, by=chair)
    play.clock.pass_time(DISCUSSION / 2)
    for person in _of_team(play, item.meeting):
        if person.discipline == LATE:
            actions.mark_attendance(meeting=item.meeting, person=person, is_present=True, is_remote=True, by=person)
    play.clock.pass_time(DISCUSSION / 2)
