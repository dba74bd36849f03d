"""One edition of one scheme: its categories, its rows with their citations, its flags and its examples.

An edition is in force from ``valid_from`` until ``valid_to`` (exclusive). ``edition_file`` reads it from TOML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .facts import Text
from .partition import Test

STATUSES = ("draft", "reviewed", "approved", "retired")
LABELS = ("confirmed", "unverified")
QUESTIONS = ("resectable", "limited", "stage", "guideline", "trial", "molecular", "fitness")
"""What a scheme answers. They are different questions: an answer to one is never an answer to another."""
PHASES = ("baseline", "restaging")
STANCES = ("class", "meets", "not_met", "silent", "pending")
"""How to take a category: a class of its own, criteria met or not met, not described by the source, not yet known."""
RECRUITMENT = ("recruiting", "closed", "terminated", "completed", "unknown")
BUILT_IN = ("entry_absent", "entry_suspected", "after_therapy", "inconsistent_liver", "caudate")


@dataclass(frozen=True)
class Citation:
    """Where a row comes from, and whether anyone has read it there."""

    source: str
    locator: Text
    text: Text
    doi: str
    label: str

    def as_dict(self, language: str = "en") -> dict[str, str]:
        return {
            "source": self.source,
            "locator": self.locator(language),
            "text": self.text(language),
            "doi": self.doi,
            "label": self.label,
        }


@dataclass(frozen=True)
class Rule:
    """One row: if ``when`` and one of ``any`` hold, the component has this score."""

    id: str
    when: Mapping[str, Test]
    any: tuple[Mapping[str, Test], ...]
    score: int
    texts: Text
    citation: Citation

    @property
    def facts(self) -> tuple[str, ...]:
        names = [*self.when, *(name for choice in self.any for name in choice)]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Component:
    id: str
    labels: Text
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Category:
    """One answer. ``outside`` says why an answer that the source has cannot occur in this pathway."""

    id: str
    score: int
    labels: Text
    texts: Text
    stance: str = "class"
    outside: Text | None = None


@dataclass(frozen=True)
class Flag:
    """A remark beside the type. ``when`` must hold in every world that the assumptions leave."""

    id: str
    texts: Text
    citation: Citation
    built_in: str = ""
    when: Mapping[str, Test] | None = None
    unless: Mapping[str, Test] | None = None
    category: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unstated:
    """Under ``when``, a fact that nobody stated means ``only``."""

    fact: str
    when: Mapping[str, Test]
    only: str


@dataclass(frozen=True)
class Example:
    """A case with the answer that a person worked out from the source. It must hold before an edition is approved."""

    id: str
    texts: Text
    facts: Mapping[str, Any]
    restaging: Mapping[str, Any] | None
    possible: tuple[str, ...] | None
    provisional: tuple[str, ...] | None
    flags: tuple[str, ...]
    """Flags that must be raised; others may be."""


@dataclass(frozen=True)
class Trial:
    """A registered trial whose criteria a scheme computes, and what the registry said on ``as_of``."""

    registry: str
    recruitment: str
    as_of: dt.date


@dataclass(frozen=True)
class Edition:
    """One scheme in one edition, as read."""

    scheme: str
    edition: str
    labels: Text
    question: str
    phase: str
    """``restaging``: the answer follows the course; of ``from_restaging`` the latest statement speaks."""
    from_restaging: tuple[str, ...]
    note: Text | None
    trial: Trial | None
    valid_from: dt.date
    valid_to: dt.date | None
    status: str
    verified_by: str
    reading: str
    own_reading: str
    """The reading that the file chooses; ``reading`` is the one in which it was loaded."""
    readings: Mapping[str, Text]
    categories: tuple[Category, ...]
    components: tuple[Component, ...]
    unstated: tuple[Unstated, ...]
    flags: tuple[Flag, ...]
    examples: tuple[Example, ...]
    digest: str
    file: str

    @property
    def is_own_reading(self) -> bool:
        return self.reading == self.own_reading

    def is_in_force(self, on: dt.date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
