"""Reading the rules of a folder: what it holds, its digest, and the edition in force. For refusals: test_refusals."""

import shutil
from pathlib import Path

import pytest

from classification import load_rulebook
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


def test_a_copied_folder_loads_with_the_same_digest(folder):
    assert load_rulebook(folder).digest == load_rulebook(RULES / "gclm").digest


def test_an_edition_alone_takes_the_rest_from_the_package(tmp_path):
    shutil.copy(RULES / "gclm" / EDITION, tmp_path / EDITION)
    assert load_rulebook(tmp_path)["gclm"].schemes == ("c-gclm",)


def test_a_changed_file_has_another_digest(folder):
    change(folder, EDITION, 'verified_by = ""', 'verified_by = "A. Clinician"')
    assert load_rulebook(folder).digest != load_rulebook(RULES / "gclm").digest


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


def test_no_row_of_the_edition_claims_to_be_confirmed():
    edition = load_rulebook()["gclm"].in_force("c-gclm", None).edition
    assert {rule.citation.label for component in edition.components for rule in component.rules} == {"unverified"}
    assert (edition.status, edition.verified_by) == ("draft", "")


def test_links_within_a_folder_are_followed(folder, tmp_path):
    """Some hosts mount a folder of settings as links to a hidden folder beside them."""
    (folder / "..data").mkdir()
    (folder / EDITION).rename(folder / "..data" / EDITION)
    (folder / EDITION).symlink_to(Path("..data") / EDITION)
    assert load_rulebook(folder).digest == load_rulebook(RULES / "gclm").digest


def test_html_in_a_text_is_only_text(folder):
    change(folder, EDITION, "potentially resectable", "<script>alert(1)</script>")
    edition = load_rulebook(folder)["gclm"].in_force("c-gclm", None).edition
    assert edition.categories[1].texts("en") == "<script>alert(1)</script>"
