"""Confirming with one click what the provisional type assumed: by those who know the fact, and once."""

import pytest
from django.urls import reverse

from cases.models import Finding
from mdt.events.kinds import Kind
from mdt.events.models import Event
from tests.builders import make_finding, make_user

KNOWN = {
    "t_category": "T3", "liver_metastasis": "clinical", "liver_lesion_count": 1, "liver_lobes": "left",
    "liver_max_diameter_mm": 20, "n_category": "N1",
}  # fmt: skip


@pytest.fixture
def url(case, radiologist):
    make_finding(case, radiologist, KNOWN)
    return reverse("assumption-confirm", args=[case.reference])


def confirm(client, url, case, fact, number=None):
    return client.post(url, {"fact": fact, "proposal": number or case.latest_proposal.number}, follow=True)


def test_the_owner_confirms_and_it_counts_as_their_finding(client, surgeon, case, url):
    client.force_login(surgeon)
    response = confirm(client, url, case, "peritoneum")
    finding = Finding.objects.latest("id")
    assert (finding.facts, finding.discipline, finding.recorded_by) == ({"peritoneum": "P0"}, "surgery", surgeon)
    assert finding.origin == Finding.Origin.CONFIRMATION
    assert case.latest_proposal.facts["peritoneum"] == "P0"
    assert "The assumption is confirmed" in response.content.decode()
    event = Event.objects.get(kind=Kind.ASSUMPTION_CONFIRMED)
    assert (event.by, event.data) == (surgeon, {"fact": "peritoneum", "value": "P0"})


@pytest.mark.parametrize("fact", ["distant_sites", "nodes_beyond_d2", "bulky_n2"])
def test_a_radiologist_confirms_what_imaging_shows(client, radiologist, case, url, fact):
    client.force_login(radiologist)
    confirm(client, url, case, fact)
    assert fact in Finding.objects.latest("id").facts


def test_another_discipline_may_not(client, radiologist, case, url):
    client.force_login(radiologist)
    assert confirm(client, url, case, "peritoneum").status_code == 403
    assert Finding.objects.count() == 1


def test_the_chair_may_only_for_the_own_discipline(client, team, case, url):
    chair = make_user("oncology-chair", discipline="oncology", team=team, roles=("chair",))
    client.force_login(chair)
    assert confirm(client, url, case, "peritoneum").status_code == 403
    assert Finding.objects.count() == 1


def test_a_fact_that_was_stated_meanwhile_is_not_overwritten(client, surgeon, case, url):
    number = case.latest_proposal.number
    make_finding(case, surgeon, {"peritoneum": "P1"})
    client.force_login(surgeon)
    response = confirm(client, url, case, "peritoneum", number)
    assert "Somebody stated this fact" in response.content.decode()
    assert Finding.objects.count() == 2


@pytest.mark.parametrize("fact", ["ecog", "t_category", "tea", ""])
def test_only_what_the_proposal_assumes_can_be_confirmed(client, oncologist, case, url, fact):
    client.force_login(oncologist)
    response = confirm(client, url, case, fact)
    assert "does not rest on an assumption" in response.content.decode()
    assert Finding.objects.count() == 1


@pytest.mark.parametrize("number", ["99", "x", "-1", "", "9" * 5000])
def test_the_proposal_must_be_one_of_the_case(client, surgeon, case, url, number):
    client.force_login(surgeon)
    assert client.post(url, {"fact": "peritoneum", "proposal": number}).status_code == 404


def test_it_hides_the_case_from_an_outsider_and_refuses_the_auditor(client, outsider, auditor, case, url):
    for person, status in ((outsider, 404), (auditor, 403)):
        client.force_login(person)
        assert confirm(client, url, case, "peritoneum").status_code == status
    assert Finding.objects.count() == 1
