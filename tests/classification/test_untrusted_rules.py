"""A rulebook from outside is data: whatever it holds, it loads or is refused, in bounded time, and runs nothing."""

import builtins
import os
import random
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from classification import RulebookError, load_pathway, load_rulebook
from classification.edition_file import read_edition
from classification.facts import FactError
from classification.options_file import read_options
from classification.outcome import Outcome
from classification.pathway import RULES, read_pathway
from classification.rule_files import read_toml
from classification.scheme import compile_scheme

SMALL = ("facts.toml", "pathway.toml", "options.toml", "arguments.toml", "gates.toml", "c-gclm-2019.toml")
SHIPPED = sorted(path for path in (RULES / "gclm").glob("*.toml"))
SEEDS = range(25)
SIGNS = ('"', "{", "}", "[", "]", "=", ",", ".", "\\", "0", "\x00")
FRAGMENTS = (
    "inf", "-inf", "nan", "0", "-1", "9" * 30, "1e400", "true", "[]", "{}", '""', '"x"', "[[]]", "[{}]", "2019-10-01",
    "1979-05-27T07:32:00Z", "07:32:00", '"not_applicable"', '{ one_of = ["T1", "T2"] }', "{ at_least = 1 }",
    '{ not_applicable = true }', '{ le = 3 }', '{ has_any = [] }', '{ empty = true }', '["16a2", "16a2"]',
    '"__import__(\\"os\\").abort()"', '"{x.__class__}"', '"<b>x</b>"', '[[1, 2], [3]]', '["a", ["b", "B", "乙"]]',
)  # fmt: skip


def copy(folder, names=SMALL) -> Path:
    for name in names:
        shutil.copy(RULES / "gclm" / name, folder / name)
    return folder


def mutated(text: str, rng: random.Random) -> str:
    """One small change: a line gone, doubled, moved, cut, or with another value; sometimes signs within it."""
    lines = text.split("\n")
    at = rng.choice([number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")])
    line = lines[at]
    kind = rng.randrange(7)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, line)
    elif kind == 2:
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3 and "=" in line:
        lines[at] = f"{line.split('=', 1)[0]}= {rng.choice(FRAGMENTS)}"
    elif kind == 4:
        place = rng.randrange(len(line) + 1)
        lines[at] = line[:place] + rng.choice(SIGNS) + line[place:]
    elif kind == 5 and "= {" in line:
        # another value inside an inline table
        parts = line.split("= ")
        chosen = rng.randrange(1, len(parts))
        parts[chosen] = f"{rng.choice(FRAGMENTS)}, {parts[chosen].split(', ', 1)[-1]}"
        lines[at] = "= ".join(parts)
    else:
        lines[at] = line[: rng.randrange(len(line) + 1)]
    return "\n".join(lines)


def read(path: Path) -> None:
    """As the loader reads a file of this name, with the rest of the pathway as it ships."""
    name = path.name
    if name in ("facts.toml", "pathway.toml"):
        read_pathway(path.parent, RULES / "gclm")
    elif name in ("options.toml", "arguments.toml", "gates.toml"):
        read_options(path.parent / "options.toml", load_pathway("gclm"), load_rulebook()["gclm"].editions)
    elif name == "examples.toml":
        read_toml(path)
    else:
        compile_scheme(read_edition(path, load_pathway("gclm").facts), load_pathway("gclm"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_small_change_of_a_file_loads_or_is_refused(path, tmp_path):
    copy(tmp_path)
    text = path.read_text(encoding="utf-8")
    for seed in SEEDS:
        changed = mutated(text, random.Random(f"{path.name} {seed}"))
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
        with suppress(RulebookError):
            read(tmp_path / path.name)


@pytest.mark.parametrize("seed", range(12))
def test_what_loads_after_several_changes_answers_or_refuses_the_facts(seed, tmp_path):
    copy(tmp_path)
    rng = random.Random(seed)
    name = rng.choice(SMALL)
    for _ in range(2):
        text = mutated((tmp_path / name).read_text(encoding="utf-8"), rng)
        (tmp_path / name).write_text(text, encoding="utf-8")
    try:
        rules = load_rulebook(tmp_path)["gclm"]
    except RulebookError:
        return
    for facts in ({}, {"liver_metastasis": "confirmed", "liver_lesion_count": 3, "t_category": "T3", "ecog": 1}):
        with suppress(FactError):
            Outcome(rules, facts, None, None).as_dict()


def test_code_in_every_text_is_never_run(tmp_path, monkeypatch):
    """Every text of every file says something that would be noticed if anybody ran it."""

    def noticed(*_args, **_kwargs):
        raise AssertionError("a rule file was run")

    copy(tmp_path)
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('en = "', 'en = "{0.__class__}${x}%(y)s `id` $(id) '), encoding="utf-8")
    for module, name in ((builtins, "eval"), (os, "system"), (subprocess, "Popen")):
        monkeypatch.setattr(module, name, noticed)
    rules = load_rulebook(tmp_path)["gclm"]
    answer = Outcome(rules, {"liver_metastasis": "confirmed", "peritoneum": "P1"}, None, None).as_dict()
    assert "{0.__class__}" in str(answer)


def test_a_pathway_of_its_own_cannot_name_a_file_elsewhere(tmp_path):
    copy(tmp_path)
    path = tmp_path / "pathway.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('id = "gclm"', 'id = "../hcc"', 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"pathway\.toml: id '\.\./hcc'"):
        load_rulebook(tmp_path)
