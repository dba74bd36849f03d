"""The rules' pages say in words how far a rule is checked, whom it is about, and where its figures were read."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from cases.side_by_side import card_of
from classification import load_rulebook
from mdt.rulebook import library
from mdt.rulebook.templatetags.rulebook_display import name_in_file, with_links
from tests.builders import make_user

pytestmark = pytest.mark.django_db

GCLM = ("gclm", "c-gclm", "2019")


@pytest.fixture
def reader(client, db):
    client.force_login(make_user("reader"))
    return client


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize(("language", "slot"), [("en", "‹Lobes involved›"), ("zh-hans", "〈受累肝叶〉")])
def test_the_checklist_has_no_codes_and_no_bare_placeholders(reader, language, slot):
    reader.cookies["mdt_language"] = language
    page = reader.get(reverse("rules-checklist", args=GCLM)).text
    shown = text(page.split('id="h-list"')[1].split("</main>")[0])
    assert "flag:" not in shown
    assert not re.search(r"[\[{]\w", shown)
    assert slot in shown


def test_the_name_of_a_rule_in_the_file_stands_without_its_kind():
    names = [name_in_file(name) for name in ("flag:NOT_GCLM", "gate:P-1", "c-gclm.2019.liver.size")]
    assert names == ["NOT_GCLM", "P-1", "c-gclm.2019.liver.size"]


@pytest.mark.parametrize("part", ["arguments", "gates"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_row_says_once_that_nobody_verified_it(reader, part, language):
    reader.cookies["mdt_language"] = language
    page = reader.get(reverse("rules-part", args=["gclm", part])).text
    rows = [text(row) for row in page.split("<tbody>")[1].split("</tr>")]
    assert len(rows) > 10
    assert [
        row for row in rows if "not verified" in row or row.count("unverified") > 1 or row.count("未核实") > 1
    ] == []


def test_no_rule_says_recalled_which_reads_like_withdrawn():
    said = [
        words
        for rules in load_rulebook().pathways.values()
        for edition in rules.editions
        for each in library.citables(edition)
        for words in (each.texts("en"), each.texts("zh-hans"), each.citation.text("en"), each.citation.text("zh-hans"))
    ]
    assert len(said) > 1000
    assert [words for words in said if re.search("recalled|记忆|撤回|召回", words)] == []


def test_the_three_words_are_explained_where_they_stand_and_in_the_help(reader):
    pages = [
        reverse("rules"),
        reverse("rules-edition", args=GCLM),
        reverse("rules-checklist", args=GCLM),
        reverse("rules-part", args=["gclm", "arguments"]),
    ]
    for page in pages:
        shown = reader.get(page).text
        assert all(f'id="word-{word}"' in shown for word in ("unverified", "read-in-source", "verified")), page
    helped = text(reader.get(reverse("help")).text)
    assert "How far a rule is checked" in helped
    assert "It is not yet verified: that takes a clinician who compares it with the paper." in helped
    marks = reader.get(reverse("rules-part", args=["gclm", "arguments"])).text
    assert 'title="No clinician has compared this rule with the paper that it cites."' in marks
    assert 'title="Whoever wrote the rule read these words in the source' in marks


def test_an_edition_named_after_a_later_year_says_which_cases_it_reads(reader):
    later = text(reader.get(reverse("rules-edition", args=["gclm", "fgfr2b", "2026"])).text)
    assert "for cases dated from 1 Oct 2019" in later
    assert "The edition has its name from 2026, the year in which its rules were put together here." in later
    assert "It reads cases dated from 1 Oct 2019 on" in later
    own = text(reader.get(reverse("rules-edition", args=GCLM)).text)
    assert "for cases dated from 1 Oct 2019" in own
    assert "has its name from" not in own
    assert "For cases dated" in text(reader.get(reverse("rules")).text)


def test_the_number_of_an_article_or_a_trial_is_a_link_and_nothing_else_is_markup():
    shown = with_links("A & B (PubMed 32425604), as reported in PMC5773977; NCT05052801")
    assert "A &amp; B (" in shown
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/32425604/"' in shown
    assert ">PMC5773977</a>; <a" in shown
    assert 'href="https://clinicaltrials.gov/study/NCT05052801"' in shown


def test_an_article_that_reports_several_trials_is_not_shown_as_the_paper_of_each(reader):
    options = load_rulebook()["gclm"].options
    cited = {a.citation.source: a.citation for option in options for a in (*option.pro, *option.con)}
    for trial in ("toga", "rainbow"):
        assert cited[trial].text("en").endswith(", as reported in PMC5773977")
    for trial in ("tags", "attraction-2", "apatinib"):  # the notes name both for the three together
        assert cited[trial].text("en").endswith(", as reported in PMC7329754 or PMC5773977")
    assert not [each for each in cited.values() if "(PMC5773977)" in each.text("en")]


@pytest.mark.parametrize(("made_on", "is_later"), [("2026-11-17", True), ("2026-11-23", False), ("2026-12-01", False)])
def test_what_the_registry_said_carries_its_day_and_says_so_where_that_is_after_the_proposal(made_on, is_later):
    system = {
        "label": "T", "question": "trial", "possible": ["m"], "provisional": {"possible": ["m"]}, "status": "draft",
        "categories": [{"id": "m", "label": "Match", "text": "", "stance": "meets"}],
        "trial": {"registry": "NCT01", "recruitment": "closed", "as_of": "2026-11-23"},
    }  # fmt: skip
    card = card_of("t", system, {"systems": {"t": system}}, None, is_leading=False)
    shown = text(render_to_string("cases/_system.html", {"card": card, "made_on": made_on}))
    assert "as of 23 Nov 2026" in shown
    assert ("read after this proposal was made" in shown) is is_later
