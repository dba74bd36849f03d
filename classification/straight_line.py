"""Straight-line code that reads the facts of a case into one long number: a line for each fact, no loop.

It is made from the vocabulary, and looks like this:

    def read(facts):
        get = facts.get
        value = get("t_category")
        word = start ^ turns_0[value]
        value = get("bulky_n2")
        word ^= yes_1 if value is True else no_1 if value is False else turns_1[value]
        value = get("nodes_beyond_d2")
        word ^= turns_2[tuple(value) if value.__class__ is list else value]
        return word

``turns_0[value]`` are the bits that a value turns (``Turns``); ``None``, for a fact that was not stated, turns what the
maker says. Names of facts enter the text as quoted literals only, and values not at all: nothing in a rule file is run.
A value that cannot be hashed ("either of two", a range) raises ``TypeError``: ``read_slowly`` does the same then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .facts import Fact, Standing
from .memory import Memory

VALUE_LIMIT = 4_000


class Turns(Memory):
    """For one fact, the bits that each value turns. Only values that were read without error are remembered.

    ``1`` equals ``true`` but is not the same: for numbers those two are worked out every time.
    """

    __slots__ = ("fact", "turned", "words")

    def __init__(self, fact: Fact, turned: Callable[[Standing], int]) -> None:
        super().__init__(VALUE_LIMIT)
        self.fact, self.turned = fact, turned
        self.words: Memory = Memory(VALUE_LIMIT)

    def __missing__(self, value: Any) -> int:
        if value in self.older and not self._is_mistakable(value):
            found = self[value] = self.older[value]
            return found
        found = self.of(value)
        if not self._is_mistakable(value):
            self[value] = found
        return found

    def of(self, value: Any) -> int:
        """The bits of any value, remembered under its words. Raises ``FactError`` for one that is not allowed."""
        words = value.__class__, repr(value)
        try:
            return self.words[words]
        except KeyError:
            found = self.words[words] = self.turned(self.fact.parse(value))
            return found

    def _is_mistakable(self, value: Any) -> bool:
        return value == 0 or value == 1 or (self.fact.type == "yes_no" and value is not None)


def reader_of(start: int, turns: Mapping[str, Turns], join: str = "^") -> Callable[[Mapping[str, Any]], int]:
    """A function from facts as JSON data to ``start`` joined with the bits of all values, by XOR or by OR."""
    names: dict[str, Any] = {"start": start}
    lines = ["def read(facts):", "    get = facts.get", "    word = start"]
    for at, (name, own) in enumerate(turns.items()):
        names[f"turns_{at}"] = own
        lines.append(f"    value = get({name!r})")
        if own.fact.type == "yes_no":
            names[f"yes_{at}"], names[f"no_{at}"] = own.of(True), own.of(False)
            choice = f"yes_{at} if value is True else no_{at} if value is False else turns_{at}[value]"
            lines.append(f"    word {join}= {choice}")
        elif own.fact.type == "set":
            lines.append(f"    word {join}= turns_{at}[tuple(value) if value.__class__ is list else value]")
        elif own.fact.type == "sites":
            names[f"none_{at}"] = own.of([])
            lines.append(f"    word {join}= none_{at} if value == [] else turns_{at}.of(value)")
        else:
            lines.append(f"    word {join}= turns_{at}[value]")
    lines.append("    return word")
    exec("\n".join(lines), names)  # the text made above: of the rules only names of facts, as literals
    return names["read"]


def read_slowly(start: int, turns: Mapping[str, Turns], facts: Mapping[str, Any], join: str = "^") -> int:
    """The same for any values, fact by fact. Raises ``FactError`` for one that is not allowed."""
    for name, own in turns.items():
        bits = own.of(facts.get(name))
        start = start ^ bits if join == "^" else start | bits
    return start
