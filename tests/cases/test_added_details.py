"""A list of lesions that leaves the nature open beside one that states it: no contradiction, and whose word it is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.reasoning import age_limits, reason_over
from mdt.people.templatetags.looks import discipline_label
from tests.builders import make_case, make_finding, make_user

pytestmark = pytest.mark.django_db
LESION = {"segments": ["6"], "diameter_mm": 50}


@pytest.fixture
def people(team):
    return make_user("zhr-rad", team=team, discipline="radiology"), make_user(
        "zhr-surg", team=team, discipline="surgery"
    )


def _case(team, people, surgeon_says):
    radiologist, surgeon = people
    case = make_case(team=team, by=surgeon)
    make_finding(case, radiologist, {"liver_lesions": [LESION]}, discipline="radiology")
    make_finding(case, surgeon, {"liver_lesions": [LESION | surgeon_says]}, discipline="surgery")
    case.refresh_from_db()
    return case


def test_the_case_shows_the_stated_nature_and_who_stated_it(client, team, people):
    case = _case(team, people, {"nature": "metastasis"})
    assert not case.is_disputed
    assert case.latest_proposal.facts["liver_lesions"] == [LESION | {"nature": "metastasis"}]
    client.force_login(people[1])
    page = " ".join(client.get(case.get_absolute_url()).text.split())
    assert "1 metastasis; largest stated 50 mm; segment 6" in page
    assert f"nature as stated by {discipline_label('surgery')} ({people[1].display_name}, " in page
    assert "of unstated nature" not in page
    form = " ".join(client.get(reverse("finding-record", args=[case.reference, "oncology"])).text.split())
    assert "1 metastasis; largest stated 50 mm; segment 6" in form
    assert "nature as stated by" in form


def test_a_metastasis_against_a_cyst_is_shown_as_a_contradiction(client, team, people):
    _radiologist, surgeon = people
    case = _case(team, people, {"nature": "metastasis"})
    make_finding(case, surgeon, {"liver_lesions": [LESION | {"nature": "benign"}]}, discipline="surgery")
    case.refresh_from_db()
    assert case.is_disputed
    client.force_login(surgeon)
    assert "Where sources differ" in client.get(case.get_absolute_url()).text


def test_two_others_who_differ_are_shown_and_the_list_stands_without_their_words(client, team, people):
    _radiologist, surgeon = people
    case = _case(team, people, {"nature": "metastasis"})
    oncologist = make_user("zhr-onc", team=team, discipline="oncology")
    make_finding(case, oncologist, {"liver_lesions": [LESION | {"nature": "benign"}]}, discipline="oncology")
    case.refresh_from_db()
    assert case.is_disputed
    assert case.latest_proposal.facts["liver_lesions"] == [LESION]
    client.force_login(surgeon)
    page = " ".join(client.get(case.get_absolute_url()).text.split())
    assert "<b>prevails</b>: it leaves open what others state differently; nothing is added" in page
    assert "from the discipline that is asked for it" not in page
    assert "nature as stated by" not in page


def test_a_nature_stated_years_ago_is_not_added(client, team, people):
    case = _case(team, people, {})
    types = case.latest_proposal.main_system["possible"]
    old = timezone.localdate() - timedelta(days=900)
    benign = {"liver_lesions": [LESION | {"nature": "benign"}]}
    make_finding(case, people[1], benign, discipline="surgery", examined_on=old)
    case.refresh_from_db()
    assert not case.is_disputed
    assert case.latest_proposal.facts["liver_lesions"] == [LESION]
    assert case.latest_proposal.main_system["possible"] == types
    client.force_login(people[1])
    assert "nature as stated by" not in client.get(case.get_absolute_url()).text


def test_a_recent_nature_is_judged_again_on_the_day_it_grows_too_old(team, people):
    case = _case(team, people, {})
    ago = timezone.localdate() - timedelta(days=30)
    make_finding(case, people[1], {"liver_lesions": [LESION | {"nature": "metastasis"}]}, examined_on=ago)
    case.refresh_from_db()
    assert case.latest_proposal.facts["liver_lesions"] == [LESION | {"nature": "metastasis"}]
    limit = timedelta(days=age_limits(case.pathway)["liver_lesions"])
    assert reason_over(case, on=timezone.localdate()).next_stale_on == ago + limit + timedelta(days=1)
    assert reason_over(case, on=ago + limit + timedelta(days=1)).facts["liver_lesions"] == [LESION]
