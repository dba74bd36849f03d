"""Options, arguments and gates that are wrong are refused, naming file and row."""

import shutil
from pathlib import Path

import pytest

from classification import RulebookError, load_pathway, load_rulebook
from classification.options_file import DOSE, read_options
from classification.pathway import RULES

OPTIONS, ARGUMENTS, GATES = "options.toml", "arguments.toml", "gates.toml"


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in (OPTIONS, ARGUMENTS, GATES):
        shutil.copy(RULES / "gclm" / name, tmp_path / name)
    return tmp_path


def read(folder):
    editions = load_rulebook()["gclm"].editions
    return read_options(folder / OPTIONS, load_pathway("gclm"), editions)


def change(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


REFUSALS = {
    "a header without an edition": (GATES, 'edition = "2026"\n', "", ("missing key 'edition'",)),
    "a header without a date": (ARGUMENTS, "valid_from = 2026-11-01\n", "", ("missing key 'valid_from'",)),
    "an unknown status of a file": (OPTIONS, 'status = "draft"', 'status = "final"', ("unknown status 'final'",)),
    "options without none of these": (OPTIONS, "[none]", "[none_at_all]", ("none",)),
    "none of these among the options": (
        OPTIONS, 'id = "supportive_care"', 'id = "none_of_these"', ("none_of_these", "is given by [none]"),
    ),
    "an option without kind": (OPTIONS, 'kind = "conversion"\n', "", ("option conversion", "missing key 'kind'")),
    "an unknown kind of treatment": (
        OPTIONS, 'kind = "conversion"', 'kind = "hope"', ("option conversion", "unknown kind of treatment 'hope'"),
    ),
    "a line of treatment that is no line": (OPTIONS, "line = 3", "line = 4", ("line 4", "1 to 3")),
    "a line of something that is not systemic": (
        OPTIONS, 'kind = "conversion"\n', 'kind = "conversion"\nline = 1\n', ("option conversion", "only systemic"),
    ),
    "an unknown discipline at the table": (OPTIONS, 'needs = ["surgery"', 'needs = ["barber"', ("unknown discipline",)),
    "a repeated option": (OPTIONS, 'id = "haic"', 'id = "tace"', ("repeated row id", "tace")),
    "an unknown argument": (OPTIONS, '"haic_series"', '"haic_serial"', ("option haic", "'haic_serial'")),
    "an unknown gate": (OPTIONS, '"portal_vein"', '"portal_pain"', ("option tace", "'portal_pain'")),
    "an argument that no option uses": (OPTIONS, '"toga", ', "", (ARGUMENTS, "arguments.toga", "no option uses it")),
    "a gate that no option uses": (OPTIONS, '"P-15"', '"P-14"', (GATES, "gates.P-15", "no option uses it")),
    "a category of another scheme": (ARGUMENTS, 'types = ["I"]', 'types = ["IVB"]', ("unknown category 'IVB'",)),
    "an unknown kind in with_kind": (
        ARGUMENTS, 'with_kind = ["curative_surgery"', 'with_kind = ["surgery"', ("renaissance_negative", "'surgery'"),
    ),
    "surgery for cure without its negative trial": (
        ARGUMENTS, 'with_kind = ["curative_surgery", "perioperative"]', 'with_kind = ["perioperative"]',
        (OPTIONS, "option resection_after_response", "kind RCT against it"),
    ),
    "a negative trial that only speaks sometimes": (
        ARGUMENTS, 'with_kind = ["curative_surgery", "perioperative"]\n',
        'with_kind = ["curative_surgery", "perioperative"]\ntypes = ["III"]\n', ("without an unconditional argument",),
    ),
    "a dose in English": (
        ARGUMENTS, "Fluoropyrimidine with", "Fluoropyrimidine 85 mg/m² with", ("backbone", "'85 mg'"),
    ),
    "a dose in Chinese": (ARGUMENTS, "氟尿嘧啶类联合", "氟尿嘧啶类每日 2 克/日联合", ("backbone", "says a dose")),
    "a dose in a gate": (GATES, "ALBI grade 3: no", "ALBI grade 3: up to 30 Gy, no", ("gates.P-4-major", "'30 Gy'")),
    "a dose in an option": (OPTIONS, 'en = "HAIC beside', 'en = "HAIC AUC 5 beside', ("option haic", "'AUC 5'")),
    "an unknown effect of a gate": (GATES, 'effect = "forbid"', 'effect = "stop"', ("unknown effect 'stop'",)),
    "a gate that is closed in two ways": (
        GATES, "closed_unless = { staging", "closed_if = { ecog = { ge = 3 } }\nclosed_unless = { staging",
        ("gates.laparoscopy", "either"),
    ),
    "an unknown fact in a choice of a gate": (GATES, "  { hbsag =", "  { hbsak =", ("gates.P-16", "hbsak")),
    "a gate without citation": (GATES, 'cite = { source = "flr"', 'site = { source = "flr"', ("gates.remnant", "site")),
    "arguments in two places": (OPTIONS, "[none]", "[arguments]\n[none]", (OPTIONS, "keep them in one place")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", REFUSALS)
def test_it_refuses(folder, wrong):
    file, old, new, named = REFUSALS[wrong]
    change(folder, file, old, new)
    with pytest.raises(RulebookError) as error:
        read(folder)
    assert all(word in str(error.value) for word in named), error.value
    assert error.value.file.endswith(".toml")


def test_options_without_arguments_anywhere_are_refused(folder):
    (folder / ARGUMENTS).unlink()
    with pytest.raises(RulebookError, match=r"there is no arguments\.toml"):
        read(folder)


def test_the_three_files_have_headers_and_one_digest_over_all(folder):
    options, digest = read(folder)
    assert [header.file for header in options.headers] == [OPTIONS, ARGUMENTS, GATES]
    assert {(header.status, header.verified_by) for header in options.headers} == {("draft", "")}
    change(folder, GATES, 'verified_by = ""', 'verified_by = "A. Clinician"')
    assert read(folder)[1] != digest


def test_a_folder_may_keep_everything_in_one_file():
    options = load_rulebook()["hcc"].options
    assert [header.file for header in options.headers] == [OPTIONS]
    assert options.options[-1].id == "none_of_these"


@pytest.mark.parametrize(
    "words",
    ["5 mg", "200mg/m²", "6.4 mg/kg", "80 毫克", "2 g/d", "1 克/日", "45 Gy", "50 戈瑞", "AUC 5", "3 µg", "100 万单位"],
)
def test_a_dose_is_recognised(words):
    assert DOSE.search(words)


@pytest.mark.parametrize(
    "words",
    [
        "9 g/dL",
        "25 g/L",
        "2 mg/dL",
        "3 µg/L",
        "20 ng/mL",
        "60 mL/min",
        "30 mm",
        "10⁹/L",
        "16a2",
        "5 grade",
        "13.8 months",
    ],
)
def test_a_value_of_the_laboratory_or_of_a_trial_is_no_dose(words):
    assert not DOSE.search(words)
