"""The demonstration's series of meetings: its people, a closed day, and what some answered."""

from datetime import date, time, timedelta

from mdt.meetings.calendar import actions, rules
from mdt.meetings.models import CoreMember, Series
from mdt.people.models import Team, User


def start(entry: dict, *, team: Team, people: dict[str, User], first: date, begins_at: time, by: User) -> Series:
    """The series of a scenario's entry, on the weekday of its first meeting, with core members and deputies."""
    series = actions.start_series(
        team=team,
        by=by,
        name=entry["name"],
        rule=rules.weekly([first.weekday()]),
        starts_on=first,
        begins_at=begins_at,
        minutes_available=60,
        mode=entry["mode"],
        place=entry["place"],
        video_url=entry["video_url"],
        chair=people["chair"],
        cut_off_count=48,
        cut_off_unit=Series.CutOffUnit.HOURS,
    )
    members: dict[str, CoreMember] = {}
    for username in entry["core_members"]:
        members[username] = actions.add_core_member(series=series, by=by, person=people[username])
    for username, deputy in entry["deputies"].items():
        actions.add_deputy(member=members[username], by=by, person=people[deputy])
    return series


def close(entry: dict, *, team: Team, today: date, by: User) -> None:
    """The closed days of the scenario, so that a date is seen to be skipped."""
    on = today + timedelta(days=entry["day"])
    actions.close_days(team=team, by=by, first_on=on, last_on=on, label=entry["label"])


def answer(entry: dict, *, series: Series, people: dict[str, User], today: date) -> None:
    """What one person said about one meeting."""
    person = people[entry["person"]]
    meeting = series.meetings.get(planned_for=today + timedelta(days=entry["day"]))
    actions.reply(meeting=meeting, person=person, answer=entry["answer"], by=person)
