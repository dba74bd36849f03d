"""Who reads which psychosocial notes of a case: the one place that reads them."""

from django.db.models import QuerySet

from cases.models import Case, NotesOpening, PsychosocialNote
from mdt.people.models import User
from mdt.people.permissions import Permission, can, emergency_access


def reads_all(user: User, case: Case) -> bool:
    """Whether all notes are for this person: supportive care, or who opened them, or the case, with a reason."""
    if can(user, Permission.PSYCHOSOCIAL_VIEW, case.team_id) or emergency_access(user, case):
        return True
    may_open = can(user, Permission.FINDING_RECORD, case.team_id)
    return may_open and NotesOpening.objects.running().filter(case=case, person=user).exists()


def has_door(user: User, case: Case) -> bool:
    """Whether there is a page for this person: to read, to write, or to open with a reason."""
    return can(user, Permission.FINDING_RECORD, case.team_id) or reads_all(user, case)


def newest_of(note: PsychosocialNote | None) -> PsychosocialNote | None:
    """The correction of the corrections of a note; the note itself where there is none."""
    while note is not None and (later := PsychosocialNote.objects.filter(supersedes=note).first()) is not None:
        note = later
    return note


def notes_for(user: User, case: Case) -> QuerySet[PsychosocialNote]:
    """The notes that this person may read, newest first: all, or one's own."""
    notes = case.psychosocial_notes.select_related("written_by", "supersedes", "superseded_by")
    return notes if reads_all(user, case) else notes.filter(written_by=user)
