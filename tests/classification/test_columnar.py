"""The rules over a whole archive: on every case and for every scheme the answer of the scalar path."""

from __future__ import annotations

import random

import pytest

from classification import Outcome, columnar, key_tables, load_rulebook
from classification.columnar import Archive
from classification.columns import IRREGULAR, WORD_BITS, Bits, Layout
from classification.scale import VALUES, place_of
from tests.classification.random_cases import add_list, random_case, random_lesion, random_restaging

RULEBOOK = load_rulebook()
RULES = RULEBOOK["gclm"]
CASES = 2_000
SCHEMES = [(pathway, scheme) for pathway, rules in RULEBOOK.pathways.items() for scheme in rules.schemes]
COUNT_BESIDE = (1, 2, {"at_least": 2}, {"at_most": 3}, {"one_of": [1, 3]}, {"not_applicable": True}, None)
SIZE_BESIDE = (12.5, 40, {"at_least": 30}, {"at_most": 45}, {"at_least": 20, "at_most": 50.25}, 35.125, None)


def listed_case(rng):
    """Nothing matters but the liver: a list with any number of open natures, any figure beside it."""
    facts = {"liver_metastasis": "clinical", "primary_status": "resected", "peritoneum": rng.choice(("P0", None))}
    add_list(rng, facts)
    facts["liver_lesions"] += [random_lesion(rng, is_open=True) for _ in range(rng.choice((0, 0, 1, 4, 6)))]
    facts["liver_lesion_count"] = rng.choice((None, None, *COUNT_BESIDE))
    facts["liver_max_diameter_mm"] = rng.choice((None, None, *SIZE_BESIDE))
    for name in ("liver_major_vessel_or_duct_involved", "liver_vessel_contact", "liver_diffuse"):
        facts[name] = rng.choice((None, None, None, True, False, {"not_applicable": True}))
    return {name: value for name, value in facts.items() if value is not None}


def any_value(rng, fact):
    """A fact of any vocabulary, stated in one of the ways in which it can be."""
    if fact.type in ("integer", "number"):
        low = int(fact.min or 1)
        one, other = sorted(low + rng.choice((0, 1, 2, 3, 19, 20, 29, 30, 49, 50)) for _ in range(2))
        one, other = (min(each, int(fact.max)) for each in (one, other))
        return rng.choice((one, one, other, {"at_least": one}, {"at_most": other}, {"one_of": [one, other]}))
    values = [True, False] if fact.type == "yes_no" else list(fact.values)
    if fact.type in ("set", "sites"):
        chosen = rng.sample(values, rng.choice((0, 0, 1, 2)))
        return chosen if fact.type == "set" else [{"site": each} for each in chosen]
    few = rng.sample(values, min(2, len(values)))
    return rng.choice((few[0], few[0], few[0], {"one_of": few}, {"not_applicable": True}))


def case_of(rng, rules):
    """Facts of any pathway, with a list of lesions now and then."""
    vocabulary = rules.pathway.facts
    share = rng.choice((0.3, 0.7, 0.95))
    facts = {name: any_value(rng, vocabulary[name]) for name in rules.reader.read_facts if rng.random() < share}
    if rng.random() < 0.4:
        add_list(rng, facts)
    return {name: value for name, value in facts.items() if value is not None}


