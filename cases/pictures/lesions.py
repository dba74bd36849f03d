"""What the record says about each liver lesion, read for drawing, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

COUNTED_AS: Final = "counted_as"
"""Beside the facts of a liver: what its pathway calls a lesion that counts; absent or "" for a metastasis."""
Look = Literal["met", "unk", "ind", "oth"]

SEGMENTS: Final = ("1", "2", "3", "4", "4a", "4b", "5", "6", "7", "8")
_LEFT: Final = frozenset({"2", "3", "4", "4a", "4b"})
_RIGHT: Final = frozenset({"5", "6", "7", "8"})
_NATURES: Final = {
    "metastasis": _("metastasis"),
    "indeterminate": _("indeterminate"),
    "benign": _("benign"),
    "second_primary": _("second primary"),
}
_CONTACTS: Final = {
    ("abuts", "portal_vein"): _("abuts the portal vein"),
    ("abuts", "hepatic_vein"): _("abuts a hepatic vein"),
    ("abuts", "ivc"): _("abuts the inferior vena cava"),
    ("abuts", "bile_duct"): _("abuts a bile duct"),
    ("abuts", None): _("abuts a vessel"),
    ("invades", "portal_vein"): _("invades the portal vein"),
    ("invades", "hepatic_vein"): _("invades a hepatic vein"),
    ("invades", "ivc"): _("invades the inferior vena cava"),
    ("invades", "bile_duct"): _("invades a bile duct"),
    ("invades", None): _("invades a vessel"),
}


@dataclass(frozen=True, slots=True)
class Lesion:
    """One lesion of the list. What nobody has stated is None, never "no"."""

    number: int
    segments: tuple[str, ...]
    at_least_mm: float | None
    at_most_mm: float | None
    nature: str | None
    relation: str | None
    vessel: str | None
    counted_as: str = ""

    @classmethod
    def read(cls, number: int, fact: Mapping[str, Any], counted_as: str = "") -> Lesion:
        at_least, at_most = _bounds(fact.get("diameter_mm"))
        return cls(
            number=number,
            segments=_segments(fact.get("segments")),
            at_least_mm=at_least,
            at_most_mm=at_most,
            nature=_one(fact.get("nature"), _NATURES),
            relation=_one(fact.get("vessel_relation"), ("clear", "abuts", "invades")),
            vessel=_one(fact.get("vessel"), ("portal_vein", "hepatic_vein", "ivc", "bile_duct")),
            counted_as=counted_as,
        )

    @property
    def size_is_known(self) -> bool:
        return self.at_least_mm is not None and self.at_least_mm == self.at_most_mm

    @property
    def drawn_mm(self) -> float | None:
        """The diameter to draw: the largest that is possible, else the least."""
        return self.at_most_mm if self.at_most_mm is not None else self.at_least_mm

    @property
    def touches_vessel(self) -> bool:
        return self.relation in {"abuts", "invades"}

    @property
    def look(self) -> Look:
        """Filled only for a metastasis of known size; anything not fully stated is dashed."""
        if self.nature == "indeterminate":
            return "ind"
        if self.nature in {"benign", "second_primary"}:
            return "oth"
        return "met" if self.nature == "metastasis" and self.size_is_known else "unk"

    @property
    def sides(self) -> frozenset[str]:
        return frozenset(
            side
            for side, names in (("left", _LEFT), ("right", _RIGHT), ("caudate", {"1"}))
            if names & set(self.segments)
        )

    @property
    def segments_text(self) -> str:
        if not self.segments:
            return gettext("segment not stated")
        if len(self.segments) > 4:
            return gettext("%(count)d segments") % {"count": len(self.segments)}
        return "+".join(f"S{name}" for name in self.segments)

    @property
    def size_text(self) -> str:
        return size_in_words(self.at_least_mm, self.at_most_mm)

    @property
    def nature_text(self) -> str:
        if self.nature == "metastasis" and self.counted_as:
            return self.counted_as
        return str(_NATURES[self.nature]) if self.nature else gettext("nature not stated")

    @property
    def vessel_text(self) -> str:
        if self.relation == "clear":
            return gettext("clear of vessels")
        if self.relation is None:
            return pgettext("vessel contact", "not stated")
        return str(_CONTACTS[self.relation, self.vessel])

    @property
    def remarks(self) -> list[str]:
        """What the label says below the size: only what is out of the ordinary."""
        remarks = [self.nature_text] if self.nature not in {None, "metastasis"} else []
        return [*remarks, self.vessel_text] if self.touches_vessel else remarks

    @property
    def sentence(self) -> str:
        parts = [self.segments_text, self.size_text, self.nature_text]
        if self.relation is not None:
            parts.append(self.vessel_text)
        return gettext("Lesion %(number)d: %(parts)s.") % {
            "number": self.number,
            "parts": pgettext("between the parts of one description", ", ").join(parts),
        }


def read_lesions(facts: Sequence[Mapping[str, Any]], counted_as: str = "") -> tuple[Lesion, ...]:
    """The lesions of the fact ``liver_lesions``, numbered as they are listed; ``counted_as`` see ``COUNTED_AS``."""
    return tuple(Lesion.read(number, fact, counted_as) for number, fact in enumerate(facts, 1))


def size_in_words(at_least: float | None, at_most: float | None) -> str:
    """A diameter as a report says it: "54 mm", "20–40 mm", "up to 40 mm"."""
    if at_least is None and at_most is None:
        return gettext("size not stated")
    if at_least is None:
        return gettext("up to %(size)s mm") % {"size": plain(at_most)}
    if at_most is None:
        return gettext("at least %(size)s mm") % {"size": plain(at_least)}
    if at_least == at_most:
        return gettext("%(size)s mm") % {"size": plain(at_least)}
    return gettext("%(least)s–%(most)s mm") % {"least": plain(at_least), "most": plain(at_most)}


def plain(number: float | None) -> str:
    """A number without a needless fraction."""
    return "" if number is None else f"{number:.1f}".rstrip("0").rstrip(".")


def _bounds(value: Any) -> tuple[float | None, float | None]:
    if isinstance(value, Mapping):
        if options := [_number(option) for option in value.get("one_of") or () if _number(option) is not None]:
            return min(options), max(options)
        return _number(value.get("at_least")), _number(value.get("at_most"))
    number = _number(value)
    return number, number


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, bool | Mapping | list | tuple):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < float("inf") else None


def _segments(value: Any) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple | set | frozenset) else [value]
    names = {str(name).strip().lower().removeprefix("s") for name in given if name is not None}
    if {"4a", "4b"} <= names:
        names = names - {"4a", "4b"} | {"4"}
    return tuple(name for name in SEGMENTS if name in names)


def _one(value: Any, allowed: Any) -> Any:
    return value if isinstance(value, str) and value in allowed else None
