"""The guide on writing a pathway: its example is one, and it names every key that files may have."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from classification import load_rulebook, options_file, vocabulary
from classification.edition import BUILT_IN, QUESTIONS, STANCES
from classification.edition_file import _TOP
from classification.facts import DISCIPLINES, TYPES
from classification.options import EFFECTS, KINDS, STATUSES, TREATMENTS
from classification.showing import KEYS

GUIDE = Path(__file__).parents[2] / "docs" / "pathways.md"


@pytest.fixture
def folder(tmp_path):
    """The files of the guide, copied as a reader would."""
    text = GUIDE.read_text(encoding="utf-8")
    parts = re.split(r"^##+ ", text, flags=re.MULTILINE)
    blocks = [
        (name[1], part.split("```toml\n")[1].split("```")[0])
        for part in parts
        if "```toml" in part and (name := re.match(r"`([a-z0-9-]+\.toml)`", part))
    ]
    home = tmp_path / "example"
    home.mkdir()
    for name, content in blocks:
        (home / name).write_text(content, encoding="utf-8")
    assert sorted(path.name for path in home.iterdir()) == [
        "example-stage-2026.toml", "examples.toml", "facts.toml", "pathway.toml",
    ]  # fmt: skip
    return home


def checked(folder) -> str:
    out = StringIO()
    call_command("check_rules", str(folder), stdout=out)
    return out.getvalue()


def test_its_example_is_a_sound_pathway(folder):
    assert "3 of 3 answers of examples hold" in checked(folder)
    (folder / "examples.toml").unlink()
    answer = checked(folder)
    assert answer in GUIDE.read_text(encoding="utf-8")


def test_a_pathway_that_says_nothing_about_showing_glances_at_its_required_facts(folder):
    (line,) = load_rulebook(folder)["example"].pathway.showing.glance
    assert (line.label("en"), line.facts) == ("Disease", ("size_mm",))


def test_the_gap_that_it_warns_of_is_refused_in_its_words(folder):
    file = folder / "example-stage-2026.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("le = 30", "lt = 30"), encoding="utf-8")
    with pytest.raises(CommandError, match="no category for the combination size_mm = "):
        checked(folder)


def test_an_example_that_does_not_hold_is_named(folder):
    file = folder / "examples.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('["late"]', '["early"]'), encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="1 of the answers"):
        call_command("check_rules", str(folder), stdout=out)
    assert "large: provisional should be early; the rules say late" in out.getvalue()


def test_a_case_is_classified_by_rules_outside_the_program(folder, tmp_path):
    case = tmp_path / "case.json"
    case.write_text('{"tumour": "confirmed", "size_mm": 12}', encoding="utf-8")
    out = StringIO()
    call_command("classify", str(case), "--rules", str(folder), stdout=out)
    assert '"category": null' in out.getvalue()
    assert "Up to 30 mm: 12 mm." in out.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        TYPES, DISCIPLINES, QUESTIONS, STANCES, BUILT_IN, STATUSES, KINDS, TREATMENTS, EFFECTS, KEYS, _TOP,
        vocabulary._FACT_OPTIONAL, options_file._OPTION, options_file._HEADER,
    ],
    ids=lambda words: " ".join(words)[:40],
)  # fmt: skip
def test_it_names_every_word_that_a_file_may_use(words):
    text = GUIDE.read_text(encoding="utf-8")
    assert [word for word in words if not re.search(rf"`\[*{re.escape(word)}\b|[`\[ ,]{re.escape(word)}\b", text)] == []
