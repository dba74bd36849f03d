import pytest
from django.urls import reverse

from cases import actions
from cases.models import Case, Waiting
from mdt.events.models import Event


def test_a_closed_case_leaves_the_queue_stays_readable_and_takes_no_findings(client, coordinator, radiologist, case):
    client.force_login(coordinator)
    client.post(reverse("case-close", args=[case.reference]), {"reason": "Moved to another hospital."})
    case.refresh_from_db()
    assert (case.state, case.is_open) == (Case.State.CLOSED, False)
    assert not Waiting.objects.exists()
    assert case.reference not in client.get("/").content.decode()
    assert "Moved to another hospital." in client.get(case.get_absolute_url()).content.decode()
    with pytest.raises(actions.ActionError, match="closed"):
        actions.record_finding(
            case=case, by=radiologist, discipline="radiology", facts={"ascites": True}, examined_on=case.referred_on
        )
    assert Event.objects.filter(kind="case-closed", data__reason="Moved to another hospital.").count() == 1


def test_it_needs_a_reason(client, coordinator, case):
    client.force_login(coordinator)
    assert client.post(reverse("case-close", args=[case.reference]), {"reason": " "}).status_code == 422
    case.refresh_from_db()
    assert case.is_open


def test_it_can_be_reopened(client, coordinator, case):
    actions.close_case(case=case, by=coordinator, reason="By mistake.")
    client.force_login(coordinator)
    client.post(reverse("case-reopen", args=[case.reference]), {"reason": "Was the wrong case."})
    case.refresh_from_db()
    assert (case.state, case.is_open) == (Case.State.REFERRED, True)
    assert Waiting.objects.filter(whom="radiology").exists()


def test_a_member_may_not_close_and_an_outsider_finds_nothing(client, surgeon, outsider, case):
    for person, status in ((surgeon, 403), (outsider, 404)):
        client.force_login(person)
        assert client.post(reverse("case-close", args=[case.reference]), {"reason": "x"}).status_code == status
