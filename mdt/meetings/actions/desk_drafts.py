"""What is typed at the desk, kept as it is typed."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import Restricted, record
from mdt.events.kinds import Kind
from mdt.meetings.actions.decisions import lock_item, newest_decision
from mdt.meetings.models import AgendaItem, DeskDraft
from mdt.people.models import User

DRAFT_LIMIT = 2_000_000  # characters: far more than a desk can hold, and less than a request may


@transaction.atomic
def save_desk_draft(
    *, item: AgendaItem, by: User, entries: Mapping[str, Sequence[str]], based_on: int
) -> DeskDraft | None:
    """Keep what `by` has typed so far, right or wrong. One draft per person and case; it goes when they record.

    `based_on` is the version of the decision when the form was opened. None where the same person recorded a newer one
    since: a late request must not revive its draft. Raises ActionError for more text than DRAFT_LIMIT,
    Restricted where the patient's data may only be stored since.
    """
    if sum(len(value) for values in entries.values() for value in values) > DRAFT_LIMIT:
        raise ActionError(_("The draft is too long to keep."))
    item = lock_item(item)
    if item.case.is_restricted:  # what follows leaves no line in the log, which would refuse it
        raise Restricted(item.case.reference)
    newest = newest_decision(item)
    if newest is not None and newest.version > based_on and newest.recorded_by_id == by.pk:
        return None
    draft, is_new = DeskDraft.objects.get_or_create(
        item=item, author=by, defaults={"entries": dict(entries), "based_on": based_on}
    )
    if is_new:
        record(Kind.DECISION_DRAFTED, by=by, case=item.case, subject=draft, meeting=item.meeting.reference)
    else:
        draft.entries, draft.based_on = dict(entries), based_on
        draft.save(update_fields=["entries", "based_on", "saved_at"])
    return draft


@transaction.atomic
def discard_desk_draft(*, item: AgendaItem, by: User) -> None:
    """Throw one's own draft away, on one's own word."""
    draft = DeskDraft.objects.filter(item=item, author=by).first()
    if draft is not None:
        record(Kind.DRAFT_DISCARDED, by=by, case=item.case, subject=draft, discipline=by.discipline)
        draft.delete()
