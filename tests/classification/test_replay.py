"""Another edition or reading asked about the same facts: what changed, and why."""

from __future__ import annotations

import random
import shutil

import pytest

from classification import load_rulebook
from classification.columnar import Archive
from classification.columns import Layout
from classification.pathway import RULES
from classification.replay import NotThere, answer, compare, rules_of
from classification.replay_many import Tally, replay_records
from tests.classification.random_cases import random_case, random_restaging

CASE = {
    "liver_metastasis": "clinical",
    "primary_status": "resected",
    "liver_lesion_count": 1,
    "liver_max_diameter_mm": 35,
    "liver_lobes": "both",
    "liver_diffuse": False,
    "liver_major_vessel_or_duct_involved": False,
    "liver_resectable_r0": True,
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The edition of 2019 with the line drawn at 30 mm, in a folder from outside."""
    folder = tmp_path_factory.mktemp("rules")
    text = (RULES / "gclm" / "c-gclm-2019.toml").read_text(encoding="utf-8")
    for old, new in (("{ le = 40 }", "{ le = 30 }"), ("{ gt = 40 }", "{ gt = 30 }")):
        assert f"liver_max_diameter_mm = {old}" in text
        text = text.replace(f"liver_max_diameter_mm = {old}", f"liver_max_diameter_mm = {new}")
    (folder / "c-gclm-2019.toml").write_text(text, encoding="utf-8")
    return folder


def replay(facts, before, after, language="en"):
    return compare(answer(before, facts, None, language), answer(after, facts, None, language))


def test_a_moved_limit_changes_the_type_and_the_component_that_holds_it_says_why(planted):
    found = replay(CASE, rules_of("gclm", "c-gclm"), rules_of("gclm", "c-gclm", folder=planted))
    assert found.is_changed
    assert found.before["provisional"]["possible"] == ["I"]
    assert found.after["provisional"]["possible"] == ["II"]
    (why,) = found.why
    assert why.before.rule != why.after.rule, "another row speaks now"
    assert why.before.text
    assert why.after.text
    assert why.before.text != why.after.text
    assert (why.before.possible, why.after.possible) == (("I",), ("II",))


def test_the_reasons_come_in_the_language_that_was_asked_for(planted):
    found = replay(CASE, rules_of("gclm", "c-gclm"), rules_of("gclm", "c-gclm", folder=planted), "zh-hans")
    assert all(any("一" <= sign <= "鿿" for sign in part.after.text) for part in found.why)


def test_the_same_rules_change_nothing(planted):
    rules = rules_of("gclm", "c-gclm")
    found = replay(CASE, rules, rules)
    assert not found.is_changed
    assert found.why == ()
    assert not (found.flags)
    assert not (found.missing)
    assert not (found.assumptions)


def test_a_case_that_the_limit_does_not_touch_stays(planted):
    small = {**CASE, "liver_max_diameter_mm": 20}
    assert not replay(small, rules_of("gclm", "c-gclm"), rules_of("gclm", "c-gclm", folder=planted)).is_changed


def test_another_reading_is_another_answer():
    """35 mm in both lobes: type I under A and B; not under C, which asks for one lobe as well."""
    found = {name: replay(CASE, rules_of("gclm", "c-gclm"), rules_of("gclm", "c-gclm", reading=name)) for name in "ABC"}
    assert [name for name, each in found.items() if each.is_changed] == ["C"]
    assert found["C"].after["reading"] == "C"


def test_a_scheme_that_was_not_asked_then_has_only_an_after():
    found = compare(None, answer(rules_of("gclm", "c-gclm"), CASE, None, "en"))
    assert found.is_changed
    assert found.before is None
    assert all(part.before is None for part in found.parts)


def test_missing_facts_that_came_or_went_are_named():
    before = answer(rules_of("gclm", "c-gclm"), {**CASE, "liver_max_diameter_mm": None}, None, "en")
    after = answer(rules_of("gclm", "c-gclm"), CASE, None, "en")
    found = compare(before, after, {"liver_max_diameter_mm": "Largest diameter"})
    assert found.missing.gone == {"liver_max_diameter_mm": "Largest diameter"}
    assert found.missing.new == {}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("nowhere", "c-gclm"), "gclm"),
        (("gclm", "nothing"), "c-gclm"),
        (("gclm", "c-gclm", "1066"), "2019"),
        (("gclm", "c-gclm", "2019", "Z"), "A, B, C"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(asked, named):
    with pytest.raises(NotThere, match=named):
        rules_of(*asked)


@pytest.fixture(scope="module")
def many():
    """Random cases, and as many of which only the liver is random: in those the limit decides often enough."""
    rng = random.Random(8)
    cases = [(random_case(rng), random_restaging(rng)) for _ in range(600)]
    for place in range(0, len(cases), 2):
        liver = {name: value for name, value in cases[place][0].items() if name.startswith("liver_")}
        cases[place] = ({**liver, "primary_status": "resected", "liver_metastasis": "clinical"}, cases[place][1])
    return cases


def words(system):
    return " ".join(system["possible"]), " ".join(system["provisional"]["possible"])


@pytest.fixture(scope="module")
def one_by_one(planted, many):
    """The rules that answer anew, and what they and those of today answer to each of many cases."""
    before, after = rules_of("gclm", "c-gclm"), rules_of("gclm", "c-gclm", folder=planted)
    return after, *([words(answer(rules, *case, "en")) for case in many] for rules in (before, after))


@pytest.mark.parametrize("size", [7, 600])
def test_the_archive_names_exactly_the_cases_that_change_one_by_one(one_by_one, many, size):
    layout = Layout(load_rulebook()["gclm"].reader)
    after, old, new = one_by_one
    rows = [(at, layout.pack(*case), *old[at]) for at, case in enumerate(many)]
    chunks = [rows[start : start + size] for start in range(0, len(rows), size)]
    tally, archive = Tally(), Archive(after, "c-gclm", layout)
    found = replay_records(archive, chunks, lambda ids: {each: many[each] for each in ids}, tally)
    changed = [each for part in found for each in part]
    expected = [at for at in range(len(many)) if old[at] != new[at]]
    assert expected, "the planted limit changes nothing: the test would be empty"
    assert [each.id for each in changed] == expected
    for each in changed:
        assert (each.old_possible, each.old_provisional) == old[each.id]
        assert (each.new_possible, each.new_provisional) == new[each.id]
    assert (tally.cases, tally.changed, tally.refused) == (len(many), len(expected), 0)
    assert sum(tally.possible.values()) == sum(tally.provisional.values()) == len(many)


def test_a_snapshot_without_a_record_is_answered_from_its_facts(planted):
    layout = Layout(load_rulebook()["gclm"].reader)
    archive = Archive(rules_of("gclm", "c-gclm", folder=planted), "c-gclm", layout)
    tally = Tally()
    (changed,) = replay_records(archive, [[(5, None, "I", "I")]], lambda ids: {5: (CASE, None)}, tally)
    assert [each.new_provisional for each in changed] == ["II"]
    assert tally.irregular == 1


def test_a_value_that_the_rules_do_not_know_is_counted_and_not_guessed(planted):
    layout = Layout(load_rulebook()["gclm"].reader)
    archive = Archive(rules_of("gclm", "c-gclm", folder=planted), "c-gclm", layout)
    tally = Tally()
    facts = {5: ({**CASE, "t_category": "T9"}, None)}
    (changed,) = replay_records(archive, [[(5, None, "I", "I")]], lambda ids: facts, tally)
    assert changed == []
    assert (tally.refused, tally.changed, sum(tally.possible.values())) == (1, 0, 0)


def test_rules_with_other_facts_are_answered_from_facts(planted, tmp_path):
    """Records say nothing of a vocabulary that they were not made for."""
    folder = tmp_path / "gclm"
    shutil.copytree(RULES / "gclm", folder)
    facts = (folder / "facts.toml").read_text(encoding="utf-8")
    swapped = facts.replace('"P1a", "P1b", "P1c", "PX"]', '"P1b", "P1a", "P1c", "PX"]')
    assert swapped != facts
    (folder / "facts.toml").write_text(swapped, encoding="utf-8")
    layout = Layout(load_rulebook()["gclm"].reader)
    archive = Archive(rules_of("gclm", "c-gclm", folder=tmp_path), "c-gclm", layout)
    assert not archive.fits()
    tally = Tally()
    rows = [(5, layout.pack(CASE), "III", "III")]
    (changed,) = replay_records(archive, [rows], lambda ids: {5: (CASE, None)}, tally)
    assert [each.new_provisional for each in changed] == ["I"]
    assert tally.irregular == 1
