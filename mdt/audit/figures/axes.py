"""Did decisions follow the pathway, and were they carried out? Both answers of each decision, in one table."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from mdt.audit.definitions import DEFINITIONS
from mdt.audit.rows.models import AuditRow
from mdt.audit.rows.packed import unpack_axes
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table, count_cell, row_head, share_cell
from mdt.meetings.concordance import Concordance
from mdt.meetings.documents.wording import capital

Implementation, Ended = AuditRow.Implementation, AuditRow.Ended


@dataclass
class Counts:
    """One pass over a scope's rows: how each case ended and, of the decided, both axes."""

    ended: dict[str, int] = field(default_factory=dict)
    cells: dict[tuple[str, str], int] = field(default_factory=dict)
    signed: int = 0

    @property
    def listed(self) -> int:
        return sum(self.ended.values())

    @property
    def decided(self) -> int:
        return self.ended.get(Ended.DECIDED, 0)

    def followed(self, concordance: str) -> int:
        """Decisions that stand so to the pathway, whatever became of them."""
        return sum(number for (one, _two), number in self.cells.items() if one == concordance)

    def done(self, implementation: str) -> int:
        """Decisions that were carried out so, however they stood to the pathway."""
        return sum(number for (_one, two), number in self.cells.items() if two == implementation)


def counts_of(scope: Scope) -> Counts:
    """Grouped in the database: at most one line for each combination."""
    signed = Sum(F("flags").bitand(1))  # the bit of is_signed: the index holds the flags
    groups = scope.rows().values_list("axes").annotate(number=Count("*"), signed=signed).order_by("axes")
    found = Counts()
    for axes, number, signatures in groups:
        ended, concordance, implementation = unpack_axes(axes)
        found.ended[ended] = found.ended.get(ended, 0) + number
        if ended == Ended.DECIDED:
            found.cells[concordance, implementation] = number
        if ended in (Ended.DECIDED, Ended.DEFERRED):
            found.signed += signatures
    return found


def cases_url(scope: Scope) -> str:
    """Where the cases behind a number are."""
    return f"{reverse('audit-cases')}?{scope.query_string()}"


def matrix(scope: Scope, counts: Counts | None = None) -> Table:
    """Rows: against the pathway; columns: carried out. Shares are of the row, in the foot of all decisions."""
    counts = counts or counts_of(scope)
    columns = [Column("concordance", _("Against the pathway")), *_columns(), Column("all", _("All"), "count")]
    rows = tuple(_row(scope, counts, Concordance(key)) for key in Concordance.values)
    decided = scope.narrowed(only="decided")
    foot = [row_head(_("All"), counts.decided)]
    for key in Implementation.values:
        url = cases_url(decided.narrowed(implementation=key))
        foot.append(count_cell(counts.done(key), counts.decided, url, is_sum=True))
    foot.append(Cell(counts.decided, url=cases_url(decided), is_sum=True))
    return Table(
        key="axes",
        title=_("Did decisions follow the pathway, and were they carried out?"),
        how_counted=str(DEFINITIONS["axes"]),
        columns=tuple(columns),
        rows=rows,
        notes=(sums_in_words(scope, counts),),
        foot=tuple(foot),
        looks="matrix",
    )


def _columns() -> list[Column]:
    titles = {
        Implementation.FULL: _("Fully"),
        Implementation.PARTIAL: _("Partly"),
        Implementation.DIFFERENT: _("Other treatment"),
        Implementation.NOT_DONE: _("Not"),
        Implementation.PENDING: _("Not begun yet"),
        Implementation.LOST: _("Lost"),
        Implementation.UNKNOWN: _("Not known"),
    }
    return [Column(key.value, title, "count") for key, title in titles.items()]


def _row(scope: Scope, counts: Counts, concordance: Concordance) -> Row:
    here = scope.narrowed(concordance=concordance.value)
    total = counts.followed(concordance)
    cells = [row_head(capital(str(concordance.label)), total)]
    for key in Implementation.values:
        url = cases_url(here.narrowed(implementation=key))
        cells.append(count_cell(counts.cells.get((concordance.value, key), 0), total, url))
    return (*cells, count_cell(total, counts.decided, cases_url(here), is_sum=True))


def sums_in_words(scope: Scope, counts: Counts) -> str:
    """What the denominators add up to: "214 decisions of 226 listed cases; …"."""
    if scope.is_narrowed:
        return _(
            "%(decided)d decisions under these filters. Cases that were not decided have none of what is filtered by, "
            "so that they are not counted here."
        ) % {"decided": counts.decided}
    words = {"listed": counts.listed, **{key: counts.ended.get(key, 0) for key in Ended.values}}
    return (
        _(
            "%(decided)d decisions of %(listed)d listed cases; %(deferred)d deferred, %(not_discussed)d not discussed, "
            "%(open)d still open."
        )
        % words
    )


def listed_cases(scope: Scope, counts: Counts | None = None) -> Table:
    """What became of every listed case; the lines add up to all of them."""
    counts = counts or counts_of(scope)
    titles = {
        Ended.DECIDED: _("Decided"),
        Ended.DEFERRED: _("Deferred"),
        Ended.NOT_DISCUSSED: _("Not discussed"),
        Ended.OPEN: _("Still open"),
    }
    rows = []
    for key, title in titles.items():
        number, url = counts.ended.get(key.value, 0), cases_url(scope.narrowed(only=key.value))
        rows.append((Cell(title), Cell(number, url=url), share_cell(number, counts.listed)))
    return Table(
        key="listed",
        title=_("What became of the listed cases"),
        how_counted=str(DEFINITIONS["listed"]),
        columns=(
            Column("ended", _("Outcome")),
            Column("cases", _("Cases"), "count"),
            Column("share", _("Share"), "share"),
        ),
        rows=tuple(rows),
        foot=(Cell(_("All listed")), Cell(counts.listed, url=cases_url(scope), is_sum=True), Cell("")),
    )
