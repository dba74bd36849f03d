"""What the documents of safety, security and data protection say is held by tests that exist."""

import ast
import re
from functools import cache

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"
HELD = ["security.md", "hazard-log.md", "data-protection.md", "intended-use.md"]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")
REQUIREMENTS_OF_ASVS_LEVEL_2 = 253


@cache
def functions_of(path):
    tree = ast.parse((settings.BASE_DIR / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def wrong_names(text):
    """Tests that a text names and nobody finds."""
    return [
        f"{path}::{name}"
        for path, name in NAMED.findall(text)
        if not (settings.BASE_DIR / path).is_file() or (name and name not in functions_of(path))
    ]


@pytest.mark.parametrize("name", HELD)
def test_every_test_and_every_page_that_a_document_names_exists(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert wrong_names(text) == []
    assert [link for link in LINK.findall(text) if not (DOCS / link).exists()] == []
    assert f"docs/{name}" in (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")


def test_every_requirement_of_asvs_level_2_has_one_answer():
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (V\d+\.\d+\.\d+) \| [12] \| ([\w/ ]+) \| (.*) \| (.*) \|$", text, re.MULTILINE)
    assert len({number for number, *_ in rows}) == len(rows) == REQUIREMENTS_OF_ASVS_LEVEL_2
    answers = [answer for _number, answer, *_ in rows]
    possible = {"met", "in part", "not met", "deployment", "n/a"}
    assert set(answers) <= possible
    for answer in possible:
        assert f"| {answer} | {answers.count(answer)} |" in text, "the sums at the top"
    assert all(how for _number, _answer, how, _test in rows)


def test_every_hazard_has_a_control_a_test_and_a_risk_and_what_is_too_high_is_said_to_be_open():
    text = (DOCS / "hazard-log.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+) \| (\d) × (\d) \|$", text, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, len(rows) + 1))
    for number, words, severity, likelihood in rows:
        assert len(words.split(" | ")) == 4
        if int(severity) * int(likelihood) >= 10:
            assert f"**Open**: no. {number} is" in text
        else:
            assert NAMED.search(words), f"no. {number} names no test"


def test_a_test_that_does_not_exist_is_seen():
    assert wrong_names("`tests/test_urls.py::test_nobody_wrote_this` `tests/nowhere.py`") == [
        "tests/test_urls.py::test_nobody_wrote_this",
        "tests/nowhere.py::",
    ]


def test_each_architecture_decision_has_a_number_of_its_own_and_says_it():
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name
