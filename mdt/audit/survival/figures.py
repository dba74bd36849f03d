"""Survival as tables and pictures. Every figure here is observational: groups differ in more than their name."""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

from django.utils.translation import gettext as _

from cases.reasoning import categories_of
from classification import load_rulebook
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.survival_curves import DAYS_IN_MONTH, Arm, Published, months_of, survival_drawing
from mdt.audit.scope import NONE, Scope
from mdt.audit.statistics import SMALL_NUMBER, Curve, LogRank, log_rank
from mdt.audit.survival.counting import Group, Observed, observed
from mdt.audit.survival.published import Study, studies_of
from mdt.audit.tables import Cell, Column, Row, Table, share_in_words
from mdt.audit.words import code_in_words
from mdt.meetings.concordance import Concordance
from mdt.meetings.documents.wording import capital

MOST_ARMS = 5
YEAR, THREE_YEARS = 12, 36


def by_type(scope: Scope, seen: Observed | None = None) -> Table:
    """Survival by the type that the first decision confirmed."""
    return _table(scope, "survival-type", "confirmed", _("Survival by confirmed type"), seen or observed(scope))


def by_concordance(scope: Scope, seen: Observed | None = None) -> Table:
    """Survival by how the first decision stood to the pathway."""
    title = _("Survival by how the decision stood to the pathway")
    return _table(scope, "survival-concordance", "concordance", title, seen or observed(scope))


def type_picture(scope: Scope, seen: Observed | None = None) -> Picture:
    """Curves by type, with the published figures of the same pathway as symbols."""
    seen = seen or observed(scope)
    groups = _ordered(seen.by("confirmed"), "confirmed")
    arms = [Arm(_mark(group.key), code_in_words("confirmed", group.key), group.curve) for group in groups]
    published = [
        Published(
            _("%(study)s, %(group)s (published)") % {"study": study.name, "group": _published_group(group.category)},
            months,
            share,
        )
        for study in studies_of(seen.pathways)
        for group in study.groups
        for months, share in group.survival
    ]
    return _picture(by_type(scope, seen), arms, published)


def concordance_picture(scope: Scope, seen: Observed | None = None) -> Picture:
    """Curves by concordance, lettered, since their names are long."""
    seen = seen or observed(scope)
    groups = _ordered(seen.by("concordance"), "concordance")
    arms = [
        Arm(letter, _("%(letter)s %(group)s") % {"letter": letter, "group": code_in_words("concordance", group.key)},
            group.curve)
        for letter, group in zip(ascii_uppercase, groups, strict=False)
    ]  # fmt: skip
    return _picture(by_concordance(scope, seen), arms, [])


def _picture(table: Table, arms: Sequence[Arm], published: Sequence[Published]) -> Picture:
    description = _(
        "Kaplan–Meier curves of overall survival from the decision, with their 95 % bands. A stroke marks somebody who "
        "is still followed. The figures stand in the table."
    )
    if len(arms) > MOST_ARMS:
        arms = sorted(arms, key=lambda arm: -arm.curve.patients)[:MOST_ARMS]
        left = _("Drawn are the %(number)d largest groups; all stand in the table.") % {"number": MOST_ARMS}
        table = replace(table, notes=(*table.notes, left))
    return Picture(table.key, table.title, description, survival_drawing(arms, published), (table,), layout="wide")


def _table(scope: Scope, key: str, column: str, title: str, seen: Observed) -> Table:
    groups = _ordered(seen.by(column), column)
    columns = (
        Column("group", _("Group")),
        Column("patients", _("Patients"), "count"),
        Column("deaths", _("Deaths"), "count"),
        Column("not_seen_again", _("Not seen since"), "count"),
        Column("contradictory", _("Dates contradict"), "count"),
        Column("median", _("Median survival, months"), "number"),
        Column("year", _("1 year"), "share"),
        Column("three_years", _("3 years"), "share"),
        Column("followed", _("Median follow-up, months"), "number"),
    )
    return Table(
        key=key,
        title=title,
        how_counted=str(DEFINITIONS["survival"]),
        columns=columns,
        rows=tuple(_row(scope, column, group) for group in groups),
        notes=(_sums(seen, groups), test_in_words(log_rank({group.key: group.observed for group in groups}))),
    )


def _ordered(groups: dict[str, Group], column: str) -> list[Group]:
    """Types in the order of their pathways, concordance as the pages list it, then what has no name."""
    order: list[str] = list(Concordance.values)
    if column == "confirmed":
        order = [category for pathway in load_rulebook().pathways for category in categories_of(pathway)]
    return sorted(groups.values(), key=lambda one: (order.index(one.key) if one.key in order else len(order), one.key))


