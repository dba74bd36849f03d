"""Opening a restaging: from then on the disease is asked about anew, and the first staging stays as it was."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.actions.locks import lock_open_case
from cases.actions.projection import propose
from cases.models import Case, Restaging
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import User


@transaction.atomic
def open_restaging(*, case: Case, by: User, on: date, reason: str) -> Restaging:
    """Begin a restaging with the day of its first examination; the new proposal waits for what is found.

    Raises ActionError for a closed case, a day to come or before the restaging that precedes it, a missing reason, and
    where nothing was found yet at a restaging that is open: of two requests at once, the second meets that.
    """
    case = lock_open_case(case)
    if not reason.strip():
        raise ActionError(_("Say why the disease is staged again."))
    if on > timezone.localdate():
        raise ActionError(_("This date lies in the future."))
    newest = case.restagings.order_by("-number").first()
    if newest is not None and not newest.findings.exists():
        raise ActionError(
            _(
                "A restaging is open already and nothing was found at it yet. Record the findings there. "
                "Nothing was stored."
            )
        )
    if newest is not None and on <= newest.started_on:
        raise ActionError(_("The restaging before this one began on that day or later. Give a later day."))
    restaging = Restaging.objects.create(
        case=case,
        number=newest.number + 1 if newest else 1,
        started_on=on,
        reason=reason.strip(),
        opened_by=by,
    )
    record(
        Kind.RESTAGING_OPENED,
        by=by,
        case=case,
        subject=restaging,
        number=restaging.number,
        started_on=on,
        reason=restaging.reason,
    )
    propose(case=case, by=by)
    return restaging
