"""What the pages of the learning list show."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Case
from classification import load_rulebook
from mdt.audit.learning.clusters import Cluster, Kind, cluster_of, clusters_of, decisions_in
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Table, share_cell
from mdt.meetings.models import Decision
from mdt.people.models import Team

MOST_CASES = 200


@dataclass(frozen=True)
class Said:
    """One decision of a cluster with the meeting's own words."""

    case: Case
    url: str
    meeting_on: date
    reason: str
    words: str


def table_of(scope: Scope, least: int) -> Table:
    """Every cluster with its share; the title leads to its cases."""
    rows = []
    for each in clusters_of(scope, least):
        interval = share_cell(each.count, each.total)
        rows.append(
            (
                Cell(each.title, url=each.url(scope)),
                Cell(str(Kind(each.kind).label)),
                Cell(each.count),
                Cell(each.total, f"{each.total} {each.of}"),
                interval,
            )
        )
    return Table(
        key="learning",
        looks="table-sm stacks",
        title=_("What departures have in common"),
        how_counted=_(
            "Counted are decisions that departed from the proposal with a coded reason and words: by proposed and "
            "confirmed type, and by reason. An option is counted where the pathway recommended or offered it and the "
            "meeting rejected it. The interval is Wilson's, 95 %. A cluster shows that something recurs, not that the "
            "rule is wrong: one habit of one team looks the same."
        ),
        columns=(
            Column("cluster", _("What recurs")),
            Column("kind", _("Kind")),
            Column("count", _("Decisions"), "count"),
            Column("total", _("Out of"), "count"),
            Column("share", _("Share"), "share"),
        ),
        rows=tuple(rows),
    )


def said_in(scope: Scope, cluster: Cluster) -> list[Said]:
    """The newest decisions of a cluster with their reasons, word for word."""
    decisions = decisions_in(scope, cluster).select_related("case__team", "meeting__team")
    return [_said(each, cluster) for each in decisions.prefetch_related("rejected_options")[:MOST_CASES]]


def _said(decision: Decision, cluster: Cluster) -> Said:
    reason, words = decision.get_reason_display(), decision.reason_text
    if cluster.kind == Kind.OPTION:
        row = next(each for each in decision.rejected_options.all() if each.option == cluster.key)
        reason, words = row.get_reason_display(), row.reason_text
    return Said(
        case=decision.case,
        url=reverse("decision", args=[decision.meeting.reference, decision.case.reference, decision.version]),
        meeting_on=decision.meeting.local_start.date(),
        reason=str(reason),
        words=words,
    )


def suggestion_of(scope: Scope, cluster: Cluster) -> dict:
    """What a suggestion about a cluster keeps of it: counted here, never taken from a form."""
    titles = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            again = cluster_of(scope, cluster.kind, cluster.pathway, cluster.key)
            titles[language] = again.title if again else cluster.title
    newest = decisions_in(scope, cluster).select_related("proposal").first()
    edition = newest.proposal.edition if newest and newest.proposal else ""
    team = Team.objects.get(pk=scope.teams[0]) if len(scope.teams) == 1 else None
    return {
        "pathway": cluster.pathway,
        "scheme": load_rulebook()[cluster.pathway].schemes[0],
        "edition": edition,
        "kind": cluster.kind,
        "key": cluster.key,
        "title": titles,
        "count": cluster.count,
        "total": cluster.total,
        "first_on": scope.first_on,
        "last_on": scope.last_on,
        "team": team,
        "evidence": cluster.url(scope)[:600],
    }
