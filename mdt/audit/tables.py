"""A table of figures, once described: pages, CSV, XLSX and papers are made of it.

A cell carries its value as a number, so that no file repeats what a page has rounded, and the words of the page beside
it only where they say more.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from mdt.audit.statistics import Proportion
from mdt.people.templatetags.looks import day

Kind = Literal["text", "count", "share", "days", "number"]
Value = str | int | float | date | None
UNKNOWN = "–"
HEATS = (0.05, 0.15, 0.5)
"""House rule: from these shares on, a cell of a matrix is drawn darker. Says nothing of good or bad."""


@dataclass(frozen=True)
class Column:
    """`kind`: what its cells hold: text, a count, a share between 0 and 1, days, or another number."""

    key: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Cell:
    """One value, None where nothing is known. `text` replaces it on the page; `url` leads to the cases behind it.

    A share, or a count that is a share of something, has `low` and `high`, the bounds of its 95 % interval; a count
    has the share itself in `share`. `is_small`: its denominator is too small for more than a hint.
    """

    value: Value
    text: str = ""
    url: str = ""
    low: float | None = None
    high: float | None = None
    is_small: bool = False
    share: float | None = None
    total: int | None = None
    is_sum: bool = False
    unverified: str = ""
    """The value without its "not verified", for a page, which says that by a badge."""

    @property
    def shown(self) -> str:
        """What stands on the page for the value."""
        if self.text:
            return self.text
        if self.value is None:
            return UNKNOWN
        return day(self.value) if isinstance(self.value, date) else str(self.value)

    @property
    def is_words(self) -> bool:
        """Whether it holds text, which may break into lines, and no number."""
        return isinstance(self.value, str) or (self.value is None and bool(self.text))

    @property
    def interval(self) -> str:
        """ "75 % (68 to 81)" of a count; "" where there is no share."""
        return share_in_words(self.share, self.low, self.high) if self.share is not None else ""

    @property
    def heat(self) -> int:
        """1 to 4: how large a part of its row it is."""
        return 1 + sum(self.share >= least for least in HEATS) if self.share is not None else 1


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """`how_counted`: the definition, in the words of docs/audit.md. `notes`: what a reader must know beside it."""

    key: str
    title: str
    how_counted: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    foot: Row = ()
    looks: str = field(default="", compare=False)

    @property
    def has_small(self) -> bool:
        return any(cell.is_small for row in (*self.rows, self.foot) for cell in row)


def percent(share: float | None) -> str:
    """ "72 %"; a dash for a share of nothing. Some is never shown as 0 %, nor almost all as 100 %."""
    if share is None:
        return UNKNOWN
    for digits in (0, 1):
        rounded = f"{share * 100:.{digits}f}"
        if share in (0, 1) or float(rounded) not in (0, 100):
            return _("%(share)s %%") % {"share": rounded}
    return _("under 0.1 %") if share < 0.5 else _("over 99.9 %")


def share_in_words(share: float | None, low: float | None, high: float | None) -> str:
    """ "72 % (66–78)"."""
    if share is None or low is None or high is None:
        return percent(share)
    return f"{percent(share)} ({100 * low:.0f}–{100 * high:.0f})"


def share_cell(count: int, total: int, url: str = "") -> Cell:
    """A share with its interval: the value is the share."""
    found = Proportion(count, total)
    low, high = found.interval() or (None, None)
    words = share_in_words(found.value, low, high)
    is_small = found.is_small and bool(total)
    return Cell(found.value, words, url if count else "", low, high, is_small, total=total)


def count_cell(count: int, total: int | None = None, url: str = "", *, is_sum: bool = False) -> Cell:
    """A count and, with a total, which share of it that is."""
    if total is None:
        return Cell(count, url=url, is_sum=is_sum)
    found = Proportion(count, total)
    low, high = found.interval() or (None, None)
    return Cell(count, "", url, low, high, found.is_small and bool(total), found.value, total, is_sum)


def source_cell(source: str, *, is_read: bool) -> Cell:
    """Where a number comes from; `is_read`: whether the source itself was read."""
    if is_read:
        return Cell(source)
    return Cell(_("%(source)s; not verified") % {"source": source}, unverified=source)


def row_head(name: str, total: int) -> Cell:
    """The first cell of a row whose shares are all of `total`: it warns once for all of them."""
    return Cell(name, is_small=total > 0 and Proportion(total, total).is_small)
