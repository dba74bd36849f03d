"""What the desk takes over from the findings."""

import pytest

from mdt.meetings.factors import _joined


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["Heart failure", "ECOG: 1"], "Heart failure; ECOG: 1"),
        (["Heart failure.", "ECOG: 1"], "Heart failure. ECOG: 1"),
        (["心力衰竭。", "ECOG：1"], "心力衰竭。ECOG：1"),
    ],
)
def test_a_sentence_with_its_own_stop_gets_no_second_one(words, text):
    assert _joined(words) == text