@pytest.fixture(scope="module")
def drawn():
    """Pathway → layout, cases, records and what the scalar path answers."""
    rng = random.Random(20_261)
    found = {}
    for pathway, rules in RULEBOOK.pathways.items():
        if pathway == "gclm":
            cases = [(random_case(rng), random_restaging(rng)) for _ in range(CASES)]
            cases += [(listed_case(rng), random_restaging(rng)) for _ in range(CASES // 4)]
        else:
            cases = [(case_of(rng, rules), None) for _ in range(CASES // 4)]
        layout = Layout(rules.reader)
        records = layout.unpack(b"".join(layout.pack(*case) for case in cases))
        outcomes = [Outcome(rules, facts, None, restaging) for facts, restaging in cases]
        found[pathway] = layout, cases, records, outcomes
    return found


def one_by_one(answer):
    if answer.state == "typed":
        return tuple(answer.decision[:3])
    scores = {category.id: category.score for category in answer.scheme.edition.categories}
    bits = sum(1 << scores[name] for name in answer.possible)
    return bits, bits, 0


@pytest.mark.parametrize("pathway", RULEBOOK.pathways)
def test_the_random_cases_hold_both_kinds_of_record(pathway, drawn):
    _, cases, records, outcomes = drawn[pathway]
    odd = (records["flags"] & IRREGULAR).astype(bool)
    assert len(cases) // 50 < odd.sum() < len(cases) * 3 // 4, "neither path would be tested"
    assert (records["list_kind"][~odd] != 0).sum() > len(cases) // 20
    if pathway == "gclm":
        assert ((records["open_codes"] != 0).sum(axis=1) > 1).sum() > len(cases) // 50
        states = {each.systems[name].state for each in outcomes for name in ("c-gclm", "omec")}
        assert states == {"typed", "absent", "after_therapy"}
        restaged = [restaging is not None for _, restaging in cases]
        assert (~odd[restaged]).sum() > len(cases) // 10, "a restaging is kept beside the baseline"


@pytest.mark.parametrize(("pathway", "scheme"), SCHEMES)
def test_the_archive_answers_every_case_as_the_scalar_path_does(pathway, scheme, drawn):
    layout, cases, records, outcomes = drawn[pathway]
    archive = Archive(RULEBOOK[pathway], scheme, layout)
    assert archive.fits()
    found = zip(*(column.tolist() for column in archive.decide(records, cases.__getitem__)), strict=True)
    expected = (one_by_one(outcome.systems[scheme]) for outcome in outcomes)
    wrong = [each for each in zip(cases, expected, found, strict=True) if each[1] != each[2]]
    assert wrong[:1] == []


@pytest.mark.parametrize("scheme", ["c-gclm", "omec", "yoshida"])
def test_keys_that_are_too_long_for_a_table_or_a_word_are_answered_alike(scheme, drawn, monkeypatch):
    layout, _, records, _ = drawn["gclm"]
    whole = Archive(RULES, scheme, layout).decide_regular(records)
    monkeypatch.setattr(key_tables, "KEY_BITS", 20)
    monkeypatch.setattr(columnar, "TABLE_BITS", 6)
    monkeypatch.setattr(columnar, "CHUNK", 700)
    monkeypatch.setattr(columnar, "MEMO_LIMIT", 50)
    monkeypatch.setattr(key_tables, "missing_names", lambda _: ())
    archive = Archive(RULES, scheme, layout)
    assert len(archive._planes) > 1
    parts = archive.decide_regular(records)
    assert all((one == other).all() for one, other in zip(whole, parts, strict=True))


def test_a_moved_bit_is_seen(drawn):
    """The comparison can fail: peritoneal metastasis written into every record makes the worst type."""
    layout, _, records, _ = drawn["gclm"]
    planted = records.copy()
    column = layout.baseline["peritoneum"]
    bit = 1 << RULES.pathway.facts["peritoneum"].exact_values.index("P1b") | column.stated
    planted["words"][:, column.word] &= ~(column.full << column.shift) & (1 << WORD_BITS) - 1
    planted["words"][:, column.word] |= bit << column.shift
    plain, other = (Archive(RULES, "c-gclm", layout).decide_regular(each) for each in (records, planted))
    assert (plain.possible != other.possible).any()


def test_a_record_of_another_layout_is_told_apart(drawn):
    layout = drawn["gclm"][0]
    assert Layout(RULES.with_only(RULES.compiled[0]).reader).digest != layout.digest
    assert layout.unpack(layout.irregular)["flags"].tolist() == [IRREGULAR]


@pytest.mark.parametrize("pathway", RULEBOOK.pathways)
def test_no_two_facts_share_a_bit_of_a_record(pathway):
    layout = Layout(RULEBOOK[pathway].reader)
    taken = [0] * layout.dtype["words"].shape[0]
    for column in (*layout.baseline.values(), *layout.course.values()):
        if isinstance(column, Bits):
            own = column.full << column.shift
            assert own < 1 << WORD_BITS
            assert not taken[column.word] & own
            taken[column.word] |= own


def test_every_number_of_the_scale_is_found_again_and_no_other_is():
    assert all(before < after for before, after in zip(VALUES.tolist(), VALUES[1:].tolist(), strict=False))
    for value in (0, 0.01, 40.4, 99.99, 100, 399.9, 999, 1234, 9_999_000, 10_000_000, float("inf")):
        assert VALUES[place_of(value)] == value
    assert [place_of(value) for value in (35.125, 100.01, 12_345, -1, 0.1 + 0.2)] == [None] * 5
