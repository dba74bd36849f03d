"""The engine equals brute force over every completion, for every system, on seeded random incomplete cases."""

import json
import random
import shutil
from concurrent.futures import Future
from itertools import product

import pytest

from classification import classify, load_rulebook
from classification.pathway import RULES as RULE_FILES

from . import exactness, oracle
from .exactness import check_chunk, differences, drawn, main
from .oracle.assumptions import ASSUMPTIONS
from .oracle.values import NA, allowed, every
from .random_cases import random_case

CASES = 10_000
RULES = load_rulebook()["gclm"]


def first_difference(rules, seed, number, systems=None):
    found = ((case, each) for case in drawn(seed, number) for each in differences(rules, *case, systems))
    return next(found, None)


@pytest.mark.long
def test_ten_thousand_incomplete_cases_equal_brute_force_in_every_system():
    assert first_difference(RULES, 20261123, CASES) is None


@pytest.mark.parametrize("reading", ["A", "C"])
def test_the_other_readings_equal_brute_force_too(reading):
    rules = load_rulebook(readings={"c-gclm": reading})["gclm"]
    assert first_difference(rules, 1, 600, {"c-gclm": oracle.c_gclm_system(reading)}) is None


def test_every_scheme_of_the_pathway_has_its_brute_force():
    assert set(RULES.schemes) == set(oracle.SYSTEMS)


# --- The oracle itself ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", oracle.SYSTEMS)
def test_values_that_the_oracle_takes_together_are_decided_alike(name):
    system, rng = oracle.SYSTEMS[name], random.Random(3)
    for _ in range(400):
        case = {axis.fact: rng.choice(every(axis.fact)) for axis in system.axes}
        for axis in system.axes:
            if axis.may_not_apply and rng.random() < 0.3:
                case[axis.fact] = NA
        other = {
            axis.fact: axis.stands_for[NA if case[axis.fact] == NA else axis.view(case[axis.fact])]
            for axis in system.axes
        }
        if case.get("liver_diffuse"):  # a diffuse liver is not counted
            case["liver_lesion_count"] = float("inf")
        assert system.decide(case) == system.decide(other)


def plain_answer(system, facts):
    """Possible and missing by a plain loop over plain cases; for systems without liver figures, ties or silence."""
    values = [sorted({axis.view(v): v for v in allowed(axis.fact, facts.get(axis.fact))}.values(), key=repr)
              for axis in system.axes]  # fmt: skip
    names = [axis.fact for axis in system.axes]
    decided = {world: system.decide(dict(zip(names, world, strict=True))) for world in product(*values)}
    missing = set()
    for at, name in enumerate(names):
        seen = {}
        for world, category in decided.items():
            seen.setdefault(world[:at] + world[at + 1 :], set()).add(category)
        if any(len(categories) > 1 for categories in seen.values()):
            missing.add(name)
    return set(decided.values()), missing


@pytest.mark.parametrize("name", ["afp", "ebv", "fgfr2b", "pdl1-cps", "pdl1-tap"])
def test_bits_and_a_plain_loop_say_the_same(name):
    system = oracle.SYSTEMS[name]
    for facts, _ in drawn(5, 150):
        possible, _, missing = system.answer(facts, oracle.livers_of({}), ASSUMPTIONS)
        assert (possible, missing) == plain_answer(system, facts)


@pytest.mark.parametrize("name", ["c-gclm", "yoshida", "omec", "wjgpt"])
def test_bits_and_a_plain_loop_over_livers_say_the_same(name):
    """Everything but the liver is known; each liver is decided for itself."""
    system, rng, checked = oracle.SYSTEMS[name], random.Random(6), 0
    while checked < 150:
        facts = {axis.fact: axis.stands_for[rng.choice(axis.labels)] for axis in system.axes}
        if NA in facts.values():
            continue
        stated = random_case(rng)
        figures = {fact: value for fact, value in stated.items() if fact.startswith("liver_")}
        figures["liver_resectable_r0"] = facts.get("liver_resectable_r0", True)
        known = {fact: value for fact, value in facts.items() if fact not in oracle.FIGURES}
        livers = oracle.livers_of(figures)
        expected = {
            system.decide(known | dict(zip(oracle.FIGURES, liver, strict=True)))
            for own in livers.by_natures
            for liver in own
        }
        as_stated = {fact: sorted(v) if isinstance(v, frozenset) else v for fact, v in known.items()}
        assert system.answer(figures | as_stated, livers, ASSUMPTIONS)[0] == expected
        checked += 1


