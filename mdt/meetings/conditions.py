"""How the conditions of a case stand: waiting, due, answered, replaced or ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from mdt.meetings.models import ConditionStep, Decision, DecisionCondition


class Stand(TextChoices):
    WAITING = "waiting", _("waiting")
    DUE = "due", _("due")
    ANSWERED = "answered", _("answered by a later decision")
    REPLACED = "replaced", _("replaced by an amendment")
    ENDED = "ended", _("no longer applies")


RUNNING = (Stand.WAITING, Stand.DUE)


@dataclass(frozen=True)
class Standing:
    """One condition, and how it stands on a day."""

    condition: DecisionCondition
    stand: str

    @property
    def is_due(self) -> bool:
        return self.stand == Stand.DUE

    @property
    def is_running(self) -> bool:
        return self.stand in RUNNING

    @property
    def label(self) -> str:
        return Stand(self.stand).label

    @property
    def last_words(self) -> ConditionStep | None:
        """The newest step by a person, with their reason."""
        said = [step for step in self.condition.steps.all() if step.by_id is not None]
        return max(said, key=lambda step: step.pk, default=None)


def conditions_of(case: Case, on: date | None = None) -> list[Standing]:
    """Every condition of signed decisions of a case, the due ones first, then by the day. Three queries."""
    rows = list(
        DecisionCondition.objects.filter(decision__case=case, decision__sign_off__isnull=False)
        .select_related("decision__meeting__team", "decision__sign_off")
        .prefetch_related("steps__by")
    )
    if not rows:
        return []
    signed = list(Decision.objects.filter(case=case, sign_off__isnull=False).select_related("sign_off"))
    found = [Standing(row, _stand(row, signed, on or timezone.localdate())) for row in rows]
    order = list(Stand)
    return sorted(found, key=lambda each: (order.index(each.stand) if not each.is_due else -1, each.condition.look_on))


def due_conditions(case: Case) -> list[Standing]:
    return [each for each in conditions_of(case) if each.is_due]


def _stand(row: DecisionCondition, signed: Iterable[Decision], on: date) -> str:
    own, newest = row.decision, row.newest_step
    if any(other.agenda_item_id == own.agenda_item_id and other.version > own.version for other in signed):
        return Stand.REPLACED
    if newest is not None and newest.kind == ConditionStep.Kind.ENDED:
        return Stand.ENDED
    if newest is not None and newest.kind == ConditionStep.Kind.DUE:
        return Stand.ANSWERED if _answered(own, newest, signed) else Stand.DUE
    return Stand.DUE if row.look_on <= on else Stand.WAITING


def _answered(own: Decision, fell_due: ConditionStep, signed: Iterable[Decision]) -> bool:
    """Whether a later meeting decided since it fell due. A deferral answers nothing."""
    return any(
        other.agenda_item_id != own.agenda_item_id
        and other.recorded_at >= fell_due.at
        and other.verdict != Decision.Verdict.DEFERRED
        for other in signed
    )


def result_is_there(condition: DecisionCondition) -> bool:
    """Whether the fact that is waited for is known now, and was not, or otherwise, when the decision was made."""
    if not condition.fact:
        return False
    case, before = condition.decision.case, condition.decision.proposal
    now = case.latest_proposal
    value = now.current_facts.get(condition.fact) if now is not None else None
    return value is not None and (before is None or before.current_facts.get(condition.fact) != value)
