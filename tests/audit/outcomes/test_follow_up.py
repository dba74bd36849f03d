"""What becomes of patients: reported, corrected, taken back, and said clearly where it cannot all be true."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions import ActionError
from mdt.audit.models import FollowUpEvent
from mdt.audit.outcomes.actions import Contradicts, correct_follow_up, record_follow_up, retract_follow_up
from mdt.audit.outcomes.course import course_of
from mdt.events.kinds import Kind
from mdt.events.models import Event

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def say(case, oncologist):
    def report(kind, days_ago, value="", **more):
        return record_follow_up(case=case, by=oncologist, kind=kind, happened_on=ago(days_ago), value=value, **more)

    return report


@pytest.fixture
def page(case):
    return reverse("case-follow-up", args=[case.reference])


def test_what_happened_is_kept_with_who_said_so_and_stands_in_the_log(say, oncologist):
    event = say("resection", 3, "R0", told_by="operating room list")
    assert (event.reported_by, event.value_label) == (oncologist, "R0: no residual tumour")
    line = Event.objects.get(kind=Kind.FOLLOW_UP_RECORDED)
    assert (line.by, line.data["follow_up"], line.data["happened_on"]) == (oncologist, "resection", ago(3).isoformat())


def test_the_same_said_twice_is_kept_once(say):
    assert say("seen", 2) == say("seen", 2)
    assert Event.objects.filter(kind=Kind.FOLLOW_UP_RECORDED).count() == 1


@pytest.mark.parametrize(
    ("kind", "days_ago", "value"),
    [
        ("seen", -1, ""),
        ("death", -1, ""),
        ("seen", 365 * 130, ""),
        ("resection", 1, ""),
        ("response", 1, "R0"),
        ("relapse", 1, ""),
    ],
)
def test_what_cannot_be_is_refused(say, kind, days_ago, value):
    with pytest.raises(ActionError):
        say(kind, days_ago, value)
    assert not FollowUpEvent.objects.exists()


def test_a_correction_is_a_further_row_and_the_first_stays(say, surgeon):
    first = say("resection", 3, "R0")
    second = correct_follow_up(event=first, by=surgeon, reason="Final pathology.", happened_on=ago(3), value="R1")
    assert list(FollowUpEvent.objects.standing()) == [second]
    assert FollowUpEvent.objects.get(pk=first.pk).value == "R0"
    with pytest.raises(ActionError, match="meanwhile"):
        correct_follow_up(event=first, by=surgeon, reason="Again.", happened_on=ago(2), value="R2")
    with pytest.raises(ActionError, match="why"):
        correct_follow_up(event=second, by=surgeon, reason=" ", happened_on=ago(2), value="R2")


def test_taking_back_leaves_the_row_readable_and_nothing_standing(say, case, surgeon):
    event = say("death", 3)
    retract_follow_up(event=event, by=surgeon, reason="Another patient.")
    assert (FollowUpEvent.objects.count(), course_of(case).died_on) == (2, None)
    assert say("death", 2).is_standing


def test_somebody_dies_once(say):
    say("death", 5, "disease")
    with pytest.raises(ActionError, match="recorded already"):
        say("death", 4, "disease")


def test_nobody_is_seen_alive_after_the_death_unless_somebody_insists(say, case):
    say("death", 5)
    with pytest.raises(Contradicts, match="after the death"):
        say("seen", 4)
    assert FollowUpEvent.objects.count() == 1
    say("seen", 4, keeps_contradiction=True)
    assert [each.what for each in course_of(case).contradictions] == ["seen"]
    say("seen", 9)  # an older contradiction holds up nobody


def test_a_death_before_what_was_reported_is_said_too(say):
    say("treatment", 4, "systemic")
    with pytest.raises(Contradicts):
        say("death", 5)


def test_a_patient_who_died_before_treatment_is_no_contradiction(say, case):
    say("seen", 9)
    say("death", 5)
    course = course_of(case)
    assert (course.contradictions, course.died_on, course.treated_from(ago(30))) == ([], ago(5), None)


def test_a_recurrence_lies_behind_the_resection(say):
    say("resection", 5, "R0")
    with pytest.raises(Contradicts, match="before the resection"):
        say("recurrence", 9, "liver")


def test_one_resection_leaves_one_residual(say, case):
    say("resection", 5, "R0")
    with pytest.raises(Contradicts, match="not alike"):
        say("resection", 5, "R1")
    say("resection", 3, "R1")  # another day, another resection
    assert course_of(case).contradictions == []


def test_correcting_the_death_resolves_the_contradiction(say, case, surgeon):
    death = say("death", 5)
    say("seen", 4, keeps_contradiction=True)
    correct_follow_up(event=death, by=surgeon, reason="Registry.", happened_on=ago(3))
    assert course_of(case).contradictions == []


def test_the_best_response_counts_and_the_first_resection_from_the_meeting_on(say, case):
    say("response", 30, "complete")
    say("response", 8, "stable")
    say("response", 6, "partial")
    say("response", 2, "progression")
    say("resection", 40, "R1")
    say("resection", 4, "R0")
    course = course_of(case)
    assert (course.best_response(ago(10)), course.best_response(ago(1))) == ("partial", "")
    assert course.first("resection", ago(10)).value == "R0"
    assert course.last_seen_on == ago(2)


def test_rows_are_guarded_by_the_database(say):
    say("seen", 2)
    for sql in ("UPDATE audit_followupevent SET text = 'x'", "DELETE FROM audit_followupevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_page_keeps_what_a_member_reports_and_asks_before_keeping_a_contradiction(client, page, oncologist, case):
    client.force_login(oncologist)
    answer = client.post(f"{page}?kind=death", {"happened_on": ago(5), "value": ""}, follow=True)
    assert answer.status_code == 200
    assert "died on" in answer.text
    answer = client.post(f"{page}?kind=seen", {"happened_on": ago(1)})
    assert answer.status_code == 422
    assert "after the death" in answer.text
    assert "keeps_contradiction" in answer.text
    client.post(f"{page}?kind=seen", {"happened_on": ago(1), "keeps_contradiction": "on"})
    answer = client.get(page)
    assert "What does not fit together" in answer.text
    event = FollowUpEvent.objects.get(kind="seen")
    client.post(reverse("follow-up-retract", args=[case.reference, event.pk]))
    answer = client.get(page)
    assert "What does not fit together" not in answer.text
    assert "taken back by" in answer.text


def test_the_page_corrects(client, page, oncologist, case, say):
    event = say("resection", 5, "R0")
    client.force_login(oncologist)
    url = reverse("follow-up-correct", args=[case.reference, event.pk])
    assert 'value="R0"' in client.get(url).text
    assert client.post(url, {"happened_on": ago(5), "value": "R1"}).status_code == 422  # no reason
    answer = client.post(url, {"happened_on": ago(5), "value": "R1", "reason": "Final pathology."}, follow=True)
    assert "Final pathology." in answer.text


@pytest.mark.parametrize("kind", FollowUpEvent.Kind.values)
def test_every_kind_has_its_form(client, page, oncologist, kind):
    client.force_login(oncologist)
    assert "happened_on" in client.get(f"{page}?kind={kind}").text
    assert client.post(f"{page}?kind={kind}", {"happened_on": "tomorrow"}).status_code == 422


def test_an_auditor_reads_and_does_not_report(client, page, auditor):
    client.force_login(auditor)
    assert client.get(page).status_code == 200
    assert client.post(f"{page}?kind=seen", {"happened_on": ago(1)}).status_code == 403


def test_what_became_of_the_patient_stands_in_the_timeline(client, case, oncologist, say):
    say("response", 2, "partial")
    client.force_login(oncologist)
    assert "Follow-up: response to treatment" in client.get(reverse("case-history", args=[case.reference])).text
