"""The event log pages: who reads which lines, filters, pages, the export."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.audit import queries
from mdt.audit.sentences import SENTENCES, sentence
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def numbers(answer):
    return [event.number for event in answer.context["page"].events]


def kinds(answer):
    return [event.kind for event in answer.context["page"].events]


@pytest.fixture
def signed_in(client, auditor):
    client.force_login(auditor)
    return client


def test_an_auditor_reads_the_lines_of_the_own_team_and_of_no_team(signed_in, team, other_team, surgeon):
    own = record(Kind.MEMBER_ADDED, by=surgeon, team=team, username="x", roles=["chair"])
    none = record(Kind.SIGN_IN_FAILED, by=None)
    record(Kind.MEMBER_ADDED, by=surgeon, team=other_team, username="y", roles=["chair"])
    answer = signed_in.get(reverse("events"))
    assert {own.number, none.number} <= set(numbers(answer))
    assert {event.team for event in answer.context["page"].events} == {team, None}
    assert "gave x the roles: Chair" in answer.content.decode()


def test_a_line_calls_people_by_their_names_with_the_sign_in_name_behind(
    signed_in, team, surgeon, chair, django_assert_max_num_queries
):
    for _line in range(20):
        record(Kind.MEMBER_ADDED, by=chair, team=team, username="surgeon", roles=["chair"])
    record(Kind.SIGN_IN_FAILED, by=None, team=team, username="surgeon")
    record(Kind.MESSAGE_POSTED, by=None, team=team, to="chair", message="invitation")
    with django_assert_max_num_queries(40):
        page = signed_in.get(reverse("events")).text
    assert f"gave {surgeon.display_name} (surgeon) the roles: Chair" in page
    assert f"wrote to {chair.display_name} (chair): " in page
    assert f"failed to sign in as {surgeon.display_name} (surgeon)" in page
    assert re.search(rf'<b>{re.escape(chair.display_name)}</b>\s+<span\s+class="faint small">\(chair\)</span>', page)


@pytest.mark.parametrize("persona", ["surgeon", "chair", "coordinator", "admin", "outsider"])
def test_only_auditors_read_the_log(client, request, persona):
    client.force_login(request.getfixturevalue(persona))
    before = Event.objects.count()
    assert client.get(reverse("events")).status_code == 403
    assert client.get(reverse("events-export")).status_code == 403
    assert client.post(reverse("events-verify")).status_code == 403
    assert Event.objects.count() == before


def test_reading_the_log_is_logged_once_for_a_visit(signed_in, team):
    for _click in range(3):
        signed_in.get(reverse("events"), {"show": "all", "kind": ""})
    assert Event.objects.filter(kind=Kind.EVENTS_VIEWED, team=team).count() == 1
    session = signed_in.session
    session["read_events_at"] -= 31 * 60
    session.save()
    signed_in.get(reverse("events"))
    assert Event.objects.filter(kind=Kind.EVENTS_VIEWED, team=team).count() == 2


def test_reading_is_shown_on_request_only(signed_in, team, surgeon):
    changed = record(Kind.FINDING_RECORDED, by=surgeon, team=team, discipline="surgery", facts=["peritoneum"])
    opened = record(Kind.CASE_OPENED, by=surgeon, team=team, page="overview")
    assert opened.number not in numbers(signed_in.get(reverse("events")))
    assert {changed.number, opened.number} <= set(numbers(signed_in.get(reverse("events"), {"show": "all"})))
    assert numbers(signed_in.get(reverse("events"), {"kind": "case-opened"})) == [opened.number]


def test_filters_narrow_by_person_kind_and_day(signed_in, team, surgeon, chair):
    by_surgeon = record(Kind.MEETING_PLANNED, by=surgeon, team=team, meeting="gc-M1")
    about_surgeon = record(Kind.MEMBER_ADDED, by=chair, team=team, subject=surgeon, username="surgeon", roles=[])
    by_chair = record(Kind.MEETING_PLANNED, by=chair, team=team, meeting="gc-M2")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    def shown(**filters):
        return set(numbers(signed_in.get(reverse("events"), filters))) & {
            by_surgeon.number,
            about_surgeon.number,
            by_chair.number,
        }

    assert shown(person="SURGEON") == {by_surgeon.number, about_surgeon.number}
    assert shown(person="Surge") == {by_surgeon.number, about_surgeon.number}, "part of the name will do"
    assert shown(person="nobody-here") == set()
    assert shown(kind="meeting-planned", person="chair") == {by_chair.number}
    assert len(shown(since=today.isoformat(), until=today.isoformat())) == 3
    assert shown(since=tomorrow.isoformat()) == set()


def test_filters_narrow_by_case(signed_in, case):
    lines = signed_in.get(reverse("events"), {"case": case.reference.lower(), "show": "all"}).context["page"].events
    assert lines
    assert {line.case_reference for line in lines} == {case.reference}
    assert Kind.CASE_REFERRED in {line.kind for line in lines}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"kind": "made-up"}, "kind"),
        ({"case": "x" * 99}, "case"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "until"),
        ({"person": "\x00"}, "person"),
    ],
)
def test_a_filter_that_cannot_be_understood_is_shown_with_its_message(signed_in, filters, field):
    answer = signed_in.get(reverse("events"), filters)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors


def test_pages_follow_each_other_without_gap_or_repetition(signed_in, team, other_team, auditor, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 4)
    for number in range(11):
        belongs = (team, None, other_team)[number % 3]
        record(Kind.MEETING_PLANNED, by=auditor, team=belongs, meeting=str(number))
    readable = list(
        Event.objects.writes().exclude(team=other_team).order_by("-number").values_list("number", flat=True)
    )
    seen, query, last = [], {}, None
    while True:
        last = signed_in.get(reverse("events"), query)
        seen += numbers(last)
        if last.context["page"].older_than is None:
            break
        query = {"before": last.context["page"].older_than}
    assert seen == readable
    back = signed_in.get(reverse("events"), {"after": last.context["page"].newer_than})
    assert numbers(back) == readable[-len(numbers(last)) - 4 : -len(numbers(last))]


@pytest.mark.parametrize("broken", ["-1", "x", "9" * 30, "１"])
def test_a_broken_page_link_starts_at_the_newest_line(signed_in, broken):
    assert signed_in.get(reverse("events"), {"before": broken}).status_code == 200


def test_the_case_log_tells_who_opened_the_case_and_logs_its_own_reading(signed_in, case, auditor, surgeon):
    record(Kind.CASE_OPENED, by=surgeon, case=case, subject=case, page="overview")
    answer = signed_in.get(reverse("case-events", args=[case.reference]))
    assert answer.status_code == 200
    assert kinds(answer)[:2] == [Kind.EVENTS_VIEWED, Kind.CASE_OPENED]
    assert case.patient.name not in answer.content.decode()
    only_changes = signed_in.get(reverse("case-events", args=[case.reference]), {"show": "changes"})
    assert Kind.CASE_OPENED not in kinds(only_changes)
    line = Event.objects.latest("number")
    assert (line.kind, line.by, line.case_reference) == (Kind.EVENTS_VIEWED, auditor, case.reference)


def test_the_case_log_is_for_auditors_of_the_team(client, case, surgeon, outsider, other_team):
    stranger = make_user("stranger", team=other_team, roles=("auditor",))
    for person, status in ((surgeon, 403), (outsider, 404), (stranger, 404)):
        client.force_login(person)
        assert client.get(reverse("case-events", args=[case.reference])).status_code == status


def test_the_export_holds_the_filtered_lines_oldest_first_and_is_logged(signed_in, team, other_team, surgeon):
    first = record(Kind.MEMBER_ADDED, by=surgeon, team=team, username="=1+1", roles=["chair"])
    record(Kind.MEETING_PLANNED, by=surgeon, team=team, meeting="gc-M1")
    record(Kind.MEMBER_ADDED, by=surgeon, team=other_team, username="y", roles=[])
    answer = signed_in.get(reverse("events-export"), {"kind": "member-added"})
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["number"] for row in rows] == [str(first.number)]
    assert (rows[0]["username"], rows[0]["team"], rows[0]["kind"]) == ("surgeon", "gc", "member-added")
    line = Event.objects.latest("number")
    assert (line.kind, line.team, line.data) == (Kind.EVENTS_EXPORTED, team, {"filters": {"kind": "member-added"}})


def test_a_cell_that_a_spreadsheet_would_run_is_made_text(signed_in, team):
    person = make_user("sly", name="=cmd|'/c calc'!A1", title="", team=team)
    record(Kind.MEETING_PLANNED, by=person, team=team, meeting="gc-M1")
    text = b"".join(signed_in.get(reverse("events-export")).streaming_content).decode("utf-8-sig")
    assert [row["person"][:2] for row in csv.DictReader(io.StringIO(text)) if row["username"] == "sly"] == ["'="]


def test_every_kind_has_a_sentence():
    assert set(Kind) - set(SENTENCES) == {Kind.SIGN_IN_FAILED}, "the failed sign-in has two of its own"


@pytest.mark.parametrize("kind", Kind)
def test_a_line_that_lacks_what_its_sentence_needs_is_still_put_into_words(kind):
    assert sentence(Event(kind=kind, data={}))
    assert sentence(Event(kind=kind, data={"facts": None, "reason": "100 %", "version": {"a": 1}, "unknown": [1]}))