# --- What rests on brute force ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["c-gclm", "yoshida", "flot3-b"])
def test_the_assumptions_named_are_enough_and_none_can_be_spared(name):
    rng = random.Random(9)
    systems = {name: oracle.SYSTEMS[name]}
    for _ in range(120):
        facts = random_case(rng) | {"before_any_systemic_therapy": True}
        system = classify(facts).as_dict()["systems"][name]
        named = set(system["provisional"]["assuming"])

        def reached(facts, active):
            chosen = tuple(each for each in ASSUMPTIONS if each.fact in active)
            return oracle.answers(facts, None, systems, chosen)[0][name][1]

        full = reached(facts, {each.fact for each in ASSUMPTIONS})
        assert reached(facts, named) == full
        assert all(reached(facts, named - {fact}) != full for fact in named)


PLANTED = {
    "a limit moved by one": ("omec-2023.toml", [("{ le = 3 }", "{ le = 4 }"), ("{ ge = 4 }", "{ ge = 5 }")]),
    "a limit that includes what it excluded": ("cldn18-2-2026.toml", [("lt = 75", "le = 75"), ("ge = 75", "gt = 75")]),
    "a row with a wrong category": (
        "wjgpt-2020.toml",
        [("distant_sites = { empty = false } }\nscore = 2", "distant_sites = { empty = false } }\nscore = 3")],
    ),
    "a station in the wrong row": (
        "yoshida-2016.toml",
        [
            ('["16a2", "16b1"], has_none = ["16a1", "16b2"', '["16a1", "16a2", "16b1"], has_none = ["16b2"'),
            ('has_any = ["16a1", "16b2", "mediastinal"', 'has_any = ["16b2", "mediastinal"'),
        ],
    ),
    "an assumption without its condition": (
        "pathway.toml",
        [('value = true\nwhen = { liver_lesion_count = { le = 3 } }\n', 'value = true\n')],
    ),
    "a combination that is no longer excluded": (
        "facts.toml",
        [('when = { liver_diffuse = true, liver_lesion_count = { lt = inf } }', 'when = { liver_diffuse = true, '
          'liver_lesion_count = { lt = 3 } }')],
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_an_error_planted_in_a_rule_file_is_seen(planted, tmp_path):
    folder = tmp_path / "gclm"
    shutil.copytree(RULE_FILES / "gclm", folder)
    name, changes = PLANTED[planted]
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")
    assert first_difference(load_rulebook(tmp_path)["gclm"], 4, 2000) is not None


def test_the_command_counts_cases_and_tells_of_differences(capsys, monkeypatch):
    assert main(["--cases", "60", "--seed", "3"]) == 0
    assert "60 cases, 0 differences" in capsys.readouterr().out
    monkeypatch.setitem(oracle.SYSTEMS, "ebv", oracle.SYSTEMS["fgfr2b"])
    found = check_chunk((0, "3", 60, True))
    assert (found["cases"], set(found["wrong"])) == (60, {"ebv"})
    assert {example["path"] for example in found["examples"]} <= {"one by one", "by columns"}


def test_an_interrupted_run_goes_on_and_answers_no_chunk_twice(tmp_path, capsys, monkeypatch):
    record, asked = tmp_path / "record.jsonl", []
    monkeypatch.setattr(exactness, "CHUNK", 10)
    monkeypatch.setattr(exactness, "as_completed", iter)  # in order
    command = ["--cases", "40", "--seed", "3", "--record", str(record)]
    monkeypatch.setattr(exactness, "workers", lambda _: OneProcess(asked, stop_after=2))
    with pytest.raises(KeyboardInterrupt):
        main(command)
    with record.open("a") as file:
        file.write('{"at": 3, "cases": 1')  # cut off in the middle of a line
    monkeypatch.setattr(exactness, "workers", lambda _: OneProcess(asked))
    assert main(command) == 0
    assert asked == [0, 1, 2, 3]
    assert "20 cases were finished before" in capsys.readouterr().out
    assert [json.loads(line)["at"] for line in record.read_text().splitlines()[1:]] == [0, 1, 2, 3]


def test_a_record_of_another_seed_is_refused(tmp_path, monkeypatch):
    record = tmp_path / "record.jsonl"
    monkeypatch.setattr(exactness, "workers", lambda _: OneProcess([]))
    main(["--cases", "5", "--seed", "3", "--record", str(record)])
    with pytest.raises(SystemExit, match="records"):
        main(["--cases", "5", "--seed", "4", "--record", str(record)])


class OneProcess:
    """Stands for a pool of processes: works when asked for a result, and is interrupted after some chunks."""

    def __init__(self, asked, stop_after=None):
        self.asked, self.stop_after = asked, stop_after

    def shutdown(self, cancel_futures):
        assert cancel_futures

    def submit(self, check, job):
        future = Future()
        if len(self.asked) == self.stop_after:
            future.set_exception(KeyboardInterrupt())
        else:
            self.asked.append(job[0])
            future.set_result(check(job))
        return future
