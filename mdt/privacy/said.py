"""Who received something, kept so that each reader has it in their own language.

A person or an address outside stands as it is. Where words belong to a name, a code stands before it; a row from before
that keeps the words that its officer read.
"""

from django.apps import apps
from django.utils.translation import gettext as _

LONGEST = 200  # characters of the column
_TAKEN, _COPY, _NOBODY = "#taken|", "#copy|", "#system"


def taken_by(name: str) -> str:
    return f"{_TAKEN}{name}"[:LONGEST]


def copy_for(asker: str, name: str) -> str:
    """`asker`: a value of ErasureRequest.Asker, "" where the log does not say; `name`: of who handed it out."""
    return f"{_COPY}{asker}|{name}"[:LONGEST]


def by_the_system() -> str:
    return _NOBODY


def in_words(recipient: str) -> str:
    """As the reader of the page reads it."""
    if recipient == _NOBODY:
        return _("the system")
    if recipient.startswith(_TAKEN):
        return _("taken by %(person)s") % {"person": in_words(recipient.removeprefix(_TAKEN))}
    if recipient.startswith(_COPY):
        asker, _bar, name = recipient.removeprefix(_COPY).partition("|")
        askers = {value: str(label) for value, label in apps.get_model("privacy", "ErasureRequest").Asker.choices}
        words = {"recipient": askers.get(asker, asker or _("not known")), "person": in_words(name)}
        return _("%(recipient)s, handed out by %(person)s") % words
    return recipient
