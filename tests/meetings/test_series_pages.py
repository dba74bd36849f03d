"""The pages of series, of one's own meetings, and the list of meetings as a calendar."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.meetings import actions as meeting_actions
from mdt.meetings.calendar import actions
from mdt.meetings.models import AgendaItem, Meeting, Series
from mdt.people.models import Membership, Role
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_monday(monkeypatch):
    """The clock stands, so that the dates can be written down."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def entries(**changes):
    return {
        "name": "Tuesday board",
        "pattern": "weekly",
        "weekdays": ["1"],
        "rule": "",
        "starts_on": "2026-11-23",
        "ends_on": "",
        "begins_at": "14:00",
        "minutes_available": "60",
        "mode": "in_person",
        "place": "Room 2",
        "video_url": "",
        "chair": "",
        "cut_off_count": "1",
        "cut_off_unit": "working_days",
        "cut_off_time": "12:00",
        "on_closed_day": "skip",
        "weeks_ahead": "8",
        "invite_days_ahead": "14",
        **changes,
    }


@pytest.fixture
@remembered
def series(team, coordinator):
    return actions.start_series(
        team=team,
        by=coordinator,
        name="Tuesday board",
        rule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=date(2026, 11, 23),
        begins_at=time(14, 0),
        cut_off_count=1,
        cut_off_time=time(12, 0),
        mode="hybrid",
        weeks_ahead=4,
    )


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


# --- The form -----------------------------------------------------------------------------------------------------


def test_the_next_ten_dates_are_shown_with_what_is_skipped_before_anything_is_stored(signed_in, team, coordinator):
    actions.close_days(
        team=team, by=coordinator, first_on=date(2026, 12, 1), last_on=date(2026, 12, 1), label="Ward moves house"
    )
    answer = signed_in.post(reverse("series-start"), entries(do="preview"))
    assert answer.status_code == 200
    assert [dated.slot.planned_for for dated in answer.context["preview"]["dates"]] == [
        date(2026, 11, 24) + timedelta(weeks=week) for week in range(10)
    ]
    assert "Ward moves house" in answer.text
    assert not Series.objects.exists()


