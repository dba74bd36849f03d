"""What became of released decisions is asked after 14 and 30 days, once for each person, until somebody answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.audit.followup.actions import BeganBefore, report_implementation
from mdt.audit.followup.checks.actions import ask_follow_up, check_follow_up
from mdt.audit.followup.checks.due import standing_of, unanswered
from mdt.audit.followup.checks.models import FollowUpNotice
from mdt.audit.models import AuditRow, ImplementationReport
from mdt.audit.rows.actions import rebuild
from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.models import Decision
from mdt.people.models import Membership
from tests.clock import Clock
from tests.meetings.builders import content_for
from tests.meetings.conftest import *  # noqa: F403 - the fixtures of a meeting with a decision

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def released(signed, coordinator, clock):
    actions.release_outcome(decision=signed, by=coordinator)
    return Decision.objects.get(pk=signed.pk)


def pass_days(clock, days):
    """The worker works off what falls due, day by day; what gathers ten minutes later, too. Other duties are none."""
    for _day in range(days):
        Duty.objects.exclude(kind__in=["check-follow-up", "ask-follow-up"]).delete()
        clock.pass_minutes(24 * 60 - 11)
        work_off_due_duties()
        clock.pass_minutes(11)
        work_off_due_duties()
    assert not Duty.objects.filter(state=Duty.State.FAILED).exists()


def asked():
    return sorted(Message.objects.filter(kind="follow-up").values_list("to__username", flat=True))


def report(decision, by, status="full", **said):
    return report_implementation(decision=decision, by=by, status=status, **said)


def test_the_reasons_are_those_of_the_code_list():
    """The superset of MII (DNPM) and KIP that the field notes recommend, word for word."""
    assert ImplementationReport.Reason.values == [
        "comorbidity_known", "comorbidity_new", "deterioration", "patient_choice", "progression",
        "became_unresectable", "new_information", "condition_not_met", "toxicity", "not_available_or_cost", "trial",
        "clinician_choice", "died", "did_not_attend", "lost", "administrative", "other", "not_yet_known",
    ]  # fmt: skip


def test_nobody_is_asked_before_the_fourteenth_day(released, clock):
    pass_days(clock, 13)
    assert asked() == []


def test_on_the_fourteenth_day_the_responsible_doctor_is_asked_once(released, clock, oncologist):
    pass_days(clock, 20)
    assert asked() == ["oncologist"]
    message = Message.objects.get(kind="follow-up")
    assert released.case.reference in message.body
    assert released.case.patient.name not in message.subject + message.body


def test_after_thirty_days_the_chair_is_told_too_and_nobody_twice(released, clock):
    pass_days(clock, 45)
    assert asked() == ["chair", "oncologist", "oncologist"]
    assert "30 days" in Message.objects.filter(to__username="chair", kind="follow-up").get().subject


def test_nobody_is_asked_of_what_was_answered(released, clock, oncologist):
    report(released, oncologist)
    pass_days(clock, 40)
    assert asked() == []


def test_not_begun_yet_is_asked_again_after_thirty_days(released, clock, oncologist):
    pass_days(clock, 15)
    report(released, oncologist, "pending")
    pass_days(clock, 20)
    assert asked() == ["chair", "oncologist", "oncologist"]
    assert "not begun yet" in Message.objects.filter(to__username="chair", kind="follow-up").get().body


def test_what_is_answered_between_check_and_message_is_dropped(released, clock, oncologist):
    clock.pass_minutes(60 * 24 * 15)
    assert len(check_follow_up(decision=released)) == 1
    report(released, oncologist)
    ask_follow_up(person=oncologist)
    assert asked() == []
    assert FollowUpNotice.objects.get().dropped_at is not None


def test_many_decisions_are_one_message(released, clock, oncologist, monkeypatch):
    clock.pass_minutes(60 * 24 * 31)
    check_follow_up(decision=released)
    check_follow_up(decision=released)
    FollowUpNotice.objects.create(decision=released, person=oncologist, after_days=14)
    ask_follow_up(person=oncologist)
    ask_follow_up(person=oncologist)
    assert asked() == ["oncologist"]


def test_who_left_the_team_is_not_asked_but_the_coordinator(released, clock, oncologist):
    Membership.objects.filter(user=oncologist).delete()
    pass_days(clock, 20)
    assert asked() == ["coordinator"]


def test_a_deferral_is_never_asked_about(item, coordinator, chair, proposal, full_room, clock):
    content = actions.Content(reason="missing_facts", reason_text="No laparoscopy yet.")
    decision = actions.defer(item=item, by=coordinator, proposal=proposal, content=content)
    actions.sign_decision(decision=decision, by=chair)
    actions.release_outcome(decision=decision, by=coordinator)
    assert not Duty.objects.filter(kind="check-follow-up").exists()
    assert not unanswered().exists()


def test_of_an_amended_decision_only_the_newest_release_is_asked_about(
    released, clock, oncologist, coordinator, chair, proposal
):
    """Amended twice: what was said of the first version answers nothing about the third."""
    report(released, oncologist, "different", reason="patient_choice")
    newest = released
    for number in (1, 2):
        clock.pass_minutes(60)
        content = content_for(proposal, oncologist, rationale=f"Amendment {number}.")
        newest = actions.amend_decision(
            decision=newest, by=coordinator, amendment_reason="Seen again.", content=content
        )
        actions.sign_decision(decision=newest, by=chair)
        actions.release_outcome(decision=newest, by=coordinator)
    assert [decision.pk for decision in unanswered()] == [newest.pk]
    assert standing_of(newest).reported_version == 1
    assert standing_of(released) is None
    pass_days(clock, 16)
    assert asked() == ["oncologist"]
    report(newest, oncologist)
    assert not unanswered().exists()


def test_the_list_shows_what_is_due_and_one_click_answers(client, released, clock, oncologist, coordinator):
    page = reverse("follow-up")
    client.force_login(coordinator)
    assert released.case.reference not in client.get(page).text
    clock.pass_minutes(60 * 24 * 31)
    client.force_login(coordinator)
    answer = client.get(page)
    assert released.case.reference in answer.text
    assert "31 days after release" in answer.text
    assert "nobody has said what became of it" in answer.text
    url = reverse("implementation-quick", args=[released.meeting.reference, released.case.reference, 1])
    began = (timezone.localdate() - timedelta(days=3)).isoformat()
    answer = client.post(url, {"status": "full", "treatment_started_on": began, "next": page}, follow=True)
    assert "Nothing waits for an answer" in answer.text
    assert ImplementationReport.objects.get().treatment_started_on.isoformat() == began


def test_one_click_with_a_day_before_the_decision_leads_to_the_form_that_asks_and_keeps_the_day(
    client, released, oncologist
):
    client.force_login(oncologist)
    address = [released.meeting.reference, released.case.reference, 1]
    began = released.decided_on - timedelta(days=1)
    said = {"status": "full", "treatment_started_on": began.isoformat()}
    answer = client.post(reverse("implementation-quick", args=address), said)
    assert answer.status_code == 422
    assert "That is 1 day before the decision" in answer.text
    form = answer.context["form"]
    assert 'name="has_begun_before"' in answer.text
    assert f'value="{began.isoformat()}"' in answer.text
    assert f'action="{reverse("implementation-report", args=address)}"' in answer.text
    client.post(form.helper.form_action, said | {"has_begun_before": "on"})
    assert ImplementationReport.objects.get().treatment_started_on == began


@pytest.mark.parametrize(
    "said", [{"status": "not_done"}, {"status": ""}, {"status": "full", "treatment_started_on": "2999-01-01"}]
)
def test_one_click_says_only_what_needs_no_reason(client, released, oncologist, said):
    client.force_login(oncologist)
    url = reverse("implementation-quick", args=[released.meeting.reference, released.case.reference, 1])
    client.post(url, said)
    assert not ImplementationReport.objects.exists()


def test_mine_are_those_that_name_me(client, released, clock, oncologist, radiologist):
    clock.pass_minutes(60 * 24 * 31)
    for person, is_there in ((oncologist, True), (radiologist, False)):
        client.force_login(person)
        assert (released.case.reference in client.get(reverse("follow-up")).text) is is_there
    client.force_login(radiologist)
    assert released.case.reference in client.get(reverse("follow-up") + "?whose=all").text


@pytest.mark.parametrize(
    ("started", "said"),
    [
        (3, "decided before treatment began"),
        (-3, "treatment had begun before the decision"),
        (None, "decided before treatment began"),  # its findings say so: before any systemic treatment
    ],
)
def test_the_page_of_a_decision_says_whether_it_came_before_treatment(client, released, oncologist, started, said):
    if started is not None:
        day = released.decided_on + timedelta(days=started)
        ImplementationReport.objects.create(
            decision=released, status="full", treatment_started_on=day, reported_by=oncologist
        )
    rebuild()
    client.force_login(oncologist)
    page = client.get(reverse("decision", args=[released.meeting.reference, released.case.reference, 1])).text
    part = page[page.index('id="prospective"') : page.index("</p>", page.index('id="prospective"'))]
    assert said in part


def test_a_day_before_the_decision_is_kept_only_where_it_is_meant(client, released, oncologist):
    client.force_login(oncologist)
    url = reverse("implementation-report", args=[released.meeting.reference, released.case.reference, 1])
    began = released.decided_on - timedelta(days=25)
    said = {"status": "full", "treatment_started_on": began.isoformat()}
    answer = client.post(url, said)
    assert (answer.status_code, ImplementationReport.objects.count()) == (422, 0)
    assert "That is 25 days before the decision" in answer.text
    client.post(url, said | {"has_begun_before": "on"})
    assert ImplementationReport.objects.get().treatment_started_on == began


@pytest.mark.parametrize(("days", "is_prospective"), [(0, True), (-1, False)])
def test_form_page_and_audit_agree_on_a_decision_signed_before_the_day_of_its_meeting(
    client, released, oncologist, days, is_prospective
):
    signed_on = timezone.localdate(released.sign_off.signed_at, released.meeting.team.zone)
    assert signed_on < released.meeting.local_start.date()
    began = signed_on + timedelta(days=days)
    if is_prospective:
        report(released, oncologist, treatment_started_on=began)
    else:
        with pytest.raises(BeganBefore, match="1 day before the decision"):
            report(released, oncologist, treatment_started_on=began)
        report(released, oncologist, treatment_started_on=began, has_begun_before=True)
    rebuild()
    assert AuditRow.objects.get().is_prospective is is_prospective
    client.force_login(oncologist)
    page = client.get(reverse("decision", args=[released.meeting.reference, released.case.reference, 1])).text
    assert ("decided before treatment began" in page) is is_prospective


def test_of_several_reports_the_newest_holds_and_the_older_are_struck_through(client, released, oncologist):
    day = released.meeting.local_start.date() - timedelta(days=25)
    ImplementationReport.objects.create(
        decision=released, status="full", treatment_started_on=day, reported_by=oncologist
    )
    ImplementationReport.objects.create(
        decision=released, status="full", treatment_started_on=day + timedelta(days=30), reported_by=oncologist
    )
    client.force_login(oncologist)
    page = client.get(reverse("decision", args=[released.meeting.reference, released.case.reference, 1])).text
    part = page[page.index('id="reports"') :]
    assert part.count("replaced by the report above") == part.count("<del") == 1
    assert part.index("carried out as decided") < part.index("<del")
    assert "decided before treatment began" in part  # by the newest day, also before the audit has read it


def test_where_nobody_knows_when_treatment_began_the_page_says_so(client, released, oncologist):
    rebuild()
    AuditRow.objects.update(is_prospective=None)
    client.force_login(oncologist)
    page = client.get(reverse("decision", args=[released.meeting.reference, released.case.reference, 1])).text
    assert "Not known whether treatment had begun before the decision." in page
