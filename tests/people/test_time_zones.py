"""A team has a clock of its own: its people see its meetings by it."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from mdt.people.models import Membership, Role
from mdt.people.time_zones import names, validate_time_zone
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db
SUMMER = datetime(2027, 7, 6, 12, 0, tzinfo=UTC)  # 14:00 in Berlin, 20:00 in Shanghai, 22:30 on Lord Howe


def move(team, zone):
    team.time_zone = zone
    team.full_clean()
    team.save()


def test_a_new_team_has_the_installations_zone(team):
    assert team.time_zone == "Asia/Shanghai"


@pytest.mark.parametrize(("zone", "shown"), [("Europe/Berlin", "14:00"), ("Australia/Lord_Howe", "22:30")])
def test_people_see_their_teams_clock(client, team, coordinator, zone, shown):
    move(team, zone)
    meeting = plan(team, coordinator, starts_at=SUMMER)
    client.force_login(coordinator)
    for address in (meeting.get_absolute_url(), reverse("meetings")):
        assert shown in client.get(address).text
    assert str(meeting).endswith(f"2027-07-06 {shown}")


def test_the_page_of_a_meeting_goes_by_its_own_team_for_somebody_of_two_teams(client, team, other_team, coordinator):
    move(team, "Europe/Berlin")
    Membership.objects.create(team=other_team, user=coordinator, role=Role.MEMBER)
    meeting = plan(team, coordinator, starts_at=SUMMER)
    client.force_login(coordinator)
    assert "14:00" in client.get(meeting.get_absolute_url()).text


def test_what_is_typed_is_read_by_the_teams_clock(client, team, coordinator):
    move(team, "America/New_York")
    client.force_login(coordinator)
    entries = {"starts_at": "2027-07-06T14:00", "cut_off_at": "2027-07-05T12:00", "minutes_available": "60"}
    assert client.post(reverse("meeting-plan"), entries).status_code == 302
    assert team.meetings.get().starts_at == datetime(2027, 7, 6, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "typed"), [("Europe/Berlin", "2027-03-28T02:30"), ("America/New_York", "2027-11-07T01:30")]
)
def test_a_time_that_the_clocks_skip_or_repeat_is_refused_with_the_reason(client, team, coordinator, zone, typed):
    move(team, zone)
    client.force_login(coordinator)
    entries = {"starts_at": typed, "cut_off_at": "2027-03-20T12:00", "minutes_available": "60"}
    answer = client.post(reverse("meeting-plan"), entries)
    assert answer.status_code == 422
    assert f"couldn’t be interpreted in time zone {zone}" in answer.text


def test_the_clock_of_one_request_does_not_last_into_the_next(client, team, coordinator):
    move(team, "Europe/Berlin")
    client.force_login(coordinator)
    client.get(reverse("meetings"))
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_only_places_and_utc_can_be_chosen():
    assert {"Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"} <= set(names())
    for name in ("Mars/Olympus", "", "../etc/passwd", "CET"):
        with pytest.raises(ValidationError):
            validate_time_zone(name)
