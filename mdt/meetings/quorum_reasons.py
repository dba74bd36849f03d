"""Reasons to go on without a quorum that the program gives itself: kept as a code and in every language.

What a person types stays as it was typed. What the program says reads in the language of whoever reads it.
"""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

STANDARD_OF_CARE = "standard-of-care"
GENERATED: dict[str, Promise] = {
    STANDARD_OF_CARE: _("Standard of care: listed and recorded without discussion."),
}


def in_every_language(code: str) -> dict[str, str]:
    """The words of one code by language."""
    words = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            words[language] = str(GENERATED[code])
    return words


def as_kept(reason: str) -> dict[str, Any] | None:
    """Code and words of a reason that the program gave, in whichever language it was given; None: somebody typed it."""
    for code in GENERATED:
        words = in_every_language(code)
        if reason in words.values():
            return {"code": code, "text": words}
    return None
