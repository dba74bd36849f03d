"""Molecular classes: boundaries, one test for another, and statements that exclude one another."""

import pytest

from classification import classify, load_rulebook


def possible(scheme, **facts):
    return classify(facts).systems[scheme].possible


@pytest.mark.parametrize(
    ("scheme", "facts", "category"),
    [
        ("her2", {"her2_ihc": "1+"}, "negative"),
        ("her2", {"her2_ihc": "2+", "her2_ish": "negative"}, "negative"),
        ("her2", {"her2_ihc": "2+", "her2_ish": "positive"}, "positive"),
        ("her2", {"her2_ihc": "3+"}, "positive"),
        ("her2-csco", {"her2_ihc": "0"}, "none"),
        ("her2-csco", {"her2_ihc": "1+"}, "low"),
        ("her2-csco", {"her2_ihc": "2+", "her2_ish": "negative"}, "medium"),
        ("her2-csco", {"her2_status": "positive"}, "high"),
        ("mmr-msi", {"mmr": "deficient"}, "deficient"),
        ("mmr-msi", {"msi": "high"}, "deficient"),
        ("mmr-msi", {"msi": "low"}, "proficient"),
        ("pdl1-cps", {"pdl1_cps": 0.9}, "below-1"),
        ("pdl1-cps", {"pdl1_cps": 1}, "1-4"),
        ("pdl1-cps", {"pdl1_cps": 4.9}, "1-4"),
        ("pdl1-cps", {"pdl1_cps": 5}, "5-9"),
        ("pdl1-cps", {"pdl1_cps": 10}, "10-plus"),
        ("pdl1-tap", {"pdl1_tap_percent": 4.9}, "below-5"),
        ("pdl1-tap", {"pdl1_tap_percent": 5}, "5-plus"),
        ("cldn18-2", {"cldn18_2_percent": 39}, "below-40"),
        ("cldn18-2", {"cldn18_2_percent": 40}, "40-74"),
        ("cldn18-2", {"cldn18_2_percent": 75}, "75-plus"),
        ("cldn18-2", {"cldn18_2_status": "positive"}, "75-plus"),
        ("ebv", {"ebv": "positive"}, "positive"),
        ("fgfr2b", {"fgfr2b_percent": 10}, "10-plus"),
        ("afp", {"afp_ng_ml": 20}, "raised"),
        ("afp", {"afp_ng_ml": 19.9, "histology": "tubular"}, "not-raised"),
        ("afp", {"histology": "hepatoid"}, "raised"),
        ("tcga-surrogate", {"ebv": "positive", "mmr": "deficient"}, "EBV"),
        ("tcga-surrogate", {"ebv": "negative", "msi": "high", "p53_ihc": "aberrant"}, "MSI"),
        ("tcga-surrogate", {"ebv": "negative", "mmr": "proficient", "p53_ihc": "aberrant"}, "CIN-like"),
        ("tcga-surrogate", {"ebv": "negative", "msi": "stable", "p53_ihc": "wild_type"}, "GS-like"),
    ],
)
def test_a_marker_has_its_class(scheme, facts, category):
    assert possible(scheme, **facts) == (category,)


def test_her2_2_plus_without_ish_stays_open_and_ish_is_asked_for():
    answer = classify({"her2_ihc": "2+"}).systems["her2"]
    assert (answer.possible, answer.missing) == (("negative", "positive"), ("her2_ish",))


def test_a_negative_status_alone_leaves_the_lower_tiers_open():
    assert possible("her2-csco", her2_status="negative") == ("none", "low", "medium")
    assert possible("cldn18-2", cldn18_2_status="negative") == ("below-40", "40-74")


@pytest.mark.parametrize(
    ("scheme", "facts"),
    [
        ("her2", {"her2_status": "positive", "her2_ihc": "1+"}),
        ("her2", {"her2_status": "negative", "her2_ihc": "2+", "her2_ish": "positive"}),
        ("mmr-msi", {"mmr": "deficient", "msi": "stable"}),
        ("mmr-msi", {"mmr": "proficient", "msi": "high"}),
        ("cldn18-2", {"cldn18_2_status": "negative", "cldn18_2_percent": 80}),
    ],
)
def test_statements_that_exclude_one_another_stay_both_possible_and_are_flagged(scheme, facts):
    answer = classify(facts).systems[scheme]
    assert len(answer.possible) > 1
    assert "INCONSISTENT_MARKERS" in answer.flags


def test_cps_is_never_read_from_tap():
    assert len(possible("pdl1-cps", pdl1_tap_percent=50)) == 4
    assert len(possible("pdl1-tap", pdl1_cps=50)) == 2


def test_the_class_of_a_marker_is_known_after_treatment_too():
    assert possible("her2", her2_ihc="3+", before_any_systemic_therapy=False) == ("positive",)


def test_a_new_test_at_restaging_goes_before_that_at_baseline():
    outcome = classify({"her2_ihc": "3+"}, restaging={"her2_ihc": "1+"})
    assert outcome.systems["her2"].possible == ("negative",)


@pytest.mark.parametrize(
    "edition",
    [each for rules in load_rulebook().pathways.values() for each in rules.editions],
    ids=lambda edition: edition.scheme,
)
def test_every_edition_brings_examples_of_its_own_and_a_marker_at_least_three(edition):
    assert len(edition.examples) >= (3 if edition.question == "molecular" else 1)
