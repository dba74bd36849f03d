"""Recording findings through the form: what is stored, who may, and that bad input changes nothing."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.findings import newest_finding_id
from cases.models import Finding, FindingDraft, Proposal
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people.templatetags.looks import day
from tests.builders import COMPLETE_FACTS, make_finding, make_user
from tests.cases.forms_helper import findings_data, post_findings

TODAY = timezone.localdate()
DAY_AFTER_TOMORROW = TODAY + timedelta(days=2)  # in the future still if midnight comes before the test does


@pytest.fixture
def url(case):
    return reverse("finding-record", args=[case.reference, "radiology"])


@pytest.fixture
def signed_in(client, radiologist):
    client.force_login(radiologist)
    return client


def counted():
    return Finding.objects.count(), Proposal.objects.count()


def test_it_stores_what_was_stated_proposes_and_logs(signed_in, case, radiologist):
    facts = COMPLETE_FACTS["radiology"]
    response = post_findings(
        signed_in,
        case,
        "radiology",
        facts,
        examined_on=TODAY - timedelta(days=3),
        report_text=" MRI.\r\nLiver. ",
        impression="One.",
    )
    finding = Finding.objects.get()
    assert response.url == case.get_absolute_url()
    assert finding.facts == facts
    assert (finding.discipline, finding.recorded_by, finding.report_text) == ("radiology", radiologist, "MRI.\nLiver.")
    assert (finding.examined_on, finding.impression) == (TODAY - timedelta(days=3), "One.")
    assert case.latest_proposal.facts["t_category"] == "T3"
    event = Event.objects.get(kind=Kind.FINDING_RECORDED)
    assert (event.by, event.case_reference, event.subject) == (
        radiologist,
        case.reference,
        f"cases.Finding:{finding.pk}",
    )
    assert event.data["facts"] == sorted(facts)
    assert "MRI" not in str(event.data)


@pytest.mark.parametrize("discipline", COMPLETE_FACTS)
def test_every_discipline_can_record_its_facts(signed_in, case, discipline):
    post_findings(signed_in, case, discipline, COMPLETE_FACTS[discipline])
    finding = Finding.objects.get()
    assert (finding.discipline, finding.facts) == (discipline, COMPLETE_FACTS[discipline])


def test_partly_known_unknown_and_not_applicable_are_told_apart(signed_in, case):
    facts = {
        "t_category": {"not_applicable": True}, "n_category": {"one_of": ["N1", "N2"]}, "nodes_beyond_d2": [],
        "liver_lesion_count": {"at_least": 2}, "liver_max_diameter_mm": {"at_most": 40}, "ascites": False,
        "liver_metastasis_found_on": {"at_least": "2025-01-01", "at_most": "2025-12-31"},
    }  # fmt: skip
    post_findings(signed_in, case, "radiology", facts)
    assert Finding.objects.get().facts == facts


def test_facts_of_other_disciplines_can_be_recorded_too(signed_in, case):
    post_findings(signed_in, case, "radiology", {"peritoneum": "P1", "ecog": 2})
    assert Finding.objects.get().facts == {"peritoneum": "P1", "ecog": 2}


def test_the_form_shows_units_limits_help_and_what_others_said(signed_in, case, surgeon, url):
    make_finding(case, surgeon, {"peritoneum": "P0", "liver_lesion_count": 3}, examined_on=TODAY)
    page = signed_in.get(url).content.decode()
    assert "One line per lesion" in page
    assert "≤ 400" in page
    assert "Dr Surgeon" in page
    assert "can move the type" in page
    assert page.index("T category") < page.index("More facts") < page.index("Peritoneum")
    assert not re.search(r'examined_on" value="[0-9]', page), "a radiologist's date is not guessed"


def test_the_date_of_today_is_offered_to_those_who_examine_today(client, surgeon, case):
    client.force_login(surgeon)
    page = client.get(reverse("finding-record", args=[case.reference, "surgery"])).content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_opening_the_form_is_logged(signed_in, case, url, radiologist):
    signed_in.get(url)
    event = Event.objects.get(kind=Kind.CASE_OPENED)
    assert (event.by, event.case_reference) == (radiologist, case.reference)


def test_it_leads_to_the_form_of_the_own_discipline(signed_in, case, url):
    assert signed_in.get(reverse("finding-new", args=[case.reference])).url == url


def test_it_asks_where_a_person_has_no_discipline(client, case, team):
    client.force_login(make_user("locum", team=team))
    page = client.get(reverse("finding-new", args=[case.reference])).content.decode()
    assert reverse("finding-record", args=[case.reference, "pathology"]) in page


def test_a_colleague_may_record_for_another_discipline_under_their_own_name(client, coordinator, case, url):
    client.force_login(coordinator)
    assert "You record <b>for Radiology</b>" in client.get(url).content.decode()
    post_findings(client, case, "radiology", {"ascites": True})
    finding = Finding.objects.get()
    assert (finding.discipline, finding.recorded_by) == ("radiology", coordinator)


@pytest.mark.parametrize("name", ["finding-new", "finding-record", "draft-save", "assumption-confirm"])
def test_it_hides_the_case_from_an_outsider(client, outsider, case, name):
    client.force_login(outsider)
    arguments = [case.reference] + (["radiology"] if name in ("finding-record", "draft-save") else [])
    method = client.get if name == "finding-new" else client.post
    assert method(reverse(name, args=arguments), {"ascites": "yes"}).status_code == 404
    assert counted() == (0, 1)


def test_it_refuses_members_without_the_right(client, auditor, case, url):
    client.force_login(auditor)
    assert client.get(url).status_code == client.post(url, {"ascites": "yes"}).status_code == 403
    assert counted() == (0, 1)


def test_it_knows_only_real_disciplines(signed_in, case):
    assert signed_in.get(reverse("finding-record", args=[case.reference, "astrology"])).status_code == 404


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"liver_max_diameter_mm": "big"}, "above 0 and up to 400 mm"),
        ({"liver_max_diameter_mm": "-5"}, "above 0 and up to 400 mm"),
        ({"liver_max_diameter_mm": "40,4"}, "40.4"),
        ({"liver_lesion_count": "2.5"}, "whole number"),
        ({"flr_percent": "340"}, "from 0 to 100 %"),
        ({"t_category": "T9"}, "T4a"),
        ({"examined_on": DAY_AFTER_TOMORROW.isoformat()}, "lies in the future"),
        ({"examined_on": ""}, "Give the date of the examination"),
        ({"examined_on": "18.11.2026"}, "Give the date of the examination"),
        ({"examined_on": "0001-01-01"}, "Give the date of the examination"),
        ({"gastrectomy_on": DAY_AFTER_TOMORROW.isoformat()}, "lies in the future"),
        ({"report_text": "x" * 100_001}, "at most 100,000"),
        ({"report_text": "x" * 1_000_000}, "1,000,000 characters"),
        ({"impression": "x" * 4001}, "at most 4,000"),
        ({"comorbidity_note": "x" * 4001}, "at most 4000"),
        ({"report_text": "a\x00b"}, "Null characters"),
        ({"tea_category": "T3"}, "“tea_category” is not a fact of this pathway"),
        ({"t_categori": "T3"}, "Did you mean t_category"),
        ({"liver_lesions-1-weight": "3"}, "is not a fact of this pathway"),
        ({"liver_lesions-1-diameter": "-3"}, "Lesion 1, diameter"),
        ({"distant_sites-liver-count": "3"}, "is not a fact of this pathway"),
    ],
)
def test_bad_input_is_named_and_stores_nothing(signed_in, case, posted, said):
    response = post_findings(signed_in, case, "radiology", {"ascites": True}, **posted)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page.replace("&#x27;", "'")
    assert counted() == (0, 1)
    assert re.search(r'name="ascites" value="yes" checked', page), "what was typed right is still there"


@pytest.mark.parametrize("sign", ["\\ud800", "\\udfff", "\\u0000"])
def test_signs_that_no_page_or_database_can_hold_are_refused(signed_in, case, sign):
    """JSON can write half a character. Once stored, it would break every page of the case."""
    posted = findings_data(case, "radiology", {}) | {"comorbidity_note-kept": f'"a{sign}b"'}
    before = counted()
    response = signed_in.post(reverse("finding-record", args=[case.reference, "radiology"]), posted)
    assert (response.status_code, counted()) == (422, before)


def test_a_flood_is_refused_before_it_is_read(signed_in, case):
    response = post_findings(signed_in, case, "radiology", {}, report_text="x" * 3_000_000)
    assert response.status_code == 413
    assert counted() == (0, 1)


def test_an_empty_form_is_refused(signed_in, case):
    response = post_findings(signed_in, case, "radiology", {})
    assert (response.status_code, counted()) == (422, (0, 1))
    assert "Nothing was entered" in response.content.decode()


def test_a_closed_case_takes_no_findings(signed_in, case, url):
    data = findings_data(case, "radiology", {"ascites": True})
    type(case).objects.filter(pk=case.pk).update(state="closed")
    assert signed_in.get(url).url == case.get_absolute_url()
    response = signed_in.post(url, data)
    assert (response.status_code, counted()) == (422, (0, 1))


def test_a_form_older_than_a_colleagues_finding_is_shown_again_with_what_is_new(
    signed_in, case, radiologist, team, url
):
    data = findings_data(case, "radiology", {"ascites": True})
    colleague = make_user("colleague", discipline="radiology", team=team)
    make_finding(case, colleague, {"t_category": "T2"}, examined_on=TODAY)
    before = counted()
    response = signed_in.post(url, data)
    page = response.content.decode()
    assert (response.status_code, counted()) == (409, before)
    assert "Dr Colleague" in page
    assert "T category <b>T2</b>" in page
    assert 'name="ascites" value="yes" checked' in page
    based_on = re.search(r'name="based_on" value="(\d+)"', page)
    assert based_on[1] == str(newest_finding_id(case, "radiology"))
    assert signed_in.post(url, data | {"based_on": based_on[1]}).status_code == 302


def test_a_finding_of_another_discipline_makes_no_form_stale(signed_in, case, surgeon, url):
    data = findings_data(case, "radiology", {"ascites": True})
    make_finding(case, surgeon, {"peritoneum": "P0"})
    assert signed_in.post(url, data).status_code == 302


def test_the_form_works_in_chinese(signed_in, case, url):
    signed_in.cookies["mdt_language"] = "zh-hans"
    assert "T 分期" in signed_in.get(url).content.decode()
    post_findings(
        signed_in,
        case,
        "radiology",
        {"liver_lobes": "both"},
        liver_lesion_count="至少2",
        liver_max_diameter_mm="不超过40",
    )
    assert Finding.objects.get().facts == {
        "liver_lobes": "both", "liver_lesion_count": {"at_least": 2}, "liver_max_diameter_mm": {"at_most": 40},
    }  # fmt: skip


def test_text_is_never_read_as_markup(signed_in, case, url):
    evil = '"><script>alert(1)</script>'
    response = post_findings(
        signed_in,
        case,
        "radiology",
        {},
        report_text=evil,
        t_category=evil,
        liver_max_diameter_mm=evil,
        **{"liver_lesions-1-nature": evil, "ascites-kept": evil, evil: evil},
    )
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()


def test_a_form_from_elsewhere_is_refused(radiologist, case, url):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(radiologist)
    assert strict.post(url, findings_data(case, "radiology", {"ascites": True})).status_code == 403
    assert counted() == (0, 1)


def test_recording_ends_the_draft(signed_in, case, radiologist):
    signed_in.post(reverse("draft-save", args=[case.reference, "radiology"]), {"ascites": "yes"})
    post_findings(signed_in, case, "radiology", {"ascites": True})
    assert not FindingDraft.objects.exists()


def test_each_of_two_differing_readings_stands_with_its_own_person_and_day(signed_in, case, url, radiologist, surgeon):
    earlier, later = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    make_finding(case, radiologist, {"liver_max_diameter_mm": 54}, examined_on=earlier)
    make_finding(case, surgeon, {"liver_max_diameter_mm": 30}, examined_on=later)
    text = signed_in.get(url).text
    assert f"54 mm ({radiologist}, {day(earlier)})" in text
    assert f"30 mm ({surgeon}, {day(later)})" in text


def test_the_day_in_the_date_box_is_told_with_its_year_beside_the_buttons(client, surgeon, case):
    client.force_login(surgeon)
    page = client.get(reverse("finding-record", args=[case.reference, "surgery"])).text
    told = " ".join(page.split('id="day-stated"')[1].split("</a>")[0].split())
    assert f"Date: {day(timezone.localdate())}, today, as offered" in told
