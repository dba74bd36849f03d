"""The page on which a clinician checks every answer: report, fact, rule, citation."""

import copy
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.explanation import explanation_of, said_of
from tests.builders import complete_case, make_finding
from tests.remembered import remembered


@pytest.fixture
@remembered
def staged(case, coordinator):
    return complete_case(case, coordinator)


def page_of(client, person, case, number=None):
    client.force_login(person)
    name, rest = ("case-explanation", []) if number is None else ("proposal-explanation", [number])
    answer = client.get(reverse(name, args=[case.reference, *rest]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_part_of_the_leading_system_has_its_link_and_every_link_report_fact_rule_and_source(staged):
    proposal = staged.latest_proposal
    links = explanation_of(staged, proposal)["leading"]["links"]
    assert [link["label"] for link in links] == [part["label"] for part in proposal.main_system["components"]]
    decided = [link for link in links if link["state"] == "decided"]
    assert len(decided) >= 4
    for link in decided:
        assert link["reason"]["rule"].startswith("c-gclm.2019.")
        assert link["reason"]["citation"]["label"] in ("confirmed", "unverified")
        assert link["leads_to"] == ("Type I",)
        assert any(source["said"] for source in link["said"]), link["label"]


def test_the_page_leads_from_each_fact_to_the_finding_that_stated_it(client, surgeon, staged):
    page = page_of(client, surgeon, staged)
    finding = staged.findings.get(discipline="radiology")
    assert reverse("finding", args=[staged.reference, finding.pk]) in page
    assert "Nodes beyond D2" in page or "beyond D2" in page
    assert "gclm.2019" in page
    assert "unverified" in page


def test_every_system_of_the_proposal_has_its_row(client, surgeon, staged):
    proposal, page = staged.latest_proposal, page_of(client, surgeon, staged)
    assert len(proposal.answer["systems"]) > 20
    for system in proposal.answer["systems"].values():
        assert system["label"].replace("&", "&amp;") in page


def test_what_is_assumed_stands_apart_as_assumed(client, surgeon, radiologist, case):
    make_finding(case, radiologist, {"t_category": "T3", "liver_lesion_count": 2, "liver_lobes": "left"})
    links = explanation_of(case, case.latest_proposal)["leading"]["links"]
    assumed = [link for link in links if link["state"] == "assumed"]
    assert assumed
    page = page_of(client, surgeon, case)
    assert "Assumed, because nobody said otherwise:" in page
    assert "provisionally Type I" in page
    assert "Without any assumption still possible: Type I, Type II or Type III." in page


def test_what_another_system_assumes_is_said_with_its_value(surgeon, radiologist, case):
    """ "Assumes: Peritoneum" would read as if it were involved."""
    make_finding(case, radiologist, {"t_category": "T3", "liver_lesion_count": 2, "liver_lobes": "left"})
    rows = explanation_of(case, case.latest_proposal)["others"]
    assumed = [row["assumed"] for row in rows if row["assumed"]]
    assert any("No peritoneal metastasis (P0)" in words for words in assumed)
    assert not any(part == "Peritoneum" for words in assumed for part in words.split("; "))


def test_an_open_part_says_what_it_waits_for_and_cites_nothing(case, surgeon, client):
    links = explanation_of(case, case.latest_proposal)["leading"]["links"]
    waiting = [link for link in links if link["state"] == "open"]
    assert waiting
    assert all(link["reason"] is None and link["why"] for link in waiting)


def test_a_reading_of_the_ambiguous_wording_and_its_flag_are_named(client, surgeon, staged, coordinator):
    make_finding(
        staged,
        coordinator,
        {
            "liver_lesions_complete": True,
            "liver_lesions": [{"segments": ["3"], "diameter_mm": 55, "nature": "metastasis"}],
        },
        discipline="radiology",
    )
    proposal = staged.latest_proposal
    assert "AMBIG_SIZE" in proposal.main_system["flags"]
    page = page_of(client, surgeon, staged)
    assert "reading B of the ambiguous wording" in page
    assert "To be known beside the answer:" in page


def test_after_a_restaging_each_fact_says_from_which_staging_it_is(client, surgeon, staged, coordinator):
    restaging = actions.open_restaging(case=staged, by=coordinator, on=staged.referred_on, reason="Response?")
    facts = {"liver_lesion_count": 6, "liver_resectable_r0": True, "best_response": "SD"}
    after = make_finding(staged, coordinator, facts, discipline="radiology", restaging=restaging)
    explained = explanation_of(staged, staged.latest_proposal)
    sources = {
        source["said"]["source"]: source["phase"]
        for link in explained["leading"]["links"]
        for source in link["said"]
        if source["said"]
    }
    assert after.pk not in sources
    assert set(sources.values()) == {"first staging"}
    now = {s["said"]["source"]: s["phase"] for link in explained["now"]["links"] for s in link["said"] if s["said"]}
    assert now[after.pk] == "restaging"
    omec = next(row for row in explained["others"] if row["label"].startswith("OMEC"))
    assert omec["is_now"]
    page = page_of(client, surgeon, staged)
    assert "Can be resected now" in page
    assert "At presentation." in page


def test_a_fact_without_a_report_is_said_to_come_from_the_record_or_from_other_facts(staged):
    proposal = staged.latest_proposal
    reason = {"facts": {"age_years": proposal.facts["age_years"], "her2_status": "negative"}}
    said = {source["facts"][0]: source for source in said_of(proposal, reason)}
    assert len(said) == 2
    assert [source["is_record"] for source in said.values()] == [True, False]
    assert all(source["said"] is None for source in said.values())


def test_an_earlier_proposal_is_explained_as_it_was(client, surgeon, radiologist, case):
    make_finding(case, radiologist, {"distant_sites": [{"site": "lung"}]})
    first = page_of(client, surgeon, case, 1)
    assert "proposal 1" in first
    assert reverse("finding", args=[case.reference, case.findings.get().pk]) not in first
    client.force_login(surgeon)
    assert client.get(reverse("proposal-explanation", args=[case.reference, 99])).status_code == 404


def test_a_snapshot_without_the_newer_keys_is_still_explained(case, staged):
    proposal = copy.copy(staged.latest_proposal)
    old = copy.deepcopy(proposal.outcome)
    for answer in old.values():
        answer.pop("current_resectability"), answer.pop("phases")
        for system in answer["systems"].values():
            for key in ("question", "evaluated_on", "at_baseline", "reading", "note", "components", "flag_texts"):
                system.pop(key, None)
            for reason in system["because"]:
                reason.pop("component", None)
    proposal.outcome = old
    explained = explanation_of(staged, proposal)
    assert explained["now"] is None
    assert all(link["reason"] for link in explained["leading"]["links"])


def test_it_speaks_chinese(client, surgeon, staged):
    client.force_login(surgeon)
    client.cookies["django_language"] = "zh-hans"
    page = client.get(
        reverse("case-explanation", args=[staged.reference]), headers={"Accept-Language": "zh-hans"}
    ).content.decode()
    rule = staged.latest_proposal.outcome["zh-hans"]["systems"]["c-gclm"]["because"][0]["text"]
    assert rule in page
    assert re.search(r"[\u4e00-\u9fff]", page)


def test_nodes_and_peritoneum_are_drawn_beside_the_answer_that_rests_on_them(client, surgeon, coordinator, staged):
    page = page_of(client, surgeon, staged)
    assert 'id="spread-first"' in page
    assert "Nodes and peritoneum at the first staging" not in page  # there is only one
    restaging = actions.open_restaging(case=staged, by=coordinator, on=timezone.localdate(), reason="After 4 courses")
    make_finding(staged, coordinator, {"peritoneum": "P1"}, discipline="surgery", restaging=restaging)
    page = page_of(client, surgeon, staged)
    first, now = page.index('id="spread-first"'), page.index('id="spread"')
    assert first < page.index('id="h-now"') < now < page.index('id="h-others"')
    assert "P0, looked for, none" in page[first:now]
    assert "P1, involved" not in page[first:now]
    assert "P1, involved" in page[now:]
