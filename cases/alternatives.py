"""Words of which one holds, as a clinician says them: "type I, II or III"."""

from collections.abc import Iterable

from django.utils.translation import gettext

from mdt.people.joining import gap


def either(words: Iterable[object]) -> str:
    """ "I or II", "I, II or III"; where a word has a comma of its own, "or" stands between all of them."""
    said = [str(word) for word in words]
    if len(said) < 3 or any("," in word or "，" in word for word in said):
        return _joined(said)
    return _joined([gettext(", ").join(said[:-1]), said[-1]])


def _joined(said: list[str]) -> str:
    """With "or" between each two; Chinese parts it from Latin letters and figures: 符合或不符合, GS 样或 CIN 样."""
    or_, has_gap = gettext(" or "), bool(gap())
    whole = said[0] if said else ""
    for word in said[1:]:
        before, after = (" " if letter.isascii() and letter.isalnum() else "" for letter in (whole[-1:], word[:1]))
        whole += (or_ if has_gap else f"{before}{or_}{after}") + word
    return whole
