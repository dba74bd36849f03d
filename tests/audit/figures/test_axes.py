"""The two axes: every cell, and denominators that add up and say so."""

import pytest

from mdt.audit.figures import axes

pytestmark = pytest.mark.django_db
OPEN = {"ended": "open", "decision_id": None, "verdict": "", "confirmed": "", "concordance": "", "implementation": ""}


def values(table):
    return [[cell.value for cell in row[1:]] for row in table.rows]


def test_each_decision_is_in_one_cell_and_the_sums_add_up(scope, add_row):
    for number, concordance, implementation in [
        (3, "concordant", "full"),
        (1, "concordant", "unknown"),
        (2, "different_without_reason", "not_done"),
    ]:
        for _one in range(number):
            add_row(concordance=concordance, implementation=implementation)
    add_row(ended="deferred", verdict="deferred", concordance="", implementation="")
    add_row(**OPEN)
    table = axes.matrix(scope)
    assert values(table) == [
        [3, 0, 0, 0, 0, 0, 1, 4],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 2, 0, 0, 0, 2],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
    assert [cell.value for cell in table.foot[1:]] == [3, 0, 0, 2, 0, 0, 1, 6]
    assert "6 decisions of 8 listed cases; 1 deferred, 0 not discussed, 1 still open." in table.notes
    assert table.rows[0][1].share == 0.75
    assert table.rows[0][0].is_small
    assert not table.rows[1][0].is_small, "no warning where there is nothing"
    assert table.rows[1][1].share is None, "no share of nothing"


def test_an_empty_period_gives_a_table_of_noughts(scope):
    table = axes.matrix(scope)
    assert {value for row in values(table) for value in row} == {0}
    assert "0 decisions of 0 listed cases" in table.notes[0]
    assert axes.listed_cases(scope).rows[0][2].shown == "–"


def test_a_filter_says_that_it_hides_what_was_not_decided(scope, add_row):
    add_row(confirmed="II")
    add_row(**OPEN)
    assert "1 decisions under these filters" in axes.matrix(scope.narrowed(confirmed="II")).notes[0]


def test_one_pass_over_the_rows(scope, add_row, django_assert_num_queries):
    add_row()
    with django_assert_num_queries(1):
        axes.matrix(scope)
