"""The rules over a whole archive at once: the same tables as for one case, looked up for all records together.

Words of a record become the keys of a scheme's groups (``key_tables``); each distinct key of a group is answered once,
by the very function that answers a single case (``decision.entry_of``); answers are numbered, and each pair of them
that occurs is joined once (``joined``). What is left for each record is some twenty look-ups in small tables. So the
answers are those of the scalar path by construction; a test compares them all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from .archive_lists import Livers
from .columns import ABSENT, IRREGULAR, NO_BASELINE, Layout
from .decision import entry_of, score_bits
from .joined import Answer, Joined, Numbered, look_up
from .key_tables import KeyTables, planes, says_all
from .lesions import FIGURES
from .liver import LiverInput
from .rulebook import PathwayRules
from .scheme import Group

TABLE_BITS = 20
"""Keys of up to this many bits are answered through a table; longer ones are sorted first."""
MEMO_LIMIT = 200_000
"""So many keys of one group, and so many lists, are remembered."""
CHUNK = 16_384
"""Records that are worked on at a time: some two megabytes, which stay in the cache of a core."""
FactsOf = Callable[[int], tuple[Mapping[str, Any], Mapping[str, Any] | None]]


class Decisions(NamedTuple):
    """One row per record, as in ``Decision``: bits of scores, and bits of ``missing_names``. 0 if there is no type."""

    possible: np.ndarray
    provisional: np.ndarray
    missing: np.ndarray


class Archive:
    """Answers of one scheme of a pathway for many records. Remembers what it met: not for several threads at once."""

    def __init__(self, rules: PathwayRules, scheme: str, layout: Layout) -> None:
        self.rules, self.layout = rules, layout
        own = [span[0] for span in rules.in_force_on(None) if span[0].edition.scheme == scheme]
        if not own:
            raise KeyError(f"no scheme {scheme!r}")
        self.scheme = own[0]
        self._fits = says_all(layout, self.scheme)
        self._planes: list[KeyTables] = planes(self.scheme, layout) if self._fits else []
        groups = self.scheme.groups
        self._livers: Livers | None = None
        self._tables: list[np.ndarray | None] = [None] * len(groups)
        self._memos: list[dict[tuple[int, int], int]] = [{} for _ in groups]
        self._numbered = [Numbered() for _ in groups]
        if self._fits and any(group.has_figures for group in groups):
            self._forget_lists()
        self._joined: list[Joined] = []
        for numbered in self._numbered[1:]:
            self._joined.append(Joined(self._answers, numbered))
        self._columns = Decisions(np.empty(0, np.uint16), np.empty(0, np.uint16), np.empty(0, np.uint64))

    @property
    def _answers(self) -> Numbered:
        """The answers of all groups together."""
        return self._joined[-1].out if self._joined else self._numbered[0]

    def fits(self) -> bool:
        """Whether records of the layout hold what the scheme asks. If not, every case is answered from its facts."""
        return self._fits

    def is_irregular(self, records: np.ndarray) -> np.ndarray:
        """Which records have to be answered from their facts."""
        return records["flags"] & IRREGULAR != 0 if self._fits else np.ones(len(records), bool)

    def decide(self, records: np.ndarray, facts_of: FactsOf) -> Decisions:
        """The answers for records of the layout. ``facts_of``: place of an irregular one → facts, restaging."""
        found = self.decide_regular(records)
        for place in np.flatnonzero(self.is_irregular(records)):
            answer = self.decide_one(*facts_of(int(place)))
            for whole, own in zip(found, answer, strict=True):
                whole[place] = own
        return found

    def decide_regular(self, records: np.ndarray, *, with_missing: bool = True) -> Decisions:
        """The answers from records alone: for an irregular one they say nothing. ``missing`` is 0 if not wanted."""
        size = len(records)
        found = Decisions(np.empty(size, np.uint16), np.empty(size, np.uint16), np.zeros(size, np.uint64))
        if not self._fits:
            return found
        for start in range(0, size, CHUNK):
            part = slice(start, start + CHUNK)
            numbers = self._numbers(records[part])
            for whole, own in zip(found[: 3 if with_missing else 2], self._as_columns(), strict=False):
                whole[part] = own.take(numbers)
        return found

    def decide_one(self, facts: Mapping[str, Any], restaging: Mapping[str, Any] | None) -> tuple[int, int, int]:
        """An irregular record by the way of a single case. Raises ``FactError`` for a value that is not allowed."""
        from .outcome import Outcome  # the archive is read by the same rules as a case, which need no numpy

        answer = Outcome(self.rules, facts, None, restaging).systems[self.scheme.edition.scheme]
        if answer.state == "typed":
            return answer.decision[:3]
        scores = {category.id: category.score for category in self.scheme.edition.categories}
        bits = sum(1 << scores[name] for name in answer.possible)
        return bits, bits, 0

    def _as_columns(self) -> Decisions:
        """Number of an answer → what it says, with those that were met since."""
        known = len(self._columns.possible)
        new = self._answers.answers[known:]
        if new:
            missing = (each.missing[0] if each.reach & (each.reach - 1) else 0 for each in new)
            sides = ([each.reach for each in new], [each.assumed for each in new], list(missing))
            self._columns = Decisions(
                *(np.append(old, np.array(side, old.dtype)) for old, side in zip(self._columns, sides, strict=True))
            )
        return self._columns

    def _numbers(self, records: np.ndarray) -> np.ndarray:
        """For each record the number of its answer."""
        numbers = self._joined_numbers(records, None)
        if self._livers:
            if len(self._livers.known) > MEMO_LIMIT:
                self._forget_lists()
            rows, livers = self._livers.read(records)
            if len(rows):
                numbers[rows] = self._joined_numbers(records[rows], livers)
        self._put_special(records["flags"], numbers)
        return numbers

    def _forget_lists(self) -> None:
        self._livers = Livers(self.layout, self.rules.reader.figures)
        self._memos = [{} for _ in self._memos]

    def _joined_numbers(self, records: np.ndarray, livers: np.ndarray | None) -> np.ndarray:
        """The same for cases that have a type. ``livers``: the lists of these records, by their numbers."""
        numbers: list[np.ndarray] = []
        for tables in self._planes:
            keys = tables.keys(records)
            for group in tables.groups:
                own = livers if group.has_figures else None
                numbers.append(self._of_group(len(numbers), group, tables.part(keys, group), own))
        whole = numbers[0]
        for joined, own in zip(self._joined, numbers[1:], strict=True):
            whole = joined.numbers(whole, own)
        return whole

    def _put_special(self, flags: np.ndarray, numbers: np.ndarray) -> None:
        """The answers of cases without a type: the disease is not there, or nothing is known of the time asked of."""
        if not (flags & (ABSENT | NO_BASELINE)).any():
            return
        nothing = (0,) * (self.scheme.worst_score + 1)
        if self.scheme.edition.phase == "baseline":
            inside = score_bits(each.score for each in self.scheme.edition.categories if each.outside is None)
            numbers[flags & NO_BASELINE != 0] = self._answers.number(Answer(inside, inside, nothing))
        numbers[flags & ABSENT != 0] = self._answers.number(Answer(0, 0, nothing))

    def _of_group(self, at: int, group: Group, keys: np.ndarray, livers: np.ndarray | None) -> np.ndarray:
        """For each key of a group the number of its answer."""
        if livers is None and group.bits <= TABLE_BITS:
            if self._tables[at] is None:
                self._tables[at] = np.full(1 << group.bits, -1, np.int32)
            return look_up(self._tables[at], keys, lambda key: self._number(at, group, key, None))
        memo = self._memos[at]
        pairs = list(zip(keys.tolist(), repeat(-1) if livers is None else livers.tolist(), strict=False))
        if len(memo) > MEMO_LIMIT:
            memo.clear()
        for key, liver in set(pairs) - memo.keys():
            memo[key, liver] = self._number(at, group, key, None if liver < 0 else self._livers.known[liver])
        return np.fromiter(map(memo.__getitem__, pairs), np.int32, len(pairs))

    def _number(self, at: int, group: Group, key: int, liver: LiverInput | None) -> int:
        """The number of the answer to a key of a group, with a list that the key does not tell."""
        if liver is not None and liver.box is not None:
            key, liver = self._boxed(group, key, liver.box), None
        entry = entry_of(self.scheme, group, key << group.first_bit, liver)
        return self._numbered[at].number(Answer(entry.reach, entry.assumed, entry.missing))

    def _boxed(self, group: Group, key: int, box: tuple[int, ...]) -> int:
        """A key with the masks of a list in the place of what was stated beside it."""
        for name, shift, partition in zip(group.facts, group.shifts, group.partitions, strict=True):
            if name in FIGURES:
                own, figure = shift - group.first_bit, FIGURES.index(name)
                key = key & ~(partition.full << own) | self.scheme.coarse(figure, box[figure]) << own
        return key
