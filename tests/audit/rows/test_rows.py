"""The rows that are counted follow what is recorded, and come out the same when they are derived again."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.actions import reopen_case, take_back_referral
from mdt.audit.models import AuditRow
from mdt.audit.outcomes.actions import record_follow_up
from mdt.audit.rows.actions import catch_up, rebuild
from mdt.meetings import actions
from mdt.meetings.models import Meeting
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for, finish, plan
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting with a case on its agenda

COLUMNS = [field.name for field in AuditRow._meta.fields]


def rows() -> list[dict]:
    return list(AuditRow.objects.order_by("pk").values(*COLUMNS))


def caught_up() -> list[dict]:
    catch_up()
    return rows()


def hold_days_ago(days: int) -> None:
    at = timezone.now() - timedelta(days=days)
    Meeting.objects.update(starts_at=at, cut_off_at=at - timedelta(days=1))


def test_a_listed_case_is_open_until_it_is_decided(item):
    (row,) = caught_up()
    assert (row["ended"], row["decision_id"], row["implementation"], row["concordance"]) == ("open", None, "", "")
    assert (row["item_id"], row["pathway"], row["is_late"]) == (item.pk, "gclm", False)


def test_a_signed_decision_is_counted_with_what_the_meeting_saw(signed):
    (row,) = caught_up()
    assert (row["ended"], row["verdict"], row["proposed"], row["confirmed"]) == ("decided", "confirmed", "I", "I")
    assert row["decision_id"] == signed.pk
    assert (row["is_signed"], row["is_quorate"], row["has_preference"], row["has_comorbidity"]) == (True,) * 4
    assert (row["implementation"], row["edition"]) == ("unknown", "c-gclm 2019")
    assert (row["ready_after_days"], row["is_again"]) == (0, False)
    assert row["is_prospective"] is True


def test_a_released_decision_says_how_promptly(signed, coordinator):
    actions.release_outcome(decision=signed, by=coordinator)
    (row,) = caught_up()
    assert row["released_on"] == timezone.localdate()
    assert row["released_after_days"] == 0  # before its meeting: none of the working days after it


def test_what_became_of_the_patient_stands_in_the_row(signed, oncologist):
    today = timezone.localdate()
    hold_days_ago(40)
    for kind, days, value in (
        ("resection", 50, "R1"),  # before the meeting: not its outcome
        ("treatment", 30, "systemic"),
        ("response", 20, "partial"),
        ("resection", 12, "R0"),
        ("recurrence", 5, "liver"),
        ("death", 2, "disease"),
    ):
        on = today - timedelta(days=days)
        record_follow_up(case=signed.case, by=oncologist, kind=kind, happened_on=on, value=value)
    (row,) = caught_up()
    assert row["treatment_began_on"] == today - timedelta(days=30)
    assert (row["response"], row["r_status"]) == ("partial", "R0")
    assert row["resected_on"] == today - timedelta(days=12)
    assert row["recurred_on"] == row["last_seen_on"] == today - timedelta(days=5)
    assert (row["died_on"], row["is_contradictory"]) == (today - timedelta(days=2), False)
    assert row["is_prospective"] is True
    AuditRow.objects.all().delete()
    rebuild()
    assert rows() == [row]


def test_a_patient_who_died_before_treatment_has_no_treatment_and_no_contradiction(signed, oncologist):
    hold_days_ago(40)
    on = timezone.localdate() - timedelta(days=30)
    record_follow_up(case=signed.case, by=oncologist, kind="death", happened_on=on)
    (row,) = caught_up()
    assert (row["treatment_began_on"], row["died_on"], row["implementation"]) == (None, on, "unknown")
    assert (row["is_contradictory"], row["treated_after_days"]) == (False, None)


def test_a_death_before_the_meeting_is_a_contradiction(signed, oncologist):
    on = timezone.localdate() - timedelta(days=1)
    record_follow_up(case=signed.case, by=oncologist, kind="death", happened_on=on)
    (row,) = caught_up()
    assert row["is_contradictory"]


def test_an_amendment_is_counted_instead_of_what_it_amends(signed, coordinator, proposal, oncologist):
    caught_up()
    content = content_for(
        proposal, oncologist, category="II", reason="technical", reason_text="Both surgeons judged it differently."
    )
    amended = actions.amend_decision(decision=signed, by=coordinator, amendment_reason="Seen again.", content=content)
    (row,) = caught_up()
    assert (row["decision_id"], row["confirmed"], row["is_signed"]) == (amended.pk, "II", False)
    assert (row["concordance"], row["departure"]) == ("different_with_reason", "technical")


def test_a_deferral_is_counted_apart(item, coordinator, proposal, content, full_room):
    actions.defer(
        item=item,
        by=coordinator,
        proposal=proposal,
        content=actions.Content(reason="missing_facts", reason_text="No laparoscopy yet."),
    )
    (row,) = caught_up()
    assert (row["ended"], row["concordance"], row["implementation"]) == ("deferred", "", "")


def test_a_case_taken_off_before_its_meeting_is_not_counted(item, coordinator):
    caught_up()
    actions.unlist_case(item=item, by=coordinator, reason="Listed by mistake.")
    assert caught_up() == []


def test_a_cancelled_meeting_takes_its_cases_out_of_the_count(item, coordinator):
    caught_up()
    item.meeting.refresh_from_db()
    actions.cancel_meeting(meeting=item.meeting, by=coordinator, version=item.meeting.version, reason="Strike.")
    assert caught_up() == []


def test_a_case_that_was_decided_before_is_marked_at_its_second_meeting(signed, coordinator, team, item):
    later = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=10))
    actions.list_case(meeting=later, case=signed.case, by=coordinator)
    first, second = caught_up()
    assert (first["is_again"], second["is_again"], second["ended"]) == (False, True, "open")


def test_catching_up_and_building_anew_give_the_same_rows(signed, team, coordinator):
    other = complete_case(make_case(team=team, by=coordinator), coordinator)
    actions.list_case(meeting=plan(team, coordinator), case=other, by=coordinator)
    followed = caught_up()
    assert len(followed) == 2
    AuditRow.objects.all().delete()
    assert rebuild() == 2
    assert rows() == followed
    assert catch_up() == 0


def test_catching_up_in_small_steps_ends_at_the_same_rows(signed):
    while catch_up(lines=3) == 3:
        pass
    stepwise = rows()
    call_command("rebuild_audit")
    assert rows() == stepwise


@pytest.mark.parametrize("cases", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_cases(team, coordinator, cases, django_assert_max_num_queries):
    meeting = plan(team, coordinator)
    for _case in range(cases):
        actions.list_case(
            meeting=meeting, case=make_case(team=team, by=coordinator), by=coordinator, late_reason="Needed now."
        )
    with django_assert_max_num_queries(27):
        catch_up()
    assert AuditRow.objects.filter(ended="open", is_late=True).count() == cases


def test_a_case_that_was_referred_by_mistake_has_no_row_until_it_is_brought_back(item, full_room, coordinator):
    finish(item.meeting, coordinator)
    assert [row["ended"] for row in caught_up()] == ["not_discussed"]
    take_back_referral(case=item.case, by=coordinator, reason="Entered twice.")
    assert caught_up() == []
    rebuild()
    assert rows() == []
    reopen_case(case=item.case, by=coordinator, reason="It was the right one.")
    assert [row["ended"] for row in caught_up()] == ["not_discussed"]
