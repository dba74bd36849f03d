"""A referral that was made by mistake is taken back: it waits for nobody and counts nowhere, and nothing is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Case, Waiting
from mdt.audit.models import AuditRow
from mdt.events.models import Event
from mdt.meetings.models import Decision
from tests.builders import complete_case
from tests.meetings.builders import plan


def page_of(case):
    return reverse("referral-take-back", args=[case.reference])


def test_it_leaves_the_queue_says_so_and_counts_in_no_audit(client, coordinator, case):
    client.force_login(coordinator)
    client.post(page_of(case), {"reason": "Entered twice."})
    case.refresh_from_db()
    assert (case.state, case.closed_as) == (Case.State.CLOSED, Case.Closing.MISTAKE)
    assert not Waiting.objects.exists()
    assert not AuditRow.objects.exists()
    page = client.get(case.get_absolute_url()).text
    assert "taken back: it was made by mistake" in page
    assert "Entered twice." in page
    assert Event.objects.get(kind="case-closed").data == {"reason": "Entered twice.", "as": "mistake"}


def test_it_can_be_brought_back(coordinator, case):
    actions.take_back_referral(case=case, by=coordinator, reason="Entered twice.")
    actions.reopen_case(case=case, by=coordinator, reason="It was the right one.")
    case.refresh_from_db()
    assert (case.state, case.closed_as) == (Case.State.REFERRED, "")


def test_the_case_offers_it_in_the_menu_and_in_the_first_minutes_on_the_page(client, coordinator, case):
    client.force_login(coordinator)
    page = client.get(case.get_absolute_url()).text
    assert page.count(page_of(case)) == 2
    assert "Just referred" in page
    Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - timedelta(minutes=16))
    page = client.get(case.get_absolute_url()).text
    assert page.count(page_of(case)) == 1
    assert "Just referred" not in page


def test_a_member_may_not_and_an_outsider_finds_nothing(client, surgeon, outsider, case):
    for person, status in ((surgeon, 403), (outsider, 404)):
        client.force_login(person)
        assert client.post(page_of(case), {"reason": "x"}).status_code == status


def test_what_a_meeting_decided_on_was_no_mistake(demo):
    decision = Decision.objects.filter(case__state=Case.State.SIGNED).select_related("case", "recorded_by").first()
    with pytest.raises(actions.ActionError, match="has decided"):
        actions.take_back_referral(case=decision.case, by=decision.recorded_by, reason="x")


def test_one_button_of_each_meeting_lists_the_case_there(client, coordinator, case, radiologist):
    complete_case(case, radiologist)
    meeting = plan(case.team, coordinator)
    client.force_login(coordinator)
    page = client.get(f"{reverse('meetings')}?case={case.reference}").text
    form = page[page.index(f'action="{reverse("case-list", args=[meeting.reference])}"') :]
    minutes = form.partition('name="planned_minutes" value="')[2].partition('"')[0]
    assert 'name="late_reason"' not in form.partition("</form>")[0]
    entries = {"case": case.reference, "planned_minutes": minutes}
    client.post(reverse("case-list", args=[meeting.reference]), entries)
    assert meeting.agenda.get().case == case


def test_where_a_reason_is_needed_the_row_asks_for_it(client, coordinator, case):
    meeting = plan(case.team, coordinator)
    client.force_login(coordinator)
    page = client.get(f"{reverse('meetings')}?case={case.reference}").text
    form = page[page.index(f'action="{reverse("case-list", args=[meeting.reference])}"') :].partition("</form>")[0]
    assert 'name="late_reason"' in form
    assert "List here although not ready" in form
    assert "List here" not in client.get(reverse("meetings")).text
