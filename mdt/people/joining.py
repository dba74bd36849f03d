"""Texts one after the other: between English sentences stands a blank, between Chinese ones nothing.

A Chinese mark (。 ： ；) is as wide as a character and brings its own room.
"""

from collections.abc import Iterable

from django.utils.translation import get_language, gettext


def gap() -> str:
    """What stands between two sentences, or between a label with its colon and what it says."""
    return "" if (get_language() or "").startswith("zh") else " "


def sentences(texts: Iterable[object]) -> str:
    """Whole sentences as one text."""
    return gap().join(str(text) for text in texts)


_COMMAS = ",，、"


def listed(words: Iterable[object]) -> str:
    """Words in a row, as the reader's language separates them: by a sign that none of them holds itself.

    "Bilirubin, total; LVEF" is two facts; with a comma between them it would be three.
    """
    said = [str(word) for word in words]
    if len(said) > 1 and any(sign in word for word in said for sign in _COMMAS):
        return gettext("; ").join(said)
    return gettext(", ").join(said)
