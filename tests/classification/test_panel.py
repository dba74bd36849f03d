"""Plain schemes answered all at once say the same as one after another."""

import random

import pytest

from classification import Decider, FactError, load_rulebook
from classification.decision import decide
from classification.panel import Panel, is_plain
from classification.pathway import RULES
from classification.reader import Reader

from .random_cases import random_case

RULEBOOK = load_rulebook(RULES)["gclm"]
PLAIN = [scheme for scheme in RULEBOOK.compiled if is_plain(scheme)]

MADE_UP = """
scheme = "made-up"
edition = "1"
question = "guideline"
label = { en = "Rule", zh = "规则" }
valid_from = 2020-01-01
status = "draft"
verified_by = ""
combine = "max"
[sources.own]
text = "made up"
doi = ""
[[category]]
id = "low"
score = 1
label = { en = "low", zh = "低" }
text = { en = "low", zh = "低" }
[[category]]
id = "middle"
score = 2
label = { en = "middle", zh = "中" }
text = { en = "middle", zh = "中" }
[[category]]
id = "high"
score = 3
label = { en = "high", zh = "高" }
text = { en = "high", zh = "高" }
[[component]]
id = "rule"
label = { en = "Rule", zh = "规则" }
"""
ROWS = (
    ("a", 1, "ascites = false, cytology = [\"CY0\"]", "ecog = { le = 1 }"),
    ("b", 2, "ascites = false, cytology = [\"CY0\"]", "ecog = { gt = 1, le = 2 }"),
    ("c", 3, "ascites = false, cytology = [\"CY0\"]", "ecog = { gt = 2 }"),
    ("d", 3, "ascites = true", "cytology = [\"CY1\"] }, { cytology = [\"CY0\"], ecog = { gt = 1 }"),
    ("e", 2, "ascites = true", "cytology = [\"CY0\"], ecog = { le = 1 }"),
    ("f", 2, "ascites = false", "cytology = [\"CY1\"]"),
)  # fmt: skip


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """Three facts, two of them assumed, cells more than two, alternatives that overlap."""
    folder = tmp_path_factory.mktemp("rules")
    rows = "".join(
        f'[[component.row]]\nid = "made-up.1.{name}"\nwhen = {{ {when} }}\nany = [{{ {any_of} }}]\nscore = {score}\n'
        'text = { en = "row", zh = "行" }\ncite = { source = "own", locator = "made up", label = "unverified" }\n'
        for name, score, when, any_of in ROWS
    )
    (folder / "made-up.toml").write_text(MADE_UP + rows, encoding="utf-8")
    (rules,) = load_rulebook(folder).pathways.values()
    return rules


def agree(rules, schemes):
    panel = Panel(rules.pathway, schemes)
    reader = Reader(rules.pathway, schemes)
    rng = random.Random(8)
    seen = set()
    for _ in range(2000):
        facts = random_case(rng)
        word = panel.read(facts)
        reading = reader.read_own(facts)
        for at, (scheme, key) in enumerate(reader.keys_of(reading)):
            expected = decide(scheme, key, reading[1])
            assert panel.decision(at, word) == expected, facts
            seen.add((at, expected.possible, expected.provisional, expected.missing))
    return seen


def test_all_plain_schemes_at_once_say_the_same_as_each_alone():
    assert len(PLAIN) >= 9
    assert len(agree(RULEBOOK, PLAIN)) > 20


def test_assumptions_and_overlapping_alternatives_say_the_same_too(made_up):
    (scheme,) = made_up.compiled
    assert is_plain(scheme)
    assert len(scheme.presumed) == 2
    assert len(agree(made_up, [scheme])) > 15


def test_a_panel_refuses_a_wrong_value_and_a_scheme_that_is_not_plain():
    panel = Panel(RULEBOOK.pathway, PLAIN)
    panel.read({"pdl1_cps": 1})
    for _ in range(2):
        with pytest.raises(FactError, match="pdl1_cps"):
            panel.read({"pdl1_cps": True})
    tied = Decider(RULEBOOK, "her2").scheme
    with pytest.raises(ValueError, match="plain"):
        Panel(RULEBOOK.pathway, [*PLAIN, tied])
