"""A rule file that is wrong is refused with file, row and reason: one fault planted for each refusal."""

import os
import re
import shutil
from pathlib import Path

import pytest

from classification import RulebookError, load_rulebook
from classification.examples import run_examples
from classification.pathway import RULES
from classification.rule_files import ENTRY_LIMIT, FILE_LIMIT
from classification.rulebook import FOLDER_LIMIT
from classification.standard_of_care import FILE, read_protocols
from tests.classification.refusals import editions, options, pathways, quorums, standard_of_care
from tests.classification.refusals.sites import patterns

E = "c-gclm-2019.toml"
FILES = (
    "facts.toml", "pathway.toml", "quorum.toml", "options.toml", "arguments.toml", "gates.toml", "examples.toml",
    E, "omec-2023.toml", "surgigast-2025.toml",
)  # fmt: skip
TEXT = "text = { en = 'x', zh = 'x' }\ncite = { source = 'house', locator = 'x', label = 'unverified' }\nscore = 1\n"
PLANTED = {
    **{name: (file, old, new, file, row, said) for name, (file, old, new, row, said) in editions.REFUSALS.items()},
    **{name: (file, old, new, file, row, said) for name, (file, old, new, row, said) in pathways.REFUSALS.items()},
    **{name: (file, old, new, file, row, said) for name, (file, old, new, row, said) in quorums.REFUSALS.items()},
    **options.REFUSALS,
}


@pytest.fixture
def folder(tmp_path) -> Path:
    home = tmp_path / "rules"
    home.mkdir()
    for name in FILES:
        shutil.copy(RULES / "gclm" / name, home / name)
    return home


def change(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder) -> RulebookError:
    with pytest.raises(RulebookError) as error:
        load_rulebook(folder)
    return error.value


def test_the_files_without_a_fault_are_sound(folder):
    assert set(load_rulebook(folder)["gclm"].schemes) == {"c-gclm", "omec", "surgigast"}


@pytest.mark.parametrize("fault", PLANTED)
def test_it_refuses(folder, fault):
    changed, old, new, file, row, reason = PLANTED[fault]
    change(folder, changed, old, new)
    error = refusal(folder)
    assert error.file == file
    if row is not None:
        assert error.row.removeprefix("c-gclm.2019.") == row.removeprefix("c-gclm.2019.")
    assert reason in error.message
    assert str(error).startswith(f"{file}: ")


@pytest.mark.parametrize("fault", standard_of_care.REFUSALS)
def test_it_refuses_a_protocol(folder, fault):
    old, new, row, reason = standard_of_care.REFUSALS[fault]
    shutil.copy(RULES / "gclm" / FILE, folder / FILE)
    change(folder, FILE, old, new)
    with pytest.raises(RulebookError) as error:
        read_protocols(folder / FILE, ("I", "II", "III"), ("systemic_by_biomarker", "supportive_care"))
    assert (error.value.file, error.value.row) == (FILE, row)
    assert reason in error.value.message


def write(folder, name, content):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def link_out(folder):
    outside = folder.parent / "secret.toml"
    outside.write_text("scheme = 'secret'")
    (folder / "x.toml").symlink_to(outside)


def link_folder_out(folder):
    shutil.move(folder, folder.parent / "elsewhere")
    folder.mkdir()
    (folder / "gclm").symlink_to(folder.parent / "elsewhere")


def nest(folder, names):
    found = [path for path in folder.iterdir() if path.is_file()]
    for name in names:
        (folder / name).mkdir()
        for path in found:
            shutil.copy(path, folder / name / path.name)
    for path in found:
        path.unlink()


def later(folder, edition, start):
    shutil.copy(folder / E, folder / "later.toml")
    change(folder, "later.toml", 'edition = "2019"', f'edition = "{edition}"')
    change(folder, "later.toml", "2019-10-01", start)


