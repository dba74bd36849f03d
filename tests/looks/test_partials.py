"""Partials of the case page with the style page's samples: what is said, who may click, nothing missing."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.forms import AuthenticationForm
from django.template.loader import render_to_string
from django.utils import translation

from cases.templatetags.style_samples import style_samples


@pytest.fixture
def sample() -> dict:
    return style_samples()


def assumptions(sample: dict, **context) -> str:
    return render_to_string(
        "cases/_assumptions.html",
        {
            "case": SimpleNamespace(reference="GC-2026-0147"),
            "proposal": SimpleNamespace(number=3),
            "system_id": "sample",
            "assumptions": sample["assumptions"],
            "missing": sample["missing"],
            **context,
        },
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["style.html", "400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_pages_render_without_request_or_user(name, language):
    with translation.override(language):
        html = render_to_string(name)
    assert f'<html lang="{language}"' in html
    assert 'id="main"' in html
    assert "{%" not in html


def test_the_sign_in_page_lists_people_only_in_the_demonstration():
    context = {"form": AuthenticationForm(), "demo_users": ["surgeon", "chair"]}
    assert "surgeon" not in render_to_string("registration/login.html", context)
    html = render_to_string("registration/login.html", context | {"demo": True})
    assert re.search(r'data-fills="id_username">\s*surgeon\s*</button>', html)
    assert "Demonstration data" in html


def test_every_page_says_that_it_is_not_validated():
    assert "not validated for clinical use" in render_to_string("404.html")


def test_only_the_owner_gets_a_button(sample):
    html = assumptions(sample)
    assert "<form" not in html
    assert "ask Surgery" in html
    own = [{**sample["assumptions"][0], "can_confirm": True}]
    html = assumptions(sample, assumptions=own)
    assert html.count("<form") == 1
    assert 'name="fact" value="peritoneum"' in html
    assert 'name="proposal" value="3"' in html


def test_what_an_answer_would_make_of_the_type_stands_beside_the_fact(sample):
    html = " ".join(assumptions(sample).split())
    assert "P1a, P1b, P1c: III" in html
    assert "T category: not stated" in html
    assert "T4b: II, III" in html


def test_nothing_missing_is_said_too():
    assert "No missing fact can move the type" in assumptions({"assumptions": [], "missing": []})


def test_options_always_end_with_none_of_these(sample):
    for options in ([], sample["options"]):
        assert "None of these" in render_to_string("cases/_options.html", {"options": options})


def test_an_option_that_hangs_on_the_type_says_so(sample):
    html = render_to_string("cases/_options.html", {"options": sample["options"]})
    assert "Recommended if type II" in html
    assert "Missing: MMR, CPS" in html
    assert "unverified" in html


def test_a_rejected_option_is_folded_with_its_reason_in_sight():
    gates = [
        {"text": "ECOG 3 or 4: too frail.", "effect": "against", "state": "waiting"},
        {"text": "The patient refuses.", "effect": "forbid", "state": "closed"},
    ]
    option = {"label": "Surgery", "status": "contraindicated", "gates": gates}
    html = render_to_string("cases/_option.html", {"option": option})
    summary = html.partition("</summary>")[0]
    assert html.strip().startswith("<details")
    assert "The patient refuses." in summary
    assert "too frail" not in summary
    rule = {"text": "Over 30 mm.", "kind": "house_rule", "facts": {"liver_max_diameter_mm": 54}}
    option = {"label": "Ablation", "status": "not_recommended", "against": [{"text": "Observed.", "kind": "RCT"}, rule]}
    assert "Over 30 mm." in render_to_string("cases/_option.html", {"option": option}).partition("</summary>")[0]


def test_a_case_without_proposal_says_how_to_get_one():
    assert "No proposal yet" in render_to_string("cases/_proposal.html", {"proposal": None})


def test_no_type_is_a_verdict(sample):
    system = sample["system"] | {"possible": [], "provisional": {"possible": []}}
    assert "No type applies" in render_to_string("cases/_verdict.html", {"system": system})


def test_text_of_the_record_is_escaped(sample):
    sides = [{"discipline": "radiology", "on": "2026-11-12", "by": "<i>", "value": "<script>", "holds": True}]
    html = render_to_string("cases/_contradictions.html", {"contradictions": [{"label": "<b>", "sides": sides}]})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
