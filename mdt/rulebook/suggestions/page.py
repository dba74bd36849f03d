"""What the pages of suggestions show."""

from dataclasses import dataclass

from django.utils.translation import get_language

from mdt.people.models import User
from mdt.people.permissions import Permission, roles_by_team, teams_with
from mdt.rulebook.models import Suggestion, SuggestionAnswer
from mdt.rulebook.suggestions.actions import state_of

MOST = 200


@dataclass(frozen=True)
class Shown:
    """A suggestion for this reader: its state, and whether team and cases are theirs to see."""

    row: Suggestion
    title: str
    state: str
    state_label: str
    answers: list[SuggestionAnswer]
    team: str
    evidence: str

    @property
    def is_open(self) -> bool:
        return self.state == SuggestionAnswer.State.OPEN

    @property
    def newest(self) -> int:
        """The answer that the reader sees last; 0 before the first."""
        return max((each.pk for each in self.answers), default=0)

    @property
    def percent(self) -> int:
        return round(100 * self.row.count / self.row.total) if self.row.total else 0


def suggestions_for(user: User, *, pathway: str = "", scheme: str = "") -> list[Shown]:
    """The newest suggestions, open ones first; another hospital's team is not named."""
    rows = Suggestion.objects.select_related("team", "suggested_by").prefetch_related("answers__answered_by")
    if pathway:
        rows = rows.filter(pathway=pathway, scheme=scheme)
    may, own = teams_with(user, Permission.AUDIT_VIEW), roles_by_team(user)
    shown = [_shown(row, row.team_id in may, row.team_id in own) for row in rows.order_by("-pk")[:MOST]]
    return sorted(shown, key=lambda each: not each.is_open)


def _shown(row: Suggestion, may_see_cases: bool, is_own: bool) -> Shown:
    state = state_of(row)
    return Shown(
        row=row,
        title=row.title.get(get_language() or "en") or row.title.get("en", row.key),
        state=state,
        state_label=str(SuggestionAnswer.State(state).label),
        answers=list(row.answers.all()),
        team=str(row.team) if row.team_id and is_own else "",
        evidence=row.evidence if may_see_cases else "",
    )


def open_count() -> int:
    """How many suggestions wait for an answer."""
    rows = Suggestion.objects.prefetch_related("answers").order_by("-pk")[:MOST]
    return sum(state_of(row) == SuggestionAnswer.State.OPEN for row in rows)
