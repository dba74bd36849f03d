"""Reasons for a correction of a patient's details that the program gives itself: kept as a code, read in words.

What a person types stays as it was typed. What the program says reads in the language of whoever reads it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LATER_REFERRAL = "later-referral"
GENERATED: dict[str, Promise] = {
    LATER_REFERRAL: _("stated with a later referral"),
}


def reason_in_words(reason: str) -> str:
    return str(GENERATED.get(reason, reason))