def _row(scope: Scope, column: str, group: Group) -> Row:
    curve = group.curve
    here = scope.narrowed(**{column: group.key or NONE})

    def cell(number: int, only: str) -> Cell:
        return Cell(number, url=cases_url(here.narrowed(only=only)))

    return (
        Cell(capital(code_in_words(column, group.key)), is_small=group.patients < SMALL_NUMBER),
        cell(group.patients, "in_survival"),
        cell(group.deaths, "died"),
        cell(group.not_seen_again, "not_seen_since"),
        cell(group.contradictory, "contradictory"),
        _months_cell(curve.median, group.patients),
        survival_cell(curve, YEAR),
        survival_cell(curve, THREE_YEARS),
        _months_cell(group.followed_days, group.patients),
    )


def _months_cell(days: float | None, patients: int) -> Cell:
    months = None if days is None else months_of(days)
    return Cell(months, "" if months is None else f"{months:.1f}", is_small=patients < SMALL_NUMBER)


def survival_cell(curve: Curve, months: int) -> Cell:
    """Survival at a time with its band; nothing where nobody was followed so far. Small: few are observed then.

    A curve that ends with a death falls to 0, whoever was lost before: beyond its end that is known only where all
    who were followed have died.
    """
    days = months * DAYS_IN_MONTH
    if not curve.steps:
        return Cell(None)
    followed = curve.patients - curve.steps[0].censored
    if curve.steps[-1].time < days and (curve.events < followed or not followed):
        return Cell(None)
    step = curve.at(days)
    words = share_in_words(step.survival, step.low, step.high)
    is_small = curve.at_risk(days) < SMALL_NUMBER
    return Cell(step.survival, words, low=step.low, high=step.high, is_small=is_small)


def test_in_words(test: LogRank | None) -> str:
    """The log-rank test over all groups, as a sentence."""
    if test is None:
        return _("Log-rank test: cannot be calculated; it needs two groups and a death that tells them apart.")
    return _("Log-rank test over %(groups)d groups, not adjusted for anything: chi-square %(value)s, %(degrees)d "
             "degrees of freedom, %(p)s.") % {
        "groups": test.degrees + 1,
        "value": f"{test.chi_square:.2f}",
        "degrees": test.degrees,
        "p": "p < 0.001" if test.p < 0.001 else f"p = {test.p:.3f}",
    }  # fmt: skip


def _sums(seen: Observed, groups: Sequence[Group]) -> str:
    """What the denominators add up to."""
    apart = sum(group.contradictory for group in groups)
    return _(
        "%(decisions)d decisions: %(again)d were not the first of their case and count with that one; %(apart)d have "
        "dates that contradict each other; %(patients)d patients are in the curves, %(unseen)d of them not seen since "
        "the decision."
    ) % {
        "decisions": seen.decisions,
        "again": seen.again,
        "apart": apart,
        "patients": sum(group.patients for group in groups),
        "unseen": sum(group.not_seen_again for group in groups),
    }


def published(scope: Scope, seen: Observed | None = None) -> Table:
    """What others published of the pathways in the scope, group by group, with its source."""
    found = studies_of((seen or observed(scope)).pathways)
    return Table(
        key="survival-published",
        title=_("Published elsewhere: not a comparison"),
        how_counted=str(DEFINITIONS["survival-published"]),
        columns=(
            Column("group", _("Group")),
            Column("patients", _("Patients"), "count"),
            Column("year", _("1 year"), "share"),
            Column("three_years", _("3 years"), "share"),
        ),
        rows=tuple(_published_row(study, group) for study in found for group in study.groups),
        notes=tuple(
            _("%(study)s: %(about)s %(citation)s")
            % {"study": study.name, "about": study.about, "citation": study.citation}
            for study in found
        ),
    )


def _published_row(study: Study, group) -> Row:
    cells = [
        Cell(share, f"{share * 100:.1f} %" if share is not None else _("not available"))
        for share in (group.at(YEAR), group.at(THREE_YEARS))
    ]
    name = _("%(study)s, %(group)s") % {"study": study.name, "group": _published_group(group.category)}
    return (Cell(name), Cell(group.patients), *cells)


def _published_group(category: str) -> str:
    return code_in_words("confirmed", category) if category else _("all types")


def _mark(category: str) -> str:
    return category or "–"


def caveats(scope: Scope) -> list[str]:
    """What a reader must know before comparing; more, where the filters choose by what came later."""
    said = [
        _("Observational: groups differ in more than their name. Who is fit and has little disease is chosen for "
          "surgery, and may live longer whatever is done."),
        _("Time counts from the first decision, and groups are formed by what it said that day. To form them by what "
          "was done later would give those who lived to have it an advantage (immortal time)."),
        _("Who is lost is counted as alive until last seen. If the sick are lost more often, survival looks better "
          "than it is."),
    ]  # fmt: skip
    if scope.implementation or scope.reason.startswith("not_done"):
        said.insert(0, _("The filters choose by what became known after the decision: who died early may not be among "
                         "these. Do not read survival from such a choice."))  # fmt: skip
    return said
