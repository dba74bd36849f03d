"""The numbers that the audit begins with answer its two questions, and add up."""

import pytest

from mdt.audit.figures.axes import counts_of
from mdt.audit.figures.key_figures import key_figures

pytestmark = pytest.mark.django_db


def test_the_first_answer_is_how_many_followed_the_pathway_and_what_the_others_were(scope, add_row):
    for concordance in ("concordant", "concordant", "conditional", "different_with_reason", "no_proposal"):
        add_row(concordance=concordance)
    add_row(ended="deferred", confirmed="", concordance="", treatment="", implementation="")
    decisions, followed, no_reason, full, unknown = key_figures(scope, counts_of(scope))
    assert [each.value for each in (decisions, followed, no_reason)] == ["5", "60 %", "0 %"]
    assert followed.of.startswith("3 of 5")
    assert followed.rest == "1 differed, 1 had no single proposal"
    assert "only=followed" in followed.url
    assert [full.label, unknown.label] == ["Carried out fully", "Not known"]


def test_without_decisions_no_share_is_shown(scope):
    assert [each.value for each in key_figures(scope, counts_of(scope))] == ["0", "–", "–", "–", "–"]
