"""How surely a fact is known: the five standings, listed lesions and organs, and the error for what is not allowed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


class FactError(ValueError):
    """A stated value that the vocabulary does not allow. The text is one line: the fact, then what is
    allowed.
    """

    def __init__(self, fact: str, message: str) -> None:
        self.fact = " ".join(str(fact).split())
        self.message = " ".join(str(message).split())
        super().__init__(f"{self.fact}: {self.message}")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages."""

    en: str
    zh: str

    def __call__(self, language: str = "en") -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Standing:
    """How surely a fact is known. ``value`` for known, ``values`` for one_of, ``low``/``high`` for range."""

    kind: str
    value: Any = None
    values: tuple = ()
    low: Any = None
    high: Any = None

    @property
    def is_stated(self) -> bool:
        return self.kind != "unknown"

    def to_json(self) -> Any:
        """The JSON form that parses back to this standing."""
        if self.kind == "known":
            return _plain(self.value)
        if self.kind == "one_of":
            return {"one_of": [_plain(value) for value in self.values]}
        if self.kind == "range":
            ends = {"at_least": self.low, "at_most": self.high}
            return {name: _plain(end) for name, end in ends.items() if end is not None}
        return {"not_applicable": True} if self.kind == "not_applicable" else None


UNKNOWN = Standing("unknown")
NOT_APPLICABLE = Standing("not_applicable")


def known(value: Any) -> Standing:
    return Standing("known", value)


@dataclass(frozen=True, slots=True)
class Lesion:
    """One liver lesion as listed. Anything not stated is ``UNKNOWN``; ``segments`` is empty if not stated."""

    segments: tuple[str, ...] = ()
    diameter_mm: Standing = UNKNOWN
    nature: Standing = UNKNOWN
    vessel_relation: Standing = UNKNOWN
    vessel: Standing = UNKNOWN

    def to_json(self) -> dict:
        entry: dict[str, Any] = {"segments": list(self.segments)} if self.segments else {}
        for name in ("diameter_mm", "nature", "vessel_relation", "vessel"):
            standing = getattr(self, name)
            if standing.is_stated:
                entry[name] = standing.to_json()
        return entry


@dataclass(frozen=True, slots=True)
class Site:
    """One organ other than the liver with metastasis."""

    site: str
    count: Standing = UNKNOWN
    laterality: Standing = UNKNOWN

    def to_json(self) -> dict:
        entry: dict[str, Any] = {"site": self.site}
        for name in ("count", "laterality"):
            standing = getattr(self, name)
            if standing.is_stated:
                entry[name] = standing.to_json()
        return entry


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [item.to_json() if isinstance(item, Lesion | Site) else item for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
