"""The filters of the audit's pages as choices: what can be asked for, and what is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.option_page import KINDS
from cases.reasoning import categories_of, pathways_in_use
from classification import load_rulebook
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import EARLIEST, NONE, Scope, team_in_words, usual_begin
from mdt.audit.words import code_in_words, title_of
from mdt.meetings.concordance import Concordance
from mdt.meetings.documents.wording import capital
from mdt.meetings.models import Decision
from mdt.people.disciplines import Discipline
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """One list to choose from; `title` names it."""

    name: str
    title: str
    choices: list[Choice]


def filters_of(scope: Scope, user: User) -> list[Filter]:
    """All filters; teams only for somebody who audits several."""
    teams = Team.objects.filter(pk__in=teams_with(user, Permission.AUDIT_VIEW)).order_by("hospital", "name")
    found = []
    if len(teams) > 1:
        chosen = str(scope.teams[0]) if len(scope.teams) == 1 else ""
        choices = _choices(((str(team.pk), team_in_words(team)) for team in teams), chosen)
        if any(team.is_synthetic for team in teams):
            choices[0] = replace(choices[0], label=_("All, without synthetic data"))
        found.append(Filter("team", title_of("team"), choices))
    for name, codes in _codes().items():
        words = ((code, code_in_words(name, code)) for code in codes)
        found.append(Filter(name, title_of(name), _choices(words, getattr(scope, name))))
    return found


def synthetic_apart(scope: Scope, user: User) -> list[tuple[str, str]]:
    """Synthetic teams of this person that are not counted: the name, and the address of their figures alone."""
    teams = Team.objects.filter(pk__in=teams_with(user, Permission.AUDIT_VIEW), is_synthetic=True)
    apart = teams.exclude(pk__in=scope.teams).order_by("hospital", "name")
    return [(team.name, scope.narrowed(teams=(team.pk,)).query_string()) for team in apart]


def _choices(words: Iterable[tuple[str, str]], chosen: str) -> list[Choice]:
    known = [Choice(value, label if label == value else capital(label), value == chosen) for value, label in words]
    if chosen and not any(choice.is_chosen for choice in known):
        known.append(Choice(chosen, chosen, True))  # an older code that the rules of today no longer have
    return [Choice("", pgettext("no filter", "All"), not chosen), *known]


def _codes() -> dict[str, Iterable[str]]:
    """Filter → its codes; options and editions of the pathways in use."""
    rules = {name: load_rulebook()[name] for name in pathways_in_use()}
    return {
        "pathway": rules,
        "confirmed": dict.fromkeys(code for name in rules for code in categories_of(name)),
        "concordance": Concordance.values,
        "implementation": AuditRow.Implementation.values,
        "discipline": [*Discipline.values, NONE],
        "treatment": [*filter(None, KINDS), "other"],
        "option": dict.fromkeys(option.id for each in rules.values() for option in each.options or ()),
        "reason": [
            *(f"departure.{code}" for code in Decision.Reason.values),
            *(f"not_done.{code}" for code in ImplementationReport.Reason.values),
        ],
        "edition": dict.fromkeys(
            f"{edition.scheme} {edition.edition}"
            for each in rules.values()
            for edition in each.editions
            if edition.scheme == each.schemes[0]
        ),
    }


@dataclass(frozen=True)
class Period:
    """A usual period, one click away."""

    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Ahead:
    """Decisions of meetings whose day has not come: a meeting may be held before its day, and is counted under it.

    `decisions`: how many lie after the period; none for a period that is over, which is not about what is to come.
    `last_on`: the last such day, in the period or after it.
    """

    decisions: int
    last_on: date | None


def ahead_of(scope: Scope, today: date) -> Ahead:
    """Those of the scope's teams, whatever else narrows it."""
    rows = AuditRow.objects.filter(team_id__in=scope.teams, meeting_on__gt=today, ended=AuditRow.Ended.DECIDED)
    after = Count("pk", filter=Q(meeting_on__gt=scope.last_on))
    found = rows.aggregate(decisions=after, last_on=Max("meeting_on"))
    return Ahead(found["decisions"] if scope.last_on >= today else 0, found["last_on"])


def periods_of(scope: Scope, today: date, ahead: Ahead) -> list[Period]:
    """The last twelve months, this year, the one before, everything."""
    usual = {
        _("Last 12 months"): (usual_begin(today), today),
        str(today.year): (date(today.year, 1, 1), today),
        str(today.year - 1): (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        pgettext("no filter", "All"): (EARLIEST, ahead.last_on or today),
    }
    shown = (scope.first_on, scope.last_on)
    return [
        Period(label, scope.narrowed(first_on=first, last_on=last).query_string(), (first, last) == shown)
        for label, (first, last) in usual.items()
    ]