def leave_out(folder, key):
    """The edition without any table of one kind, and an empty list in their place."""
    text = (folder / E).read_text(encoding="utf-8").replace('combine = "max"', f'combine = "max"\n{key} = []')
    tables = re.split(r"(?=^\[)", text, flags=re.MULTILINE)
    kept = [table for table in tables if not table.startswith((f"[[{key}]]", f"[[{key}.row]]"))]
    (folder / E).write_text("".join(kept), encoding="utf-8")


def add_dead_row(folder):
    """A row for a liver that is invaded and not touched, which no patient can have."""
    for answer in ("true", "false"):
        old = f"liver_major_vessel_or_duct_involved = true, liver_resectable_r0 = {answer}"
        change(folder, E, old, f"{old}, liver_vessel_contact = true")
    when = "{ liver_major_vessel_or_duct_involved = true, liver_vessel_contact = false }"
    change(folder, E, "# --- Outside", f'[[component.row]]\nid = "dead"\nwhen = {when}\n{TEXT}\n# --- Outside')


def tie_together(folder):
    tie = "when = { primary_status = 'resected', t_category = 'T1' }\nflag = 'X'\n"
    ties = "".join(f"[[impossible]]\nid = 'i{n}'\n{tie}" for n in range(13))
    change(folder, "facts.toml", "[[impossible]]", f"{ties}[[impossible]]")


