"""Twenty published cases with the types that follow from the reference table, derived by hand."""

import json
from pathlib import Path

import pytest

from classification import LANGUAGES, classify

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_there_are_twenty_published_cases():
    assert len(EXAMPLES) == 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_published_case_has_the_types_derived_by_hand(path):
    example = read(path)
    system = classify(example["facts"]).as_dict()["systems"]["c-gclm"]
    assert system["possible"] == example["expect"]["possible"]
    assert system["provisional"]["possible"] == example["expect"]["provisional"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_published_case_can_be_stored_as_json(path, language):
    answer = classify(read(path)["facts"]).as_dict(language)
    assert json.loads(json.dumps(answer)) == answer


def test_the_case_of_the_three_lesions_rests_on_five_assumptions():
    example = read(next(path for path in EXAMPLES if path.stem == "PUB033"))
    provisional = classify(example["facts"]).as_dict()["systems"]["c-gclm"]["provisional"]
    assert set(provisional["assuming"]) == {
        "liver_resectable_r0",
        "peritoneum",
        "nodes_beyond_d2",
        "distant_sites",
        "cytology",
    }
    nodes = next(entry for entry in provisional["assumptions"] if entry["fact"] == "nodes_beyond_d2")
    assert nodes["if_not"]["c-gclm"]["16a2/16b1"] == ["II"]
