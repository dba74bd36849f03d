"""The worklist: the cases that wait for one's discipline, which facts, how old, why, and a click to the form."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.meetings import actions as meeting_actions
from tests.builders import COMPLETE_FACTS, make_case, make_finding, make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
@remembered
def case(team, coordinator):
    case = make_case(team=team, by=coordinator, name="Wang Unmistakable")
    for discipline, facts in COMPLETE_FACTS.items():
        if discipline not in ("radiology", "oncology"):
            make_finding(case, coordinator, facts, discipline=discipline)
    case.refresh_from_db()
    return case


def worklist(client, person, **query):
    client.force_login(person)
    return client.get(reverse("worklist"), query)


def test_it_shows_what_ones_own_discipline_is_asked_for(client, case, radiologist, pathologist):
    text = worklist(client, radiologist).content.decode()
    assert "What we need from Radiology" in text
    assert "Wang Unmistakable" in text
    assert "N category" in text
    assert "ECOG" not in text
    assert "Nothing is asked of this discipline" in worklist(client, pathologist, whom="nursing").content.decode()


def test_a_click_leads_to_the_form_at_that_fact(client, case, radiologist):
    text = worklist(client, radiologist).content.decode()
    url = reverse("finding-record", args=[case.reference, "radiology"])
    assert f'href="{url}#n_category"' in text
    assert 'id="n_category"' in client.get(url).content.decode()


def test_it_says_which_types_the_answer_would_leave(client, case, radiologist):
    asks = worklist(client, radiologist).context["asks"]
    needs = {need.label: need for need in asks[0].needs}
    moved = [need for need in needs.values() if need.systems]
    assert moved
    assert all(len(system["rows"]) > 1 for need in moved for system in need.systems)
    assert "C-GCLM" in worklist(client, radiologist).content.decode()


def test_a_fact_that_is_too_old_stands_with_its_age_and_its_limit(client, case, radiologist, coordinator):
    """The figures of the liver follow from the list of lesions, and grow old with it."""
    examined_on = timezone.localdate() - 43 * DAY
    make_finding(case, coordinator, COMPLETE_FACTS["radiology"], discipline="radiology", examined_on=examined_on)
    (ask,) = worklist(client, radiologist).context["asks"]
    count = next(need for need in ask.needs if need.label == "Number of liver metastases")
    stale = next(said for said in count.said if said.is_stale)
    assert (stale.age_days, stale.limit_days, stale.by) == (43, 42, str(coordinator))
    text = client.get(reverse("worklist")).content.decode()
    assert "43 days old" in text
    assert "holds for 42 days" in text
    assert "N category" not in text, "a category does not age"


def test_the_earliest_deadline_comes_first_and_a_cut_off_counts(client, case, team, coordinator, radiologist):
    earlier = make_case(team=team, by=coordinator, target_on=timezone.localdate() + 2 * DAY)
    assert [ask.case for ask in worklist(client, radiologist).context["asks"]] == [earlier, case]
    meeting = plan(team, coordinator)
    meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    answer = worklist(client, radiologist)
    assert [ask.case for ask in answer.context["asks"]] == [case, earlier]
    assert meeting.reference in answer.content.decode()


def test_it_says_that_the_age_limits_are_unverified(client, case, radiologist):
    text = worklist(client, radiologist).content.decode()
    assert "No clinician has verified them" in text
    assert "Unverified" in text


def test_a_team_sees_only_its_own_cases(client, case, outsider, admin):
    assert "Unmistakable" not in worklist(client, outsider, whom="radiology").content.decode()
    assert worklist(client, admin).status_code == 403


def test_who_reads_only_is_offered_no_form(client, case, auditor):
    text = worklist(client, auditor, whom="radiology").content.decode()
    assert "Unmistakable" in text
    assert "findings/record" not in text


def test_what_nobody_knows_as_a_discipline_is_ones_own(client, case, radiologist):
    assert worklist(client, radiologist, whom="astrology").context["discipline"] == "radiology"


def test_many_cases_cost_as_many_queries_as_few(client, case, team, coordinator, django_assert_max_num_queries):
    person = make_user("second", discipline="radiology", team=team)
    for _ in range(12):
        make_case(team=team, by=coordinator)
    client.force_login(person)
    with django_assert_max_num_queries(12):
        client.get(reverse("worklist"))
