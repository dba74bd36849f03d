"""Did a decision follow the pathway? Every combination, against a table that a person can read."""

import pytest

from mdt.meetings.concordance import Concordance, concordance_of

# verdict, how the pathway rated the options chosen, reason given, condition recorded, under assumptions → answer
TABLE = [
    ("confirmed", ["recommended"], False, False, False, "concordant"),
    ("confirmed", ["consider", "not_recommended"], False, False, False, "concordant"),
    ("confirmed", ["undetermined"], False, False, False, "concordant"),
    ("confirmed", ["recommended"], False, True, False, "conditional"),
    ("confirmed", ["recommended"], False, False, True, "conditional"),
    ("confirmed", [""], False, False, True, "different_without_reason"),
    ("confirmed", ["not_recommended", "recommended"], True, False, False, "different_with_reason"),
    ("confirmed", ["contraindicated"], False, True, False, "different_without_reason"),
    ("confirmed", [""], False, False, False, "different_without_reason"),
    ("confirmed", [""], True, False, False, "different_with_reason"),
    ("changed", ["recommended"], True, False, False, "different_with_reason"),
    ("changed", ["recommended"], False, False, False, "different_without_reason"),
    ("changed", [], True, True, False, "different_with_reason"),
    ("settled", ["recommended"], False, False, False, "no_proposal"),
    ("settled", ["recommended"], False, True, False, "no_proposal"),
    ("settled", ["not_recommended"], False, False, False, "different_without_reason"),
    ("deferred", [], True, False, False, None),
]


@pytest.mark.parametrize(("verdict", "statuses", "has_reason", "has_condition", "is_assumed", "answer"), TABLE)
def test_decisions_are_judged_as_the_table_says(verdict, statuses, has_reason, has_condition, is_assumed, answer):
    found = concordance_of(
        verdict=verdict,
        proposed_statuses=statuses,
        has_reason=has_reason,
        has_condition=has_condition,
        is_assumed=is_assumed,
    )
    assert found == (answer and Concordance(answer))