BY_HAND = {
    "a folder that is not there": (shutil.rmtree, "rules", "", "is not a folder of rule files"),
    "a folder without rules": (
        lambda folder: [path.unlink() for path in folder.iterdir()], "rules", "", "holds no rule file",
    ),
    "more entries than a folder of rules has": (
        lambda folder: [(folder / f"{n}.txt").touch() for n in range(ENTRY_LIMIT + 1)],
        "rules", "", f"holds more than {ENTRY_LIMIT} entries",
    ),
    "more pathways than anybody has": (
        lambda folder: [(nest(folder, [f"p{n}" for n in range(FOLDER_LIMIT + 1)]))],
        "rules", "", f"holds more than {FOLDER_LIMIT} pathways",
    ),
    "the same pathway twice": (
        lambda folder: nest(folder, ["one", "two"]), "two", "gclm", "repeats the pathway of another folder",
    ),
    "a folder that leads out": (link_folder_out, "gclm", "", "leads out of its folder"),
    "a file that leads out": (link_out, "x.toml", "", "leads out of its folder"),
    "a file that leads to itself": (
        lambda folder: (folder / "x.toml").symlink_to(folder / "x.toml"), "x.toml", "", "cannot be read: ",
    ),
    "a folder named like a file": (lambda folder: (folder / "x.toml").mkdir(), "x.toml", "", "cannot be read: Is a"),
    "a pipe": (lambda folder: os.mkfifo(folder / "x.toml"), "x.toml", "", "is not a regular file"),
    "a name with signs": (
        lambda folder: (folder / "a b.toml").touch(), "a b.toml", "",
        "its name may hold letters, digits, dots, dashes and underscores only",
    ),
    "a file without end": (
        lambda folder: write(folder, "x.toml", b"#" * (FILE_LIMIT + 1)), "x.toml", "",
        f"is longer than {FILE_LIMIT} bytes",
    ),
    "a key of many parts": (
        lambda folder: write(folder, "x.toml", "a" + ".a" * 5000 + " = 1"), "x.toml", "line 1",
        "holds more than 200 dots",
    ),
    "a list within lists": (
        lambda folder: write(folder, "x.toml", "a = " + "[" * 5000 + "]" * 5000), "x.toml", "",
        "is nested more than 12 deep",
    ),
    "a table within tables": (
        lambda folder: write(folder, "x.toml", "a" + ".a" * 50 + " = 1"), "x.toml", None, "is nested more than 12 deep",
    ),
    "a text that is not UTF-8": (
        lambda folder: write(folder, "x.toml", b'a = "\xff"'), "x.toml", "", "is not valid TOML: 'utf-8' codec",
    ),
    "a number with thousands of digits": (
        lambda folder: write(folder, "x.toml", "a = " + "9" * 5000), "x.toml", "", "is not valid TOML: Exceeds",
    ),
    "a number beyond all use": (
        lambda folder: write(folder, "x.toml", "a = 0x" + "f" * 5000), "x.toml", "a",
        "is not a number up to 1000000000000",
    ),
    "not a number": (
        lambda folder: change(folder, E, "{ le = 3 }", "{ le = nan }"), E,
        "component.3.row.3.when.liver_lesion_count.le", "is not a number up to 1000000000000",
    ),
    "a date before anybody was born": (
        lambda folder: change(folder, E, "2019-10-01", "0001-01-01"), E, "valid_from",
        "is a date outside the years 1900 to 2200",
    ),
    "a text that nobody reads to its end": (
        lambda folder: change(folder, E, "potentially resectable", "x" * 3000), E, "category.2.text.en",
        "is longer than 2000 characters",
    ),
    "a text that turns the direction of writing": (
        lambda folder: change(folder, E, "潜在可切除型", "潜在\u202e可切除型"), E, "category.2.text.zh",
        "holds the invisible sign U+202E",
    ),
    "a key with a sign that shows nothing": (
        lambda folder: change(folder, E, '"CY1 alone" =', '"CY1\u200b alone" ='), E, "sources_zh",
        "a key holds the invisible sign U+200B",
    ),
    "the same edition twice": (
        lambda folder: later(folder, "2019", "2024-05-01"), "later.toml", "2019", f"repeats an edition of {E}",
    ),
    "overlapping editions": (
        lambda folder: later(folder, "2024", "2024-05-01"), "later.toml", "2024", f"overlaps edition 2019 in {E}",
    ),
    "no arguments anywhere": (
        lambda folder: (folder / "arguments.toml").unlink(), "options.toml", "",
        "missing key 'arguments', and there is no arguments.toml",
    ),
    "an edition without components": (lambda folder: leave_out(folder, "component"), E, "", "holds no component"),
    "an edition without categories": (lambda folder: leave_out(folder, "category"), E, "", "holds no category"),
    "combinations that cannot occur and hang together": (
        tie_together, E, "primary", "more than 12 combinations that cannot occur hang together",
    ),
    "a row that only an impossible combination reaches": (
        add_dead_row, E, "dead", "dead rule: no possible combination reaches it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BY_HAND)
def test_it_refuses_what_cannot_be_planted_in_a_line(folder, fault):
    plant, file, row, reason = BY_HAND[fault]
    plant(folder)
    error = refusal(folder)
    assert error.file == file
    if row is not None:
        assert error.row == row
    assert reason in error.message


def test_examples_of_an_edition_from_elsewhere_are_refused(folder):
    change(folder, E, 'verified_by = ""', 'verified_by = "A. Clinician"')
    elsewhere = load_rulebook(folder)["gclm"].in_force("c-gclm", None).edition
    with pytest.raises(RulebookError, match=f"^{E}: is not an edition of these rules$"):
        run_examples(load_rulebook()["gclm"], elsewhere)


def test_every_refusal_in_the_source_has_a_fault_that_brings_it_about():
    planted = (*PLANTED.values(), *BY_HAND.values(), *standard_of_care.REFUSALS.values())
    said = [each[-1] for each in planted] + ["is not an edition of these rules"]
    missing = {
        pattern: places
        for pattern, places in patterns().items()
        if sum(re.search(_up_to_last_words(pattern), reason.strip()) is not None for reason in said) < places
    }
    assert missing == {}


def _up_to_last_words(pattern: str) -> str:
    """A table need not repeat what follows the fixed words of a message, nor its leading value."""
    start = pattern.removesuffix(".*").removesuffix(r"\ ")
    return start.removeprefix(r".*\ ") + ("" if pattern.endswith(".*") else "$")


def test_a_refusal_shows_no_sign_that_a_terminal_would_obey(folder):
    write(folder, "x.toml", 'a\x1b[31m = "')
    assert str(refusal(folder)).isprintable()
    assert len(str(RulebookError("f.toml", "r" * 9999, "m" * 9999))) < 1000
