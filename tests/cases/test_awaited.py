"""What the treatment options wait for: one list, said beside the proposal, in the room and in the findings form."""

import re

import pytest
from django.urls import reverse

from cases.option_page import FACTS_NAMED, awaited, options_of
from tests.builders import complete_case, make_finding
from tests.cases.forms_helper import findings_data

NOTHING_MISSING = "Nothing is missing here for a place on an agenda"


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def option(name, *facts, status="undetermined"):
    owners = {"ecog": ("oncology", "surgery")}
    return {
        "id": name,
        "label": name.title(),
        "status": status,
        "waits_for": [{"fact": f, "field": f, "label": f, "owners": owners.get(f, ("radiology",))} for f in facts],
    }


@pytest.fixture
def open_case(case, radiologist):
    """Complete for the meeting, of type III; options wait for more."""
    complete_case(case, radiologist)
    make_finding(case, radiologist, {"distant_sites": [{"site": "lung"}]}, discipline="radiology")
    case.refresh_from_db()
    return case


def test_facts_come_by_how_many_options_wait_for_them_and_none_is_lost():
    named = [f"f{number}" for number in range(FACTS_NAMED + 2)]
    found = awaited([option("a", *named), option("b", "f3"), option("c", "f3", "ecog"), option("d", status="consider")])
    assert found["count"] == 3
    assert [(entry["fact"], entry["count"]) for entry in found["facts"]][:2] == [("f3", 3), ("f0", 1)]
    assert len(found["near"]) == FACTS_NAMED
    assert found["near"] + found["far"] == found["facts"]
    assert {entry["fact"] for entry in found["facts"]} == {*named, "ecog"}


def test_a_fact_leads_to_the_readers_own_form_where_they_know_it():
    forms = [awaited([option("a", "ecog")], who)["facts"][0]["form"] for who in ("surgery", "pathology", "")]
    assert forms == ["surgery", "oncology", "oncology"]


def test_an_answer_of_before_says_what_its_options_miss():
    old = {"options": [{"id": "a", "label": "A", "status": "undetermined", "missing": ["her2_status"]}]}
    (entry,) = options_of("gclm", old, "en")[0]["waits_for"]
    assert (entry["fact"], entry["field"], entry["label"]) == ("her2_status", "her2_ihc", "HER2 status")


def test_the_case_page_says_which_facts_the_options_wait_for_and_leads_to_their_fields(client, surgeon, open_case):
    client.force_login(surgeon)
    page = client.get(open_case.get_absolute_url()).content.decode()
    leads = page.split('class="leads"')[1].split("with what speaks for and against")[0]
    assert "options wait for: " in text_of(leads)
    known = awaited(options_of("gclm", open_case.latest_proposal.answer, "en"), "surgery")
    assert known["facts"]
    for entry in known["facts"]:
        address = reverse("finding-record", args=[open_case.reference, entry["form"]])
        assert f'href="{address}?field={entry["field"]}#{entry["field"]}">{entry["label"]}</a>' in leads
        assert f"({entry['count']} of {known['count']})" in leads
    ready = page.split('id="readiness"')[1].split("</section>")[0]
    assert f"Treatment options still wait for {len(known['facts'])} facts" in text_of(ready)


def test_who_may_not_enter_facts_reads_them_without_a_link(client, auditor, surgeon, open_case):
    client.force_login(auditor)
    page = client.get(open_case.get_absolute_url()).content.decode()
    leads = page.split('class="leads"')[1].split("with what speaks for and against")[0]
    assert "options wait for: " in text_of(leads)
    assert "findings/record" not in leads


def test_an_earlier_proposal_says_what_its_options_waited_for(client, surgeon, open_case):
    client.force_login(surgeon)
    page = client.get(reverse("proposal", args=[open_case.reference, 1])).content.decode()
    assert "options waited for: " in text_of(page)
    assert "findings/record" not in page.split('class="leads"')[1].split("with what speaks for and against")[0]


def test_the_form_says_what_a_meeting_needs_and_what_the_options_wait_for(client, radiologist, open_case):
    client.force_login(radiologist)
    url = reverse("finding-record", args=[open_case.reference, "surgery"])
    said = text_of(client.get(url).content.decode())
    assert NOTHING_MISSING in said
    assert "Treatment options still wait for 1 fact that is entered here: Staging laparoscopy" in said
    before = awaited(options_of("gclm", open_case.latest_proposal.answer, "en"))["facts"]
    assert {"staging_laparoscopy_done", "cldn18_2_status"} <= {entry["fact"] for entry in before}
    stated = {"staging_laparoscopy_done": True}
    draft = client.post(
        reverse("draft-save", args=[open_case.reference, "surgery"]),
        findings_data(open_case, "surgery", stated),
        headers={"HX-Request": "true"},
    ).content.decode()
    assert "that is entered here" not in draft
    assert f"Treatment options still wait for {len(before) - 1} facts of other disciplines" in text_of(draft)


def test_the_form_hints_at_no_option_while_opinions_are_asked_first(client, radiologist, open_case):
    client.force_login(radiologist)
    type(open_case).objects.filter(pk=open_case.pk).update(is_sealed=True)
    said = text_of(client.get(reverse("finding-record", args=[open_case.reference, "surgery"])).content.decode())
    assert NOTHING_MISSING in said
    assert "Treatment options" not in said


def test_every_open_fact_is_there_and_what_changes_stands_inside_the_fold(client, radiologist, case):
    client.force_login(radiologist)
    page = client.get(reverse("finding-record", args=[case.reference, "radiology"])).content.decode()
    bar = page.split('id="open-items"')[1].split('id="awaited-items"')[0]
    number = int(re.search(r"(\d+) facts still open for the meeting:", bar)[1])
    assert number > 3
    assert bar.count("data-open-item") == number
    assert f"and {number - 3} more" in text_of(bar)
    assert "t_category" in bar
    draft = client.post(
        reverse("draft-save", args=[case.reference, "radiology"]), {"ascites": "no"}, headers={"HX-Request": "true"}
    ).content.decode()
    for part in ("open-items", "open-items-number", "open-items-rest", "awaited-items", "awaited-items-rest"):
        assert re.search(rf'id="{part}"\s+hx-swap-oob="true"', draft), part
    assert "<details" not in draft.split('id="following"')[0], "a fold that is replaced closes while somebody types"


def test_a_new_finding_changes_what_is_awaited(client, radiologist, open_case):
    before = {e["fact"] for e in awaited(options_of("gclm", open_case.latest_proposal.answer, "en"))["facts"]}
    make_finding(open_case, radiologist, {"staging_laparoscopy_done": True}, discipline="surgery")
    open_case.refresh_from_db()
    after = {e["fact"] for e in awaited(options_of("gclm", open_case.latest_proposal.answer, "en"))["facts"]}
    assert before - after == {"staging_laparoscopy_done"}
