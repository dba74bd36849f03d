"""Words cut to a measure, which always say how much is left out."""

import unicodedata

from django.utils.translation import gettext as _

_ENDING = 18
"""Room that the words at the end of a shortened text take."""


def room_of(char: str) -> int:
    """A Chinese character is as wide as two Latin letters."""
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width_of(text: str) -> int:
    return sum(map(room_of, text))


def shortened(text: str, most: int) -> str:
    """The beginning of a text in one line, at most so many letters wide; how many characters are not printed follows.

    `most` counts Latin letters. What is only a little longer stays whole, since saying so would take the same room.
    """
    text = " ".join(text.split())
    if width_of(text) <= most + _ENDING:
        return text
    used = kept = 0
    for kept, char in enumerate(text):  # noqa: B007
        used += room_of(char)
        if used > most:
            break
    start = text[:kept]
    whole_words, blank, _part = start.rpartition(" ")
    if blank and len(whole_words) > 0.8 * len(start):
        start = whole_words
    words = _("%(start)s… [%(count)d more characters: see the case]")
    return words % {"start": start.rstrip(), "count": len(text) - len(start)}
