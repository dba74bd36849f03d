"""Who must be at the table, as the files of a pathway say it."""

import shutil

import pytest

from classification import load_rulebook
from classification.pathway import RULES

GCLM = load_rulebook()["gclm"].quorum


def ids(options=None, categories=()):
    return [rule.id for rule in GCLM.applying(options or {}, categories)]


def test_the_default_of_the_pathway():
    assert GCLM.required == ("surgery", "hepatobiliary", "oncology", "radiology", "pathology")
    assert ids() == ["always"]


@pytest.mark.parametrize("option", ["ablation", "haic", "tace", "haic_tace", "palliation_bleeding"])
@pytest.mark.parametrize(("status", "asks"), [("consider", True), ("recommended", True), ("contraindicated", False)])
def test_an_open_local_treatment_asks_for_an_interventional_radiologist(option, status, asks):
    assert ("interventional" in ids({option: status})) is asks


def test_everything_open_that_needs_an_interventional_radiologist_asks_for_one():
    options = load_rulebook()["gclm"].options.options
    assert all(
        ids({option.id: "consider"}) == ["always", "interventional"]
        for option in options
        if "interventional" in option.needs
    )
    assert GCLM.beyond({"tace": "consider", "haic": "consider"}, ()) == ("interventional",) == GCLM.possible_beyond


def test_the_published_minimum_is_cited_and_marked_as_read():
    assert GCLM.minimum.disciplines == ("oncology", "radiology")
    citation = GCLM.minimum.citation.as_dict("en")
    assert (citation["source"], citation["locator"], citation["label"]) == ("qs176", "statement 2", "confirmed")
    assert {rule.citation.label for rule in GCLM.applying({"tace": "consider"}, ())} == {"unverified"}


def test_another_pathway_asks_for_others():
    hcc = load_rulebook()["hcc"].quorum
    assert hcc.required == ("hepatobiliary", "interventional", "oncology", "radiology")
    assert [rule.id for rule in hcc.applying({"resection": "recommended"}, ())] == ["always", "pathology"]
    assert hcc.minimum is None


def test_without_the_file_the_list_of_the_pathway_stands_alone(tmp_path):

    folder = tmp_path / "hcc"
    shutil.copytree(RULES / "hcc", folder)
    (folder / "quorum.toml").unlink()
    bare = load_rulebook(folder)["hcc"].quorum
    assert bare.required == ("hepatobiliary", "interventional", "oncology", "radiology")
    assert bare.applying({"resection": "recommended"}, ()) == ()
