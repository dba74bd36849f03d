"""Texts one after the other: between English sentences stands a blank, between Chinese ones nothing.

A Chinese mark (。 ： ；) is as wide as a character and brings its own room.
"""

from collections.abc import Iterable

from django.utils.translation import get_language


def gap() -> str:
    """What stands between two sentences, or between a label with its colon and what it says."""
    return "" if (get_language() or "").startswith("zh") else " "


def sentences(texts: Iterable[object]) -> str:
    """Whole sentences as one text."""
    return gap().join(str(text) for text in texts)
