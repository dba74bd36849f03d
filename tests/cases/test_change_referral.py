import re

from django.urls import reverse

from cases import actions
from cases.models import Case
from mdt.events.models import Event


def _fields(case, **changes):
    names = ("question", "reason", "summary", "referrer", "urgency", "version")
    return {name: getattr(case, name) for name in names} | {"target_on": case.target_on.isoformat()} | changes


def test_it_changes_the_question_and_keeps_the_old_one_in_the_log(client, coordinator, case):
    client.force_login(coordinator)
    asked = "Is a second resection sensible after this recurrence?"
    client.post(reverse("referral-change", args=[case.reference]), _fields(case, question=asked))
    before, case = case.question, Case.objects.get()
    assert (case.question, case.version) == (asked, 2)
    event = Event.objects.get(kind="referral-changed")
    assert event.data["before"]["question"] == before
    assert "second resection" in case.search_text


def test_a_form_that_somebody_overtook_changes_nothing_and_says_so(client, coordinator, chair, case):
    asked = "What the chair asks in the meantime?"
    actions.change_referral(case=case, by=chair, version=1, urgency="emergency", question=asked)
    client.force_login(coordinator)
    response = client.post(reverse("referral-change", args=[case.reference]), _fields(case, urgency="urgent"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed this referral" in page
    assert (Case.objects.get().urgency, Case.objects.get().question) == ("emergency", asked)
    assert "Two of you were writing" in page
    assert re.search(rf"<p>\s*{re.escape(asked)}\s*</p>", page)
    assert re.search(r"<p>\s*emergency\s*</p>", page.lower())
    assert case.question in page  # what was typed stays in the form


def test_a_member_may_not_change_the_referral(client, surgeon, case):
    client.force_login(surgeon)
    assert client.get(reverse("referral-change", args=[case.reference])).status_code == 403


def test_it_hides_the_case_from_an_outsider(client, outsider, case):
    client.force_login(outsider)
    assert client.post(reverse("referral-change", args=[case.reference]), _fields(case)).status_code == 404
