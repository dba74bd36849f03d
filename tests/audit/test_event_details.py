"""What a line of the log holds is said in words for people, in both languages; the raw form stays in a fold."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from mdt.audit.event_details import LABELS, details_of, row_in_words
from mdt.audit.log_lines import is_out_of_time, line_of
from mdt.audit.sentences import sentence
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event

pytestmark = pytest.mark.django_db


def details(**data):
    return dict(details_of(Event(kind=Kind.CASE_LISTED, data=data), {}))


def test_a_listed_case_is_told_in_words():
    assert details(meeting="GC-M3", is_ready=False, is_again=False, late_reason="") == {
        "Meeting": "GC-M3",
        "All required facts were known": "no",
        "Was decided before": "no",
    }
    with override("zh-hans"):
        assert details(is_ready=True, late_reason="出院在即") == {
            "必需信息项齐全": "是",
            "截止后或未就绪列入的理由": "出院在即",
        }


def test_a_rule_of_a_series_is_said_as_people_say_it():
    data = {"series": "GC-S2", "rule": "FREQ=WEEKLY;BYDAY=WE", "begins_at": "13:00"}
    event = Event(kind=Kind.SERIES_STARTED, data=data)
    assert sentence(event) == "started the series GC-S2: every Wednesday at 13:00"
    with override("zh-hans"):
        assert "FREQ" not in sentence(event)
    assert "not a rule" in sentence(Event(kind=Kind.SERIES_STARTED, data={**data, "rule": "not a rule"}))


def test_what_changed_stands_before_and_after_under_the_names_of_the_forms():
    found = details(before={"minutes_available": 60}, after={"minutes_available": 90})
    assert [value.rpartition(" ")[2] for value in found.values()] == ["60", "90"]
    assert "minutes_available" not in str(found)


def test_facts_are_named_as_the_forms_name_them():
    assert "peritoneum" not in details(facts=["peritoneum"])["Facts"]


def test_disciplines_that_were_waited_for_are_named():
    assert details(waiting=["surgery", "pathology"])["Waits for"] == "Surgery, Pathology"


def test_a_record_is_called_by_its_kind():
    assert row_in_words("meetings.AgendaItem:110") == "agenda item no. 110"
    assert row_in_words("nothing.Known:1") == ""
    assert row_in_words("privacy.ErasureRequest:1") == "", "a kind that has no name for people"


def test_what_has_no_words_stays_in_the_raw_form_only(client, auditor, team):
    record(Kind.MEETING_PLANNED, by=auditor, team=team, subject=team, meeting="GC-M1", strange_key="x")
    client.force_login(auditor)
    text = client.get(reverse("events")).text
    assert "strange_key" not in LABELS
    assert text.count("strange_key") == 1
    assert text.index("As the log holds it (technical)") < text.index("strange_key")


@pytest.mark.parametrize(
    "data", [{"after": "x", "rule": 1, "facts": 3, "roles": None, "starts_on": "?", "is_ready": 2}]
)
def test_values_of_any_shape_break_no_page(data):
    assert line_of(Event(kind=Kind.CASE_LISTED, data=data, subject="x"), {}).sentence


def test_lines_written_later_than_their_day_are_said_to_be(client, auditor, team, monkeypatch):
    first, second = (record(Kind.MEETING_PLANNED, by=auditor, team=team, meeting=name) for name in "ab")
    assert not is_out_of_time([second, first])
    assert is_out_of_time([first, second])
    client.force_login(auditor)
    assert "Some of these lines were written later" not in client.get(reverse("events")).text
    monkeypatch.setattr("mdt.audit.views.is_out_of_time", lambda events: True)
    assert "Some of these lines were written later" in client.get(reverse("events")).text


def test_the_log_of_a_case_says_whether_it_is_as_it_was_written(client, auditor, case):
    client.force_login(auditor)
    url = reverse("case-events", args=[case.reference])
    assert "has not been checked yet" in client.get(url).text
    client.post(reverse("events-verify"))
    checked = Event.objects.get(kind=Kind.EVENTS_VERIFIED).data["checked"]
    text = client.get(url).text
    assert f"not changed, up to line {checked}" in text
    assert "Lines after it wait for the next check." in text, "this reading itself was logged later"
    record(Kind.EVENTS_VERIFIED, by=None, checked=3, broken_at=4, rows=0, faults=[])
    text = client.get(url).text
    assert "something does not fit" in text
    assert "not changed, up to line" not in text
