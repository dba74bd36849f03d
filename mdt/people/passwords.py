"""Which passwords are refused beside Django's own rules: words of this house, and passwords that were in a breach."""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from mdt.people.models import Team, User

OF_THE_PRODUCT = ("mdt", "tumorboard", "tumourboard", "casemanager")
SHORTEST_WORD = 3
LEAST_OF_ITS_OWN = 8
"""So many characters must be left of a password without the words that everybody here knows."""


class HouseWords:
    """Refuses a password that is little more than names of the hospital, the team or this program."""

    def validate(self, password: str, user: User | None = None) -> None:
        left = _plain(password)
        for word in sorted(_words(), key=len, reverse=True):
            left = left.replace(word, "")
        if left != _plain(password) and len(left) < LEAST_OF_ITS_OWN:
            raise ValidationError(
                _("This password is made of words that everybody here knows: the hospital, the team, this program."),
                code="house-words",
            )

    def get_help_text(self) -> str:
        return _("Not made of the names of the hospital, the team or this program.")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _words() -> set[str]:
    named = Team.objects.values_list("code", "name", "hospital")
    words = {word for row in named for text in row for word in [_plain(text), *map(_plain, text.split())]}
    return {word for word in words | set(OF_THE_PRODUCT) if len(word) >= SHORTEST_WORD}


class NotBreached:
    """Refuses a password whose SHA-1 is in the hospital's copy of a list of breached ones (MDT_BREACHED_PASSWORDS): one
    digest in capitals a line, in order, with a count behind it or not, as haveibeenpwned.com hands it out. Half a
    gigabyte or forty: it is searched by halves and never read whole."""

    def validate(self, password: str, user: User | None = None) -> None:
        if settings.BREACHED_PASSWORDS and is_listed(Path(settings.BREACHED_PASSWORDS), password):
            raise ValidationError(
                _("This password was in a breach somewhere: whoever guesses tries it first."), code="breached"
            )

    def get_help_text(self) -> str:
        return _("Not one that is known from a breach.") if settings.BREACHED_PASSWORDS else ""


def is_listed(path: Path, password: str) -> bool:
    """Whether the sorted file holds the digest. Raises OSError where the file is not there: it is meant to be."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)  # where the line can begin
        while low < high:
            middle = (low + high) // 2
            file.seek(max(middle - 1, 0))
            if middle:
                file.readline()  # to the first line that begins at the middle or behind it
            begin, digest = file.tell(), file.readline().partition(b":")[0].strip().upper()
            if begin >= high or digest > wanted:
                high = middle
            elif digest == wanted:
                return True
            else:
                low = file.tell()
    return False
