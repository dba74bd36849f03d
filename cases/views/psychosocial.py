from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.case_page import header_context
from cases.forms.psychosocial import NoteForm, OpenNotesForm
from cases.models import Case
from cases.psychosocial import has_door, newest_of, notes_for, reads_all
from mdt.conflicts import conflict_of, settled
from mdt.people.permissions import Permission, get_or_404
from mdt.sent import sent_in

CASES = Case.objects.select_related("patient", "team", "referred_by")


@require_safe
def show_notes(request: HttpRequest, reference: str) -> HttpResponse:
    """The notes that are for this reader; others learn how to open them, not whether there are any."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    if not has_door(request.user, case):
        raise PermissionDenied
    actions.open_case(case=case, by=request.user, page="psychosocial notes")
    return _page(request, case)


@require_POST
def write_note(request: HttpRequest, reference: str) -> HttpResponse:
    """A new note; with `supersedes`, the correction of one of one's own."""
    case = get_or_404(CASES, request.user, Permission.FINDING_RECORD, reference=reference)
    corrected = request.POST.get("supersedes", "")
    former = None
    if corrected:
        own = case.psychosocial_notes.filter(written_by=request.user)
        former = get_object_or_404(own, pk=corrected if corrected.isascii() and corrected.isdecimal() else 0)
    newest = newest_of(former)

    def make(data):
        return NoteForm(data, initial={"text": newest.text} if newest else None, auto_id="late_%s")

    form = settled(make, sent_in(request), version=newest.pk if newest else 0)
    if newest and form.data.get("version") == str(newest.pk):  # both texts were read
        former = newest
    if not form.conflict and form.is_valid():
        try:
            actions.write_note(case=case, by=request.user, text=form.cleaned_data["text"], supersedes=former)
            return redirect("psychosocial", case.reference)
        except actions.ActionError as error:
            form.add_error(None, str(error))
            if isinstance(error, actions.StaleForm):
                form.conflict = conflict_of(form, version=newest.pk)
    if form.conflict:
        return _page(request, case, late_form=form, corrected=former)
    return _page(request, case, note_form=form)


@require_POST
def open_notes(request: HttpRequest, reference: str) -> HttpResponse:
    """Break glass on the notes of one case: with a reason, for some hours, never in silence."""
    case = get_or_404(CASES, request.user, Permission.FINDING_RECORD, reference=reference)
    form = OpenNotesForm(request.POST)
    if form.is_valid():
        actions.open_notes(case=case, by=request.user, reason=form.cleaned_data["reason"])
        return redirect("psychosocial", case.reference)
    return _page(request, case, open_form=form)


def _page(request: HttpRequest, case: Case, **forms) -> HttpResponse:
    context = {
        **header_context(case, request.user, tab="psychosocial"),
        "notes": notes_for(request.user, case),
        "reads_all": reads_all(request.user, case),
        "note_form": NoteForm(),
        "open_form": OpenNotesForm(auto_id="open_%s"),
        **forms,
    }
    status = 409 if "late_form" in forms else 422 if forms else 200
    return render(request, "cases/psychosocial.html", context, status=status)
