"""Words of which one holds, as a clinician says them: "type I, II or III"."""

from collections.abc import Iterable

from django.utils.translation import gettext


def either(words: Iterable[object]) -> str:
    """ "I or II", "I, II or III"; where a word has a comma of its own, "or" stands between all of them."""
    said = [str(word) for word in words]
    if len(said) < 3 or any("," in word or "，" in word for word in said):
        return gettext(" or ").join(said)
    return gettext(" or ").join([gettext(", ").join(said[:-1]), said[-1]])
