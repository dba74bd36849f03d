"""What a write to a case begins with: its row locked until the end of the transaction, read anew, and asked whether it
takes what is to be written.

Where several rows are locked, in this order, each kind by its key, all before the first line of the log: team, patient,
meetings, cases, audit packs, the end of the log (which `record` locks until the commit). Whoever takes them in another
order may wait for somebody who waits for them.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.events.chain import Restricted


def lock_case(case: Case) -> Case:
    """The case as it is now."""
    return Case.objects.select_for_update().get(pk=case.pk)


def lock_open_case(case: Case) -> Case:
    """For what is recorded of a case. Raises ActionError once it is closed; while it is restricted the log refuses."""
    case = lock_case(case)
    if not case.is_open:
        raise ActionError(_("This case is closed. Reopen it before recording anything."))
    return case


def lock_unrestricted_case(case: Case) -> Case:
    """For text that is kept as it is typed, also once the case is closed: most of it leaves no line in the log, which
    would refuse it. Raises Restricted."""
    case = lock_case(case)
    if case.is_restricted:
        raise Restricted(case.reference)
    return case


def lock_cases(keys: Iterable[int]) -> None:
    """All at once, before the first is written."""
    list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
