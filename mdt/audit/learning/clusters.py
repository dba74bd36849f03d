"""Clusters of reasoned departures: what departed in the same way, for the same reason, or rejected the same option.

Counted in the database, from the audit's rows and the options that meetings rejected. A cluster says how often, of how
many decisions, with Wilson's interval; never why: that stands in the meetings' own words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.audit.statistics import Proportion
from mdt.audit.words import code_in_words, option_label
from mdt.meetings.concordance import Concordance
from mdt.meetings.models import ChosenOption, Decision, RejectedOption
from mdt.rulebook.models import Suggestion

Kind = Suggestion.Kind
LEAST, FEWEST = 5, 3
"""House rule: clusters of so many are shown unless asked otherwise; never fewer than that, where one knows the case."""
OFFERED = ("recommended", "consider")


@dataclass(frozen=True)
class Cluster:
    """What `count` of `total` decisions of a pathway have in common; `key` by codes, `title` in words."""

    kind: str
    pathway: str
    key: str
    count: int
    total: int
    title: str
    of: str

    @property
    def proportion(self) -> Proportion:
        return Proportion(self.count, self.total)

    def url(self, scope: Scope) -> str:
        """Its cases and reasons."""
        asked = urlencode({"kind": self.kind, "of": self.pathway, "key": self.key})
        return f"{reverse('learning-cluster')}?{asked}&{scope.query_string()}"


def base_of(scope: Scope) -> QuerySet[AuditRow]:
    """Decisions of the scope whatever their concordance: a cluster is a part of all of them."""
    return replace(scope, concordance="", only="").rows().filter(ended=AuditRow.Ended.DECIDED)


def departed(scope: Scope) -> QuerySet[AuditRow]:
    return base_of(scope).filter(concordance=Concordance.WITH_REASON)


def clusters_of(scope: Scope, least: int = LEAST) -> list[Cluster]:
    """Every cluster of at least so many decisions, the largest first."""
    least = max(least, FEWEST)
    found = [*_categories(scope), *_reasons(scope), *_options(scope)]
    return sorted((each for each in found if each.count >= least), key=lambda each: (-each.count, each.kind, each.key))


def cluster_of(scope: Scope, kind: str, pathway: str, key: str) -> Cluster | None:
    """One cluster by its codes, if there are enough cases."""
    return next(
        (each for each in clusters_of(scope, FEWEST) if (each.kind, each.pathway, each.key) == (kind, pathway, key)),
        None,
    )


def _categories(scope: Scope) -> Iterator[Cluster]:
    names = ("pathway", "proposed", "confirmed")
    changed = departed(scope).filter(verdict=Decision.Verdict.CHANGED).order_by(*names)
    totals = _counts(base_of(scope), "pathway", "proposed")
    for (pathway, proposed, confirmed), number in _counts(changed, *names).items():
        sides = {
            "proposed": code_in_words("proposed", proposed) if proposed else _("several types possible"),
            "confirmed": code_in_words("confirmed", confirmed),
        }
        yield Cluster(
            Kind.CATEGORY,
            pathway,
            f"{proposed}>{confirmed}",
            number,
            totals[pathway, proposed],
            _("Proposed: %(proposed)s. Confirmed: %(confirmed)s") % sides,
            _("of the decisions on this proposal"),
        )


def _reasons(scope: Scope) -> Iterator[Cluster]:
    totals = _counts(base_of(scope), "pathway")
    for (pathway, reason), number in _counts(departed(scope).exclude(departure=""), "pathway", "departure").items():
        title = _("Departed because: %(reason)s") % {"reason": code_in_words("departure", reason)}
        yield Cluster(
            Kind.REASON, pathway, reason, number, totals[(pathway,)], title, _("of all decisions of the pathway")
        )


def _options(scope: Scope) -> Iterator[Cluster]:
    names = ("decision__case__pathway", "option")
    decisions = base_of(scope).values("decision_id")
    asked: dict[str, Any] = {"decision__in": decisions, "proposed_status__in": OFFERED}
    rejected = _counts(RejectedOption.objects.filter(**asked), *names)
    chosen = _counts(ChosenOption.objects.filter(**asked), *names)
    for (pathway, option), number in rejected.items():
        title = _("Rejected: %(option)s") % {"option": option_label(option)}
        total = number + chosen.get((pathway, option), 0)
        yield Cluster(
            Kind.OPTION,
            pathway,
            option,
            number,
            total,
            title,
            _("of the decisions that chose or rejected it where the pathway offers it"),
        )


def _counts(rows: QuerySet, *names: str) -> dict[tuple, int]:
    counted = rows.order_by(*names).values_list(*names).annotate(number=Count("pk"))
    return {tuple(codes): number for *codes, number in counted}


def decisions_in(scope: Scope, cluster: Cluster) -> QuerySet[Decision]:
    """The decisions of a cluster, the newest first."""
    rows = departed(scope).filter(pathway=cluster.pathway)
    if cluster.kind == Kind.CATEGORY:
        proposed, _sep, confirmed = cluster.key.partition(">")
        rows = rows.filter(verdict=Decision.Verdict.CHANGED, proposed=proposed, confirmed=confirmed)
    elif cluster.kind == Kind.REASON:
        rows = rows.filter(departure=cluster.key)
    else:
        wanted = base_of(scope).filter(pathway=cluster.pathway).values("decision_id")
        rejected = RejectedOption.objects.filter(option=cluster.key, proposed_status__in=OFFERED, decision__in=wanted)
        return Decision.objects.filter(pk__in=rejected.values("decision_id")).order_by("-pk")
    return Decision.objects.filter(pk__in=rows.values("decision_id")).order_by("-pk")
