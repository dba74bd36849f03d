"""Addresses that begin with what is one's own and end with another team's: no row is found by its number alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.meetings import actions as meetings
from mdt.meetings.calendar import actions as calendar
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_team, make_user
from tests.meetings.builders import plan
from tests.test_urls import ARGUMENTS, OF_A_TEAM, changed, content_of, rows, world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

OWN_FIRST = ("meeting_reference", "reference", "series_reference", "code")
"""What an address begins with: these are the intruder's, whatever follows is the victim's."""
SAME_EVERYWHERE = {"discipline", "language", "part", "piece", "pathway", "scheme", "edition", "number", "version"}
"""Not the number of a row: `number` and `version` count within a case."""


@pytest.fixture
def intruder():
    """Holds every role in a team of their own, with a case on an agenda and a series."""
    team = make_team("hb")
    person = make_user("intruder", discipline="radiology", team=team, roles=list(Role))
    case = complete_case(make_case(team=team, by=person), person)
    meeting = plan(team, person, chair=person)
    meetings.list_case(meeting=meeting, case=case, by=person)
    series = calendar.start_series(
        **{"team": team, "by": person, "name": "Own board", "rule": "FREQ=WEEKLY;BYDAY=WE"},
        **{
            "starts_on": timezone.localdate(),
            "begins_at": timezone.now().time(),
            "cut_off_time": timezone.now().time(),
        },
    )
    return {"person": person, "team": team, "case": case, "meeting": meeting, "series": series}


def mixed():
    """Pages whose address names a row of the victim after something that the intruder has too."""
    for page in OF_A_TEAM:
        own = page.parameters & set(OWN_FIRST)
        rest = page.parameters - own - SAME_EVERYWHERE
        if own and rest:
            yield page, own


def test_there_are_such_addresses():
    assert len(list(mixed())) > 20


def test_what_is_another_team_s_is_not_found_behind_what_is_one_s_own(world, intruder, client):  # noqa: F811
    client.force_login(intruder["person"])
    before, wrong = rows(), {}
    for page, own in mixed():
        arguments = {name: ARGUMENTS[name](intruder if name in own else world, page.route) for name in page.parameters}
        url = reverse(page.name, kwargs=arguments)
        answers = [client.get(url), client.post(url)]
        codes = {answer.status_code for answer in answers}
        shows = [answer for answer in answers if "Unmistakable" in content_of(answer)]
        if 404 not in codes or codes - {404, 405} or shows:
            wrong[page.name] = codes
    assert wrong == {}
    assert changed(before) == []
