"""What falls due for cases: a fact grows too old, and readiness has to be looked at again."""

from cases import actions
from cases.models import Case
from mdt.duties.registry import handles


@handles("recheck-readiness")
def recheck_readiness(case_id: int) -> None:
    """On the day on which a fact passes its age limit; the action owes the next such day."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.is_open:
        actions.recheck_readiness(case=case)
