"""Lymph nodes and peritoneum of one case, drawn from the facts alone, in the hand of the liver.

Pure: facts in, frozen dataclasses out. Words come in the reader's language. Nothing is inferred: a station that nobody
spoke of is drawn as not stated, and one that a list leaves out as left out, not as free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.alternatives import either
from cases.pictures.words import count_in_words
from mdt.people.joining import sentences

Look = Literal["found", "possible", "none", "unnamed", "unknown"]
"""How a place is drawn; each look has a shape of its own and a word."""

WORDS: Final[dict[Look, Promise]] = {
    "found": _("involved"),
    "possible": _("possible"),
    "none": _("looked for, none"),
    "unnamed": _("not among those named"),
    "unknown": _("not stated"),
}
NOT_APPLICABLE: Final = {"not_applicable": True}
_NO_QUESTION: Final = _("does not apply")
PARA_AORTIC: Final = ("16a1", "16a2", "16b1", "16b2")
_ANY_PARA_AORTIC: Final = "para_aortic_unspecified"
_UNREAD: Final = ("NX", "PX", "CYX")
# Edges of the para-aortic zones from above: hiatus, coeliac artery, left renal vein, inferior mesenteric artery, fork.
_ZONE_EDGES: Final = (70, 150, 226, 298, 360)
_BEYOND: Final[dict[str, tuple[Promise, float, float]]] = {
    "supraclavicular": (_("Supraclavicular"), 226, -16),
    "mediastinal": (_("Mediastinal"), 226, 34),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One place: its name, how it stands, and where its sign lies. `fact` is where the words come from."""

    fact: str
    label: str
    look: Look
    word: str | Promise
    x: float
    y: float

    @property
    def sentence(self) -> str:
        return gettext("%(place)s: %(state)s.") % {"place": self.label, "state": self.word}


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the column beside the aorta, with the sign in its middle."""

    mark: Mark
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class SpreadPicture:
    """What templates/cases/_spread.html draws and says."""

    name: str
    zones: tuple[Zone, ...]
    regional: Mark
    bulky: Mark
    beyond: tuple[Mark, ...]
    other: Mark | None
    peritoneum: Mark
    cytology: Mark
    ascites: Mark
    index: str
    """The peritoneal cancer index in words; "" where nobody stated it."""

    @property
    def nodes(self) -> tuple[Mark, ...]:
        """All places of nodes, from the primary outwards."""
        last = (self.other,) if self.other else ()
        return (self.regional, self.bulky, *(zone.mark for zone in self.zones), *self.beyond, *last)

    @property
    def abdomen(self) -> tuple[Mark, ...]:
        return (self.peritoneum, self.cytology, self.ascites)

    @property
    def looks(self) -> list[tuple[Look, str]]:
        """The signs that the legend has to explain, with their words."""
        shown = {mark.look for mark in (*self.nodes, *self.abdomen)}
        return [(look, str(word)) for look, word in WORDS.items() if look in shown]

    @property
    def nodes_described(self) -> str:
        return sentences(mark.sentence for mark in self.nodes)

    @property
    def abdomen_described(self) -> str:
        index = [gettext("Peritoneal cancer index: %(index)s.") % {"index": self.index}] if self.index else []
        return sentences([*(mark.sentence for mark in self.abdomen), *index])


def draw_spread(facts: Mapping[str, Any], *, name: str = "spread") -> SpreadPicture:
    """The picture for a case; ``facts`` uses the names of the vocabulary. ``name`` begins all ids."""
    beyond = facts.get("nodes_beyond_d2")
    zones = tuple(
        Zone(_station(beyond, station, station, 590, (top + bottom) / 2), top, bottom - top)
        for station, (top, bottom) in zip(PARA_AORTIC, pairwise(_ZONE_EDGES), strict=True)
    )
    far = tuple(_station(beyond, code, str(label), x, y) for code, (label, x, y) in _BEYOND.items())
    other = _station(beyond, "other", gettext("Other nodes beyond D2"), 0, 0)
    return SpreadPicture(
        name=name,
        zones=zones,
        regional=_graded("n_category", gettext("Regional nodes (D2 field)"), facts, "N0", 226, 329),
        bulky=_yes_or_no("bulky_n2", gettext("Bulky N2"), facts, 488, 150),
        beyond=far,
        other=other if other.look in ("found", "possible") else None,
        peritoneum=_graded("peritoneum", gettext("Peritoneum"), facts, "P0", 130, 92),
        cytology=_graded("cytology", gettext("Lavage cytology"), facts, "CY0", 130, 198),
        ascites=_yes_or_no("ascites", gettext("Ascites"), facts, 130, 288),
        index=_number_in_words(facts.get("pci")),
    )


def _station(value: Any, code: str, label: str, x: float, y: float) -> Mark:
    look = _look_in_set(value, code)
    return Mark("nodes_beyond_d2", label, look, _NO_QUESTION if value == NOT_APPLICABLE else WORDS[look], x, y)


def _look_in_set(value: Any, code: str) -> Look:
    """How a station stands by a list of stations, or by several lists of which one holds."""
    lists = _lists(value)
    if value == NOT_APPLICABLE:
        return "unnamed"
    if lists is None:
        return "unknown"
    if lists == [[]]:
        return "none"
    holding = [code in stations for stations in lists]
    if all(holding):
        return "found"
    if any(holding):
        return "possible"
    if code in PARA_AORTIC and any(_ANY_PARA_AORTIC in stations for stations in lists):
        return "possible"
    return "unnamed"


def _lists(value: Any) -> list[list[str]] | None:
    """The lists that a set may be; None where it is not stated."""
    if isinstance(value, list | tuple):
        return [list(value)]
    either = value.get("one_of") if isinstance(value, Mapping) else None
    if isinstance(either, list | tuple) and either:
        return [list(each) if isinstance(each, list | tuple) else [each] for each in either]
    return None


def _graded(fact: str, label: str, facts: Mapping[str, Any], free: str, x: float, y: float) -> Mark:
    """A category of which one says that nothing is there (N0, P0, CY0); the word is the category itself."""
    if facts.get(fact) == NOT_APPLICABLE:
        return Mark(fact, label, "unnamed", _NO_QUESTION, x, y)
    said = _categories(facts.get(fact))
    if not said:
        return Mark(fact, label, "unknown", WORDS["unknown"], x, y)
    look: Look = "found" if free not in said else "none" if said == [free] else "possible"
    words = either(said)
    return Mark(fact, label, look, _with(words, look), x, y)


def _with(category: str, look: Look) -> str:
    return gettext("%(category)s, %(state)s") % {"category": category, "state": WORDS[look]}


def _categories(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = value.get("one_of")
    listed: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    return [] if any(each in _UNREAD for each in listed) else _texts(listed)


def _texts(values: Iterable[Any]) -> list[str]:
    return [each for each in values if isinstance(each, str) and each[:1] in "NPC"]


def _yes_or_no(fact: str, label: str, facts: Mapping[str, Any], x: float, y: float) -> Mark:
    value = facts.get(fact)
    look: Look = "found" if value is True else "none" if value is False else "unknown"
    if value == NOT_APPLICABLE:
        return Mark(fact, label, "unnamed", _NO_QUESTION, x, y)
    words = {"found": pgettext("a sign of disease", "yes"), "none": pgettext("a sign of disease", "no")}
    return Mark(fact, label, look, words.get(look, WORDS["unknown"]), x, y)


def _number_in_words(value: Any) -> str:
    return count_in_words(value) if value is not None else ""