def test_it_starts_a_series_and_leads_to_it(signed_in, chair):
    answer = signed_in.post(reverse("series-start"), entries(do="save", chair=chair.pk))
    assert answer.url == "/meetings/series/GC-S1/"
    series = Series.objects.get()
    assert (series.rule, series.chair, series.meetings.count()) == ("FREQ=WEEKLY;BYDAY=TU", chair, 8)
    page = signed_in.get(answer.url).text
    for words in ("every Tuesday, 14:00", "GC-M1", "1 working day before, at 12:00", "Asia/Shanghai"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pattern": "fortnightly", "weekdays": ["1", "3"]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        ({"pattern": "monthly", "weekdays": ["2"], "places": ["1", "-1"]}, "FREQ=MONTHLY;BYDAY=1WE,-1WE"),
        ({"pattern": "rule", "rule": "rrule:freq=monthly;bymonthday=15"}, "FREQ=MONTHLY;BYMONTHDAY=15"),
    ],
)
def test_each_pattern_becomes_its_rule_and_comes_back_into_the_form(signed_in, changes, rule):
    signed_in.post(reverse("series-start"), entries(**changes))
    series = Series.objects.get()
    assert series.rule == rule
    form = signed_in.get(reverse("series-change", args=[series.reference])).context["form"]
    assert form["pattern"].value() == changes["pattern"]
    if changes["pattern"] != "rule":
        assert form["weekdays"].value() == changes["weekdays"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"pattern": "monthly"}, "places"),
        ({"pattern": "rule", "rule": "FREQ=HOURLY"}, "rule"),
        ({"pattern": "rule", "rule": ""}, "rule"),
        ({"pattern": "hourly"}, "pattern"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"begins_at": "25:00"}, "begins_at"),
        ({"starts_on": "2046-01-01"}, "starts_on"),
        ({"mode": "telephone"}, "mode"),
        ({"mode": "video"}, "__all__"),
        ({"weeks_ahead": "900"}, "__all__"),
        ({"name": "x" * 500}, "name"),
        ({"chair": "999999"}, "chair"),
    ],
)
def test_bad_input_is_shown_beside_its_field_and_stores_nothing(signed_in, changes, field):
    answer = signed_in.post(reverse("series-start"), entries(**changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Series.objects.exists()


def test_a_change_says_before_and_after_what_it_does_to_meetings(signed_in, series, coordinator):
    second = series.meetings.order_by("starts_at")[1]
    meeting_actions.change_meeting(meeting=second, by=coordinator, version=1, place="Lecture hall")
    changed = entries(begins_at="16:00", mode="hybrid", weeks_ahead="4", version=1, weekdays=["1"])
    url = reverse("series-change", args=[series.reference])
    preview = signed_in.post(url, {**changed, "do": "preview"})
    assert "Saving changes 3 meetings, makes 0 and cancels 0." in preview.text
    assert "changed by hand" in preview.text
    saved = signed_in.post(url, {**changed, "do": "save"}, follow=True)
    assert "3 meetings follow." in saved.text
    assert "1 meeting was left as it was" in saved.text
    assert "Bring into line" in saved.text
    version = Meeting.objects.get(pk=second.pk).version
    back = signed_in.post(reverse("meeting-follow", args=[second.reference]), {"version": version}, follow=True)
    assert "follows its series again" in back.text
    assert Meeting.objects.get(pk=second.pk).local_start.hour == 16


def test_a_change_on_an_old_page_is_refused_and_keeps_what_was_typed(signed_in, series):
    url = reverse("series-change", args=[series.reference])
    signed_in.post(url, entries(version=1, place="First", mode="hybrid"))
    answer = signed_in.post(url, entries(version=1, place="Second", mode="hybrid", weekdays=["1", "4"]))
    assert answer.status_code == 409
    assert 'value="Second"' in answer.text
    assert answer.context["form"]["weekdays"].value() == ["1", "4"]
    assert Series.objects.get().place == "First"


def test_the_cut_off_reads_as_one_sentence(signed_in):
    page = signed_in.get(reverse("series-start")).content.decode()
    words = page[page.index('class="in-words"') :]
    order = ["Cases must be ready", "working days before", "hours before", 'type="time"']
    assert sorted(order, key=words.index) == order
    assert "By the team" not in words


def test_a_meeting_that_asks_for_opinions_otherwise_than_the_series_is_named(signed_in, series, coordinator):
    page = signed_in.get(series.get_absolute_url()).content.decode()
    assert "new meetings: the proposal is open" in page
    assert "set for this meeting" not in page
    meeting = series.meetings.order_by("starts_at").last()
    meeting_actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
    page = signed_in.get(series.get_absolute_url()).content.decode()
    assert page.count("opinions first, set for this meeting") == 1


def test_it_ends_with_a_reason(signed_in, series):
    url = reverse("series-end", args=[series.reference])
    assert signed_in.post(url, {"reason": " ", "version": 1}).status_code == 422
    page = signed_in.post(url, {"reason": "Merged", "version": 1}, follow=True)
    assert "This series has ended: Merged" in page.text
    assert not series.meetings.filter(state="planned").exists()


def test_members_read_series_and_change_none(client, series, surgeon, outsider):
    client.force_login(surgeon)
    assert client.get(series.get_absolute_url()).status_code == 200
    for name in ("series-change", "series-end"):
        assert client.get(reverse(name, args=[series.reference])).status_code == 403
    for name in ("series-start", "team-calendar"):
        arguments = ["gc"] if name == "team-calendar" else []
        assert client.get(reverse(name, args=arguments)).status_code == 403
    client.force_login(outsider)
    assert client.get(series.get_absolute_url()).status_code == 404
    assert client.get(reverse("team-calendar", args=["gc"])).status_code == 404


def test_people_are_added_and_taken_away_on_its_page(signed_in, series, surgeon, radiologist):
    signed_in.post(reverse("core-member-add", args=[series.reference]), {"person": radiologist.pk})
    member = series.core_members.get()
    signed_in.post(reverse("deputy-add", args=[series.reference, member.pk]), {"person": surgeon.pk})
    page = signed_in.get(series.get_absolute_url()).text
    assert "deputy Dr Surgeon" in page
    signed_in.post(reverse("core-member-remove", args=[series.reference, member.pk]))
    assert not series.core_members.exists()


def test_the_calendar_of_the_team_is_set_with_its_reasons(signed_in, series, team):
    url = reverse("team-calendar", args=["gc"])
    values = {"time_zone": "Europe/Berlin", "country": "DE", "region": "BY", "version": 0}
    assert signed_in.post(url, values).status_code == 302
    team.refresh_from_db()
    assert (team.time_zone, team.calendar.region) == ("Europe/Berlin", "BY")
    assert series.meetings.order_by("starts_at").first().local_start.hour == 14
    assert signed_in.post(url, values).status_code == 409, "an old page"
    wrong = signed_in.post(url, {**values, "region": "XX", "version": 1})
    assert wrong.status_code == 422
    assert "Regions of the country: BB, BE" in wrong.text
    closed = {"first_on": "2026-12-01", "last_on": "", "label": "肿瘤科搬迁 🙂"}
    signed_in.post(reverse("days-close", args=["gc"]), closed)
    assert "肿瘤科搬迁 🙂" in signed_in.get(reverse("meetings")).text
    signed_in.post(reverse("days-open", args=["gc", team.closed_days.get().pk]))
    assert not team.closed_days.exists()


# --- Replies ------------------------------------------------------------------------------------------------------


def answer(client, meeting, value, **more):
    return client.post(reverse("meeting-reply", args=[meeting.reference]), {"answer": value, **more})


def test_one_click_answers_and_undo_brings_back_what_was_before(client, series, coordinator, radiologist):
    actions.add_core_member(series=series, by=coordinator, person=radiologist)
    meeting = series.meetings.order_by("starts_at").first()
    client.force_login(radiologist)
    page = client.get(reverse("my-meetings"))
    assert "4 meetings wait for my answer." in page.text
    answer(client, meeting, "comes")
    answer(client, meeting, "cannot", next=reverse("my-meetings"))
    own = client.get(reverse("my-meetings")).context["asked"][0]
    assert (own.answer, own.undo) == ("cannot", "comes")
    answer(client, meeting, own.undo)
    assert meeting.replies.order_by("-id").first().answer == "comes"


def test_a_deputy_is_named_and_finds_the_meeting_among_their_own(client, series, coordinator, radiologist, surgeon):
    member = actions.add_core_member(series=series, by=coordinator, person=radiologist)
    actions.add_deputy(member=member, by=coordinator, person=surgeon)
    meeting = series.meetings.order_by("starts_at").first()
    client.force_login(surgeon)
    assert client.get(reverse("my-meetings")).context["asked"] == []
    client.force_login(radiologist)
    answer(client, meeting, f"deputy:{surgeon.pk}")
    client.force_login(surgeon)
    [own] = client.get(reverse("my-meetings")).context["asked"]
    assert (own.meeting, own.covers) == (meeting, radiologist)
    assert "You are called for Dr Radiologist." in client.get(meeting.get_absolute_url()).text


def test_who_takes_a_message_notes_it_by_name_and_others_may_not(client, series, coordinator, radiologist, surgeon):
    meeting = series.meetings.order_by("starts_at").first()
    client.force_login(surgeon)
    assert answer(client, meeting, "cannot", person=radiologist.pk).status_code == 403
    client.force_login(coordinator)
    answer(client, meeting, "cannot", person=radiologist.pk)
    reply = meeting.replies.get()
    assert (reply.person, reply.replied_by) == (radiologist, coordinator)
    client.force_login(radiologist)
    assert "Noted by Dr Coordinator." in client.get(reverse("my-meetings")).text


@pytest.mark.parametrize("value", ["perhaps", "", "deputy:", "deputy:x", "deputy:999999", "\0"])
def test_nonsense_is_answered_without_an_error_and_stores_nothing(client, series, surgeon, value):
    meeting = series.meetings.order_by("starts_at").first()
    client.force_login(surgeon)
    assert answer(client, meeting, value).status_code in (302, 404)
    assert not meeting.replies.exists()


def test_an_auditor_is_not_asked_and_cannot_answer_as_a_stranger(client, series, auditor):
    client.force_login(auditor)
    assert client.get(reverse("my-meetings")).context["asked"] == []
    assert "My answer" not in client.get(series.meetings.first().get_absolute_url()).text


def test_the_way_back_leads_to_our_own_pages_only(client, series, surgeon):
    meeting = series.meetings.order_by("starts_at").first()
    client.force_login(surgeon)
    assert answer(client, meeting, "comes", next="https://elsewhere.example/").url.startswith("/meetings/")


# --- What will be missing -----------------------------------------------------------------------------------------


def test_a_discipline_that_listed_cases_need_is_called_missing_with_the_cases(
    client, team, coordinator, surgeon, hepatobiliary, oncologist, radiologist, pathologist, interventionalist
):
    meeting = plan(team, coordinator)
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    client.force_login(coordinator)
    assert "will be missing" not in client.get(meeting.get_absolute_url()).text
    actions.reply(meeting=meeting, person=radiologist, answer="cannot", by=radiologist)
    page = client.get(meeting.get_absolute_url()).text
    assert "<b>Radiology</b> will be missing: 1 listed case cannot be decided without it." in page
    alert = page[page.index("will be missing") : page.index("will be missing") + 500]
    assert case.reference in alert
    assert case.patient.name in alert
    assert "Radiology missing" in client.get(reverse("meetings")).text


def test_a_deputy_who_has_not_answered_makes_it_unsure(client, series, coordinator, radiologist, surgeon):
    member = actions.add_core_member(series=series, by=coordinator, person=radiologist)
    actions.add_deputy(member=member, by=coordinator, person=surgeon)
    meeting = series.meetings.order_by("starts_at").first()
    case = complete_case(make_case(team=meeting.team, by=coordinator), coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    actions.reply(meeting=meeting, person=radiologist, answer="cannot", by=radiologist)
    client.force_login(coordinator)
    assert "<b>Radiology</b> is not sure" in client.get(meeting.get_absolute_url()).text
    actions.reply(meeting=meeting, person=surgeon, answer="comes", by=surgeon)
    assert "<b>Radiology</b>" not in client.get(meeting.get_absolute_url()).text


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_goes_by_month_and_week_with_skipped_dates(client, series, surgeon, coordinator, team):
    actions.close_days(
        team=team, by=coordinator, first_on=date(2026, 12, 8), last_on=date(2026, 12, 8), label="Inspection"
    )
    client.force_login(surgeon)
    months = client.get(reverse("meetings")).context["months"]
    assert [(month.label, month.meetings) for month in months] == [("November 2026", 1), ("December 2026", 2)]
    december = [(week.number, [entry.note for entry in week.entries]) for week in months[1].weeks]
    assert december == [(49, [""]), (50, ["Inspection"]), (51, [""])]


def test_capacity_and_readiness_of_sixty_cases_on_one_agenda(
    client, team, coordinator, surgeon, django_assert_max_num_queries
):
    meeting = plan(team, coordinator, starts_at=NOW + timedelta(days=3), minutes_available=400)
    for number in range(60):
        case = make_case(team=team, by=coordinator)
        AgendaItem.objects.create(meeting=meeting, case=case, position=number + 1, added_by=coordinator)
    client.force_login(surgeon)
    with django_assert_max_num_queries(20):
        page = client.get(reverse("meetings")).text
    for words in ("0 of 60 ready", "360 of 400", "60 cases"):
        assert words in page


def test_a_meeting_past_midnight_says_so(client, team, coordinator, surgeon):
    late = plan(team, coordinator, starts_at=datetime(2026, 11, 26, 15, 30, tzinfo=UTC), minutes_available=120)
    client.force_login(surgeon)
    for url in (reverse("meetings"), late.get_absolute_url(), reverse("my-meetings")):
        assert "23:30–01:30 on the next day" in client.get(url).text


def test_a_meeting_whose_clocks_change_in_between_ends_at_the_right_time(team, coordinator):
    from mdt.meetings.templatetags.meetings_display import time_span

    team.time_zone = "Europe/Berlin"
    team.save()
    # 01:30 to 90 minutes later, in the night in which 02:00 becomes 03:00
    night = plan(team, coordinator, starts_at=datetime(2027, 3, 28, 0, 30, tzinfo=UTC), minutes_available=90)
    night.refresh_from_db()
    assert time_span(night) == "01:30–04:00"


def test_a_meeting_of_nobody_is_shown_and_says_so(client, team, coordinator, admin):
    made = plan(team, coordinator, starts_at=NOW + timedelta(days=3))
    Membership.objects.filter(team=team).exclude(role=Role.ADMINISTRATOR).delete()
    Membership.objects.create(team=team, user=make_user("reader"), role=Role.AUDITOR)
    client.force_login(team.people.get(username="reader"))
    assert "0 of 0 answered" in client.get(reverse("meetings")).text
    assert "the team has no members yet" in client.get(made.get_absolute_url()).text


def test_names_with_signs_from_everywhere_are_shown(client, team, coordinator, series):
    odd = make_user("odd", discipline="radiology", team=team, name="㐱 🙂 O’Brien")
    actions.add_core_member(series=series, by=coordinator, person=odd)
    client.force_login(odd)
    assert "㐱 🙂 O’Brien" in client.get(series.get_absolute_url()).text
    assert "㐱 🙂 O’Brien" in client.get(series.meetings.first().get_absolute_url()).text


def test_each_meeting_of_two_teams_stands_by_its_own_clock(client, team, other_team, coordinator):
    other_team.time_zone = "America/New_York"
    other_team.save()
    Membership.objects.create(team=other_team, user=coordinator, role=Role.COORDINATOR)
    at = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    plan(team, coordinator, starts_at=at)
    plan(other_team, coordinator, starts_at=at)
    client.force_login(coordinator)
    page = client.get(reverse("meetings")).text
    assert "14:00–15:00" in page
    assert "01:00–02:00" in page
    only = client.get(reverse("meetings"), {"team": "xy"}).text
    assert "01:00–02:00" in only
    assert "14:00–15:00" not in only


def test_many_meetings_cost_the_list_no_more(client, series, surgeon, coordinator, team, django_assert_max_num_queries):
    client.force_login(surgeon)
    client.get(reverse("meetings"))
    for count in (1, 8):
        for _ in range(count):
            plan(team, coordinator, starts_at=NOW + timedelta(days=3))
        with django_assert_max_num_queries(22):
            client.get(reverse("meetings"))
        with django_assert_max_num_queries(12):
            client.get(reverse("my-meetings"))
