"""Writing psychosocial notes, and opening them with a reason. No line of the log says a word of a note."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError, StaleForm
from cases.actions.exceptions import tell_of_opening
from cases.actions.locks import lock_case
from cases.models import Case, NotesOpening, PsychosocialNote
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Role, User
from mdt.people.permissions import Permission, can


@transaction.atomic
def write_note(*, case: Case, by: User, text: str, supersedes: PsychosocialNote | None = None) -> PsychosocialNote:
    """Add a note, or correct one of one's own. Sent twice, it is written once. Raises ActionError for an empty one,
    StaleForm for one that was corrected meanwhile."""
    case = lock_case(case)
    text = text.strip()
    if not text or len(text) > PsychosocialNote.LENGTH:
        raise ActionError(_("Write between one and %(most)d characters.") % {"most": PsychosocialNote.LENGTH})
    newest = case.psychosocial_notes.filter(written_by=by).first()
    if newest is not None and newest.text == text and supersedes in (None, newest.supersedes):
        return newest
    if supersedes is not None:
        if supersedes.case_id != case.pk or supersedes.written_by_id != by.pk:
            raise PermissionDenied
        if PsychosocialNote.objects.filter(supersedes=supersedes).exists():
            raise StaleForm(_("This note was corrected in the meantime. Nothing was stored; look at the newer one."))
    note = PsychosocialNote.objects.create(case=case, text=text, written_by=by, supersedes=supersedes)
    record(Kind.NOTE_WRITTEN, by=by, case=case, subject=note, is_correction=supersedes is not None)
    return note


@transaction.atomic
def open_notes(*, case: Case, by: User, reason: str) -> NotesOpening:
    """Let a clinician of the team read the notes of one case for some hours, and tell those whom it concerns."""
    if not can(by, Permission.FINDING_RECORD, case.team_id):
        raise PermissionDenied
    hours = settings.EMERGENCY_HOURS
    until = timezone.now() + timedelta(hours=hours)
    opening = NotesOpening.objects.create(case=case, person=by, reason=reason.strip(), until=until)
    record(Kind.NOTES_OPENED, by=by, case=case, subject=opening, reason=opening.reason, hours=hours)
    tell_of_opening(
        key=f"notes:{opening.pk}",
        case=case,
        by=by,
        roles=[Role.AUDITOR, Role.SUPPORTIVE],
        subject=lambda: _("The psychosocial notes of %(case)s were opened") % {"case": case.reference},
        body=lambda: (
            _("%(person)s, for whom they are not meant, opened them. The reason is in the event log.") % {"person": by}
        ),
    )
    return opening
