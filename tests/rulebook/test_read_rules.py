"""Everybody who is signed in reads the rules: tables, coverage, differences, files, search."""

import re
from html import unescape

import pytest
from django.urls import reverse

from classification import RulebookError, load_rulebook
from classification.pathway import RULES
from mdt.rulebook import library
from mdt.rulebook.templatetags.rulebook_display import name_in_file
from tests.builders import make_user
from tests.rulebook.builders import EDITION, LATER, SCHEME, judge, later_text

pytestmark = pytest.mark.django_db

NAMES = ("gclm", SCHEME, EDITION)


@pytest.fixture
def reader(client, db):
    """Somebody of no team: the rules belong to everybody."""
    client.force_login(make_user("reader"))
    return client


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_the_index_counts_what_is_verified_and_what_is_not(reader, edition, surgeon):
    judge(edition, surgeon, "c-gclm.2019.liver.within")
    page = text(reader.get(reverse("rules")).text)
    confirmed = sum(each.citation.label == "confirmed" for each in library.citables(edition))
    unverified = sum(each.citation.label == "unverified" for each in library.citables(edition))
    assert f"draft {confirmed} {unverified} 1" in page


def test_every_row_of_every_loaded_edition_stands_on_its_page(reader):
    for name, rules in load_rulebook().pathways.items():
        for edition in rules.editions:
            page = reader.get(reverse("rules-edition", args=[name, edition.scheme, edition.edition]))
            missing = [each.id for each in library.citables(edition) if f">{name_in_file(each.id)}<" not in page.text]
            assert (page.status_code, missing) == (200, []), edition.file


def test_a_row_shows_condition_category_sentence_place_and_doi(reader, edition):
    page = reader.get(reverse("rules-edition", args=NAMES)).text
    row = text(page[page.index('id="c-gclm.2019.liver.size"') :].split("</tr>")[0])
    for part in (
        "Largest liver metastasis: > 40 mm",
        "Type II",
        "both lobes, resectable",
        "classification table, liver",
    ):
        assert part in row
    assert "unverified" in row
    assert "https://doi.org/10.1177/1758835920904803" in page


def test_the_chinese_page_says_conditions_in_chinese(reader, edition):
    reader.cookies["mdt_language"] = "zh-hans"
    page = text(reader.get(reverse("rules-edition", args=NAMES)).text)
    assert "T0–T4a" in page
    assert "不适用" in page


def test_the_coverage_is_counted_and_filtered(reader, edition):
    page = text(reader.get(reverse("rules-coverage", args=NAMES)).text)
    coverage = library.coverage_of("gclm", edition.digest)
    assert f"{coverage.combinations:,} combinations, each leads to exactly one category. 0 dead rules." in page
    only = reader.get(reverse("rules-coverage", args=NAMES), {"category": "II"}).text
    assert "c-gclm.2019.primary.t4b_resectable" in only
    assert "c-gclm.2019.primary.t4b_not_resectable" not in only


def test_two_editions_are_compared_in_words_and_in_combinations(reader, rulebook):
    page = text(reader.get(reverse("rules-compare", args=NAMES), {"with": f"edition:{LATER}"}).text)
    assert "2 rules differ" in page
    assert "> 40 mm" in page
    assert "> 30 mm" in page
    assert re.search(r"\d+ of [\d,]+ combinations change their category", page)


def test_a_reading_is_compared_with_the_one_in_use(reader, edition):
    page = text(reader.get(reverse("rules-compare", args=NAMES), {"with": "reading:A"}).text)
    assert "rule removed" in page
    assert "new rule" in page


@pytest.mark.parametrize("other", ["edition:1900", "reading:Z"])
def test_what_does_not_exist_is_not_compared(reader, edition, other):
    assert reader.get(reverse("rules-compare", args=NAMES), {"with": other}).status_code == 404


