"""A rule file that is wrong is refused, naming file and row."""

import shutil
from pathlib import Path

import pytest

from classification import RulebookError, load_rulebook
from classification.pathway import RULES

EDITION = "c-gclm-2019.toml"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(RULES / "gclm", tmp_path / "gclm"))


def change(folder, file, old, new, count=1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def refusal(folder) -> str:
    with pytest.raises(RulebookError) as error:
        load_rulebook(folder)
    return str(error.value)


def test_a_copied_folder_loads_with_the_same_digest(folder):
    assert load_rulebook(folder).digest == load_rulebook(RULES / "gclm").digest


def test_an_edition_alone_takes_the_rest_from_the_package(tmp_path):
    shutil.copy(RULES / "gclm" / EDITION, tmp_path / EDITION)
    assert load_rulebook(tmp_path)["gclm"].schemes == ("c-gclm",)


def test_a_changed_file_has_another_digest(folder):
    change(folder, EDITION, 'verified_by = ""', 'verified_by = "A. Clinician"')
    assert load_rulebook(folder).digest != load_rulebook(RULES / "gclm").digest


REFUSALS = {
    "broken TOML": (EDITION, 'scheme = "c-gclm"', "scheme = ", ("not valid TOML",)),
    "an unknown key of the file": (
        EDITION,
        'combine = "max"',
        'combine = "max"\nweight = 3',
        ("unknown key 'weight'",),
    ),
    "an unknown key of a row": (EDITION, "score = 1\n", "score = 1\nrun = 'x'\n", ("unknown key 'run'", "category 1")),
    "a missing key": (EDITION, 'status = "draft"\n', "", ("missing key 'status'",)),
    "an unknown status": (EDITION, '"draft"', '"final"', ("unknown status 'final'", "approved")),
    "an unknown fact": (EDITION, "bulky_n2 = false", "bulky_n3 = false", ("unknown fact 'bulky_n3'", "inside_d2")),
    "an unknown value": (EDITION, 't_category = "T4b"', 't_category = "T5"', ("t4b_resectable", "T5")),
    "an unknown element of a set": (EDITION, 'has_any = ["16a2", "16b1"]', 'has_any = ["16c"]', ("16c", "16a2_16b1")),
    "an unknown test": (EDITION, "{ le = 3 }", "{ below = 3 }", ("unknown test 'below'", "liver.within")),
    "a number of the wrong type": (EDITION, "{ le = 40 }", '{ le = "40" }', ("wrong type", "liver.within")),
    "a yes or no of the wrong type": (EDITION, "liver_diffuse = true", 'liver_diffuse = "yes"', ("liver.diffuse",)),
    "a key of the wrong type": (EDITION, "score = 1\ntext", 'score = "1"\ntext', ("wrong type", "primary.removed")),
    "a date of the wrong type": (EDITION, "2019-10-01", '"2019-10-01"', ("valid_from", "wrong type")),
    "code instead of a test": (EDITION, "{ le = 3 }", "\"__import__('os')\"", ("liver.within",)),
    "a missing citation": (
        EDITION,
        'cite = { source = "house", locator = "primary removed: no depth to score", label = "unverified" }\n',
        "",
        ("missing citation", "primary.removed"),
    ),
    "an empty locator": (EDITION, "primary removed: no depth to score", " ", ("missing citation", "primary.removed")),
    "an unknown source": (EDITION, 'source = "ruijin"', 'source = "rujin"', ("unknown source", "BULKY_AND_PARAAORTIC")),
    "a repeated row id": (EDITION, "nodes.bulky", "nodes.inside_d2", ("repeated row id", "nodes.inside_d2")),
    "a repeated flag": (EDITION, 'id = "CAUDATE"', 'id = "UNCONFIRMED"', ("repeated row id", "UNCONFIRMED")),
    "a score without category": (EDITION, "score = 2\ntext", "score = 4\ntext", ("score 4", "t4b_resectable")),
    "an unknown reading": (EDITION, 'reading = "B"', 'reading = "D"', ("unknown reading 'D'",)),
    "dates in the wrong order": (EDITION, 'status = "draft"', 'status = "draft"\nvalid_to = 2018-01-01', ("valid_to",)),
    "a sentence in one language only": (EDITION, 'zh = "可切除型"', 'zh = ""', ("one language",)),
    "a combination with no category": (
        EDITION,
        "bulky_n2 = true }\nscore",
        'bulky_n2 = true, n_category = "N2" }\nscore',
        ("no category", "nodes", "bulky_n2 = yes"),
    ),
    "a combination with two categories": (
        EDITION,
        "when = { nodes_beyond_d2 = { empty = true }, bulky_n2 = false }",
        "when = { nodes_beyond_d2 = { empty = true } }",
        ("two categories", "nodes.inside_d2", "nodes.bulky"),
    ),
    "an unknown discipline": ("facts.toml", 'owners = ["endoscopy"]', 'owners = ["gastro"]', ("gastro", "tumour_site")),
    "an unknown type of fact": ("facts.toml", 'type = "yes_no"', 'type = "bool"', ("unknown type",)),
    "an unknown fact in a form": (
        "pathway.toml",
        'facts = ["primary_status", "gas',
        'facts = ["primary", "gas',
        ("ask.surgery",),
    ),
    "an unknown assumed value": ("pathway.toml", 'value = "P0"', 'value = "P9"', ("assumption.peritoneum", "P9")),
    "a repeated required item": ("pathway.toml", 'id = "ecog"', 'id = "histology"', ("repeated row id",)),
    "an unknown kind of evidence": ("arguments.toml", 'kind = "RCT"', 'kind = "expert"', ("unknown kind",)),
    "an unknown status of an option": ("options.toml", '"recommended" }', '"best" }', ("unknown status 'best'",)),
    "an option with an unknown argument": ("options.toml", 'for = ["type1_periop"', 'for = ["hope"', ("hope",)),
    "an argument without citation": (
        "arguments.toml",
        'cite = { source = "rfa-18", locator = "mean overall survival", label = "confirmed" }\n',
        "",
        ("missing citation", "rfa_resection"),
    ),
}


@pytest.mark.parametrize("wrong", REFUSALS)
def test_it_refuses(folder, wrong):
    file, old, new, named = REFUSALS[wrong]
    change(folder, file, old, new)
    message = refusal(folder)
    assert message.startswith(file)
    assert all(word in message for word in named), message


def test_it_refuses_overlapping_editions(folder):
    shutil.copy(folder / EDITION, folder / "c-gclm-2024.toml")
    change(folder, "c-gclm-2024.toml", 'edition = "2019"', 'edition = "2024"')
    change(folder, "c-gclm-2024.toml", "2019-10-01", "2024-05-01")
    assert "overlaps edition 2019" in refusal(folder)


def test_two_editions_that_follow_each_other_are_chosen_by_date(folder):
    import datetime as dt

    shutil.copy(folder / EDITION, folder / "later.toml")
    change(folder, "later.toml", 'edition = "2019"', 'edition = "later"')
    change(folder, "later.toml", "2019-10-01", "2024-05-01")
    change(folder, EDITION, 'status = "draft"', 'status = "draft"\nvalid_to = 2024-05-01')
    rules = load_rulebook(folder)["gclm"]
    chosen = [rules.in_force("c-gclm", day) for day in (dt.date(2024, 4, 30), dt.date(2024, 5, 1), None)]
    assert [each.edition.edition for each in chosen] == ["2019", "later", "later"]
    assert rules.in_force("c-gclm", dt.date(2019, 9, 30)) is None


def test_it_refuses_a_path_that_holds_no_rules(tmp_path):
    assert "no rule file" in refusal(tmp_path)
    assert "not a folder" in refusal(tmp_path / "nowhere")


def test_no_row_of_the_edition_claims_to_be_confirmed():
    edition = load_rulebook()["gclm"].in_force("c-gclm", None).edition
    assert {rule.citation.label for component in edition.components for rule in component.rules} == {"unverified"}
    assert (edition.status, edition.verified_by) == ("draft", "")
