"""The five numbers that the audit's page begins with: its two questions, answered before any table."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from mdt.audit.figures.axes import Counts, cases_url, counts_of, sums_in_words
from mdt.audit.figures.indicators import BY_KEY
from mdt.audit.scope import Scope
from mdt.audit.statistics import Proportion
from mdt.audit.tables import percent

YEAR = timedelta(days=366)


@dataclass(frozen=True)
class KeyFigure:
    """`value` large, `of` with its interval beneath, then what the `rest` is.

    A state: a kind of mdt.people.templatetags.looks, and words.
    """

    label: str
    value: str
    of: str
    url: str
    state: str = ""
    words: str = ""
    rest: str = ""


def key_figures(scope: Scope, counts: Counts) -> list[KeyFigure]:
    """Decisions; followed, different without reason; carried out, not known. One more pass for the year before."""
    figures = (_decisions, _followed, _no_reason, _full, _unknown)
    return [figure(scope, counts) for figure in figures]


def _decisions(scope: Scope, counts: Counts) -> KeyFigure:
    taken = counts.decided + counts.ended.get("deferred", 0)
    url = cases_url(scope.narrowed(ended="decided")) if counts.decided else ""
    figure = KeyFigure(_("Decisions"), str(counts.decided), sums_in_words(scope, counts), url)
    if not taken:
        return figure
    if counts.signed == taken:
        return replace(figure, state="signed", words=_("All signed"))
    return replace(figure, state="waiting", words=_("%(count)d not signed") % {"count": taken - counts.signed})


def _followed(scope: Scope, counts: Counts) -> KeyFigure:
    """Concordant, also under a condition, out of all decisions; beside it what the others were."""
    number = counts.followed("concordant") + counts.followed("conditional")
    figure = _share(_("Followed the pathway"), number, counts.decided, scope.narrowed(only="followed"))
    others = {
        "different": counts.followed("different_with_reason") + counts.followed("different_without_reason"),
        "open": counts.followed("no_proposal"),
    }
    if not counts.decided or not any(others.values()):
        return figure
    return replace(figure, rest=_("%(different)d differed, %(open)d had no single proposal") % others)


def _full(scope: Scope, counts: Counts) -> KeyFigure:
    figure = _share(_("Carried out fully"), counts.done("full"), counts.decided, scope.narrowed(implementation="full"))
    if scope.last_on - scope.first_on > YEAR:
        return figure
    length = scope.last_on - scope.first_on + timedelta(days=1)
    before = counts_of(scope.narrowed(first_on=scope.first_on - length, last_on=scope.last_on - length))
    share = Proportion(before.done("full"), before.decided)
    if share.value is None or figure.state == "stale":
        return figure
    words = {"share": percent(share.value), "count": share.count, "total": share.total}
    return replace(figure, state="date", words=_("The period before: %(share)s, %(count)d of %(total)d") % words)


def _unknown(scope: Scope, counts: Counts) -> KeyFigure:
    number, target = counts.done("unknown"), BY_KEY["unknown"].target
    figure = _share(_("Not known"), number, counts.decided, scope.narrowed(implementation="unknown"))
    if figure.state or not counts.decided or target is None:
        return figure
    kind = "ready" if target.is_met(number / counts.decided) else "overdue"
    return replace(figure, state=kind, words=_("Target: %(target)s") % {"target": target.words})


def _no_reason(scope: Scope, counts: Counts) -> KeyFigure:
    number = counts.followed("different_without_reason")
    here = scope.narrowed(concordance="different_without_reason")
    figure = _share(_("Different, no reason given"), number, counts.decided, here)
    if number and Proportion(number, number).is_small:
        return replace(figure, state="stale", words=_("Small number: read the cases"))
    return figure


def _share(label: str, count: int, total: int, here: Scope) -> KeyFigure:
    share = Proportion(count, total)
    interval = share.interval()
    if share.value is None or interval is None:
        return KeyFigure(label, "–", _("no decision in this period"), "")
    words = {"count": count, "total": total, "low": f"{interval[0] * 100:.0f}", "high": f"{interval[1] * 100:.0f}"}
    of = _("%(count)d of %(total)d · 95 %% CI %(low)s–%(high)s") % words
    figure = KeyFigure(label, percent(share.value), of, cases_url(here))
    return replace(figure, state="stale", words=_("Small number: read the cases")) if share.is_small else figure