def test_a_text_that_somebody_brings_is_compared_and_not_kept(client, surgeon, edition):
    client.force_login(surgeon)
    answer = client.post(reverse("rules-compare", args=NAMES), {"text": later_text()})
    assert answer.status_code == 200
    assert "> 30 mm" in text(answer.text)
    assert reverse("rules-edition", args=["gclm", SCHEME, "2019"]) in answer.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("this is not = = toml", "is not valid TOML"),
        ('scheme = "x"', "missing key"),
        ("scheme = 1", "wrong type"),
        (later_text().replace("liver_lesion_count = { ge = 4 }", "liver_lesion_count = { ge = 5 }"), "no category"),
        (later_text().replace("bulky_n2", "__import__('os')"), "is not valid TOML"),
        (later_text().replace("bulky_n2", "unheard_of"), "unknown fact"),
    ],
)
def test_a_text_that_is_no_rule_file_is_refused_with_row_and_reason(client, surgeon, edition, content, said):
    client.force_login(surgeon)
    answer = client.post(reverse("rules-compare", args=NAMES), {"text": content})
    assert answer.status_code == 422
    assert said in text(answer.text)


def test_a_text_that_is_too_long_or_too_much_work_is_refused(rulebook, monkeypatch):
    with pytest.raises(RulebookError, match="longer than"):
        library.read_text(rulebook["gclm"], "#" * (library.UPLOAD_LIMIT + 1))
    monkeypatch.setattr("classification.coverage.WORK_LIMIT", 50)
    with pytest.raises(RulebookError, match="too many to compare"):
        library.read_text(rulebook["gclm"], later_text())


def test_only_who_may_review_brings_a_text(reader, edition):
    assert reader.post(reverse("rules-compare", args=NAMES), {"text": later_text()}).status_code == 403


def test_files_are_downloaded_as_they_are(reader):
    answer = reader.get(reverse("rules-file", args=NAMES))
    assert answer.content == (RULES / "gclm" / "c-gclm-2019.toml").read_bytes()
    assert 'filename="c-gclm-2019.toml"' in answer["Content-Disposition"]
    assert reader.get(reverse("rules-part-file", args=["gclm", "facts"])).status_code == 200
    for part in ("secrets", "..", "../facts", "c-gclm-2019"):
        assert reader.get(f"/rules/gclm/files/{part}/").status_code == 404


@pytest.mark.parametrize("part", ["options", "arguments", "gates", "assumptions"])
def test_options_arguments_gates_and_assumptions_are_tables(reader, part):
    for name, rules in load_rulebook().pathways.items():
        page = reader.get(reverse("rules-part", args=[name, part]))
        assert page.status_code == 200
        if part == "options":
            assert [option.id for option in rules.options if f'id="{option.id}"' not in page.text] == []
    assert reader.get(reverse("rules-part", args=["gclm", "none"])).status_code == 404


def test_the_search_finds_rules_that_hold_all_words(reader, edition):
    page = text(reader.get(reverse("rules"), {"q": "diameter 40 LOBES"}).text)
    assert "No rule holds all these words" in page or "c-gclm.2019.liver" in page
    found = reader.get(reverse("rules"), {"q": "bulky t4b"}).text
    assert "No rule holds all these words" in found
    assert "c-gclm.2019.nodes.bulky" in reader.get(reverse("rules"), {"q": "BULKY yes"}).text


@pytest.mark.parametrize("address", ["/rules/none/schemes/c-gclm/2019/", "/rules/gclm/schemes/none/2019/",
                                     "/rules/gclm/schemes/c-gclm/1900/", "/rules/gclm/parts/none/"])  # fmt: skip
def test_unknown_names_lead_nowhere(reader, address):
    assert reader.get(address).status_code == 404


def test_what_an_option_rests_on_is_parted_from_its_status_in_one_way(reader):
    page = reader.get(reverse("rules-part", args=["gclm", "options"])).text
    assert "</b> · " in page
    assert "</b>; " not in page
