"""What rules cover is counted a second time; two editions are compared row by row and combination by combination."""

import tomllib
from collections import Counter
from itertools import product
from math import prod

import pytest

from classification import load_rulebook
from classification.comparison import compare
from classification.condition_words import conditions, words_of
from classification.coverage import TooManyCombinations, cover, cover_both
from classification.edition_file import read_edition
from classification.facts import INFINITY
from classification.partition import Test
from classification.pathway import RULES, load_pathway

FILE = RULES / "gclm" / "c-gclm-2019.toml"


@pytest.fixture(scope="module")
def pathway():
    return load_pathway("gclm")


def edition_of(pathway, reading="B", folder=None, **changes):
    """C-GCLM, with texts of its file replaced; written into a folder of its own."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in changes.get("replace", ()):
        assert old in text
        text = text.replace(old, new)
    path = FILE
    if folder is not None:
        path = folder / "changed.toml"
        path.write_text(text, encoding="utf-8")
    return read_edition(path, pathway.facts, reading)


def test_every_combination_of_every_shipped_edition_has_exactly_one_category():
    checked = 0
    for rules in load_rulebook().pathways.values():
        for edition in rules.editions:
            coverage = cover(edition, rules.pathway)
            assert coverage.is_exact, (edition.file, coverage.dead, coverage.gaps, coverage.overlaps)
            assert set(coverage.totals) <= {(category.id,) for category in edition.categories}
            checked += 1
    assert checked


def test_the_counts_equal_those_of_listing_every_combination_of_the_whole(pathway):
    edition = edition_of(pathway)
    coverage = cover(edition, pathway)
    score = {category.id: category.score for category in edition.categories}
    parts = [[(box.answer[0], box.count) for box in part.boxes] for part in coverage.parts]
    counted: Counter = Counter()
    for choice in product(*parts):
        counted[max((category for category, _ in choice), key=score.__getitem__)] += prod(n for _, n in choice)
    assert {(category,): count for category, count in counted.items()} == coverage.totals
    assert coverage.combinations == prod(part.combinations - part.impossible for part in coverage.parts)


def test_boxes_are_disjoint_and_hold_every_possible_combination(pathway):
    for part in cover(edition_of(pathway), pathway).parts:
        seen: Counter = Counter()
        for box in part.boxes:
            cells = [
                [c for c in range(p.size) if mask >> c & 1] for mask, p in zip(box.cells, part.partitions, strict=True)
            ]
            assert prod(map(len, cells)) == box.count
            seen.update(product(*cells))
        assert set(seen.values()) == {1}
        assert len(seen) == part.combinations - part.impossible


def test_a_gap_an_overlap_and_a_dead_rule_are_seen(pathway, tmp_path):
    gap = edition_of(
        pathway, folder=tmp_path, replace=[("liver_lesion_count = { ge = 4 }", "liver_lesion_count = { ge = 5 }")]
    )
    assert cover(gap, pathway).gaps
    assert not cover(gap, pathway).is_exact
    both = edition_of(
        pathway, folder=tmp_path, replace=[("liver_lesion_count = { ge = 4 }", "liver_lesion_count = { ge = 3 }")]
    )
    assert cover(both, pathway).overlaps
    dead = edition_of(
        pathway,
        folder=tmp_path,
        replace=[('when = { peritoneum = "P1" }', 'when = { peritoneum = "P1", liver_lesion_count = { le = 0 } }')],
    )
    assert "c-gclm.2019.outside.peritoneum" in cover(dead, pathway).dead or cover(dead, pathway).gaps


def test_a_component_that_asks_nothing_counts_too(pathway, tmp_path):
    text = (
        FILE.read_text(encoding="utf-8")
        + """
[[component]]
id = "always"
label = { en = "Always", zh = "始终" }
[[component.row]]
id = "c-gclm.2019.always"
when = { }
score = 2
text = { en = "Never better than this.", zh = "不优于此。" }
cite = { source = "house", locator = "CY1 alone", label = "unverified" }
"""
    )
    path = tmp_path / "changed.toml"
    path.write_text(text, encoding="utf-8")
    coverage = cover(read_edition(path, pathway.facts, "B"), pathway)
    assert set(coverage.totals) == {("II",), ("III",)}
    assert coverage.is_exact


def test_too_many_combinations_are_refused_before_they_are_listed(pathway, monkeypatch):
    monkeypatch.setattr("classification.coverage.COMBINATION_LIMIT", 50)
    with pytest.raises(TooManyCombinations, match="96 combinations"):
        cover(edition_of(pathway), pathway)


def test_the_readings_differ_in_rows_and_in_the_combinations_that_change(pathway):
    b, c = edition_of(pathway, "B"), edition_of(pathway, "C")
    comparison = compare(b, c, pathway.facts)
    kinds = Counter(change.kind for change in comparison.rows)
    assert kinds == {"removed": 3, "added": 2}
    assert [each.what for each in comparison.head] == ["reading"]
    moved = {answer: n for answer, n in cover_both(b, c, pathway).totals.items() if answer[0] != answer[1]}
    assert set(moved) == {("I", "II")}, "reading C is the narrower one"
    assert all(one == other for one, other in cover_both(b, b, pathway).totals)


def test_a_changed_limit_is_named_with_both_values(pathway, tmp_path):
    old = edition_of(pathway)
    new = edition_of(
        pathway,
        folder=tmp_path,
        replace=[
            ("{ liver_max_diameter_mm = { le = 40 } }", "{ liver_max_diameter_mm = { le = 30 } }"),
            ("liver_max_diameter_mm = { gt = 40 }, liver_l", "liver_max_diameter_mm = { gt = 30 }, liver_l"),
        ],
    )
    changes = {change.id: change for change in compare(old, new, pathway.facts).rows}
    assert set(changes) == {"liver.within", "liver.size"}
    (limit,) = [each for each in changes["liver.size"].conditions if each.kind != "same"]
    assert (limit.old, limit.new) == ("> 40 mm", "> 30 mm")
    assert compare(old, old, pathway.facts).is_empty


def test_conditions_are_said_in_both_languages(pathway):
    facts = pathway.facts
    count = Test(bounds=((-INFINITY, 0), (3, 1)))
    assert words_of(facts["liver_lesion_count"], count).endswith("3")
    nodes = Test(has_any=(frozenset(["16a2", "16b1"]),), has_none=frozenset(["other"]))
    assert words_of(facts["nodes_beyond_d2"], nodes) == "any of 16a2, 16b1; not Other"
    assert words_of(facts["nodes_beyond_d2"], nodes, "zh-hans") == "含16a2、16b1之一；不含其他"
    assert words_of(facts["distant_sites"], Test(empty=True)) == "none"
    (said,) = conditions({"bulky_n2": Test(values=frozenset([True]))}, facts)
    assert (said.label, said.words) == ("Bulky N2", "yes")


def test_the_file_itself_is_what_is_compared(pathway):
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    written = [
        row["id"] for component in table["component"] for row in component["row"] if "B" in row.get("reading", ["B"])
    ]
    spoken = {
        rule for part in cover(edition_of(pathway), pathway).parts for box in part.boxes for rule in box.answer[1:]
    }
    assert spoken == set(written)
