"""The follow-up of a case: what became of the patient, reported, corrected and taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import ActionError, StaleForm, open_case
from cases.case_page import header_context
from cases.models import Case
from cases.sealing import name_in_log
from mdt.audit.outcomes.actions import Contradicts, correct_follow_up, record_follow_up, retract_follow_up
from mdt.audit.outcomes.forms import FollowUpForm
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.audit.outcomes.page import follow_up_context
from mdt.conflicts import conflict_of, settled
from mdt.people.permissions import Permission, get_or_404, require
from mdt.sent import sent_in


def _case_or_404(request: HttpRequest, reference: str, permission: Permission) -> Case:
    return get_or_404(Case.objects.select_related("patient", "team"), request.user, permission, reference=reference)


@require_http_methods(["GET", "POST"])
def show_follow_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything reported of one patient; ?kind= opens the form for one kind of event."""
    case = _case_or_404(request, reference, Permission.CASE_VIEW)
    kind = request.GET.get("kind", "")
    form = FollowUpForm(sent_in(request), case=case, kind=kind) if kind in FollowUpEvent.Kind.values else None
    if request.method == "POST":
        require(request.user, Permission.IMPLEMENTATION_REPORT, case.team_id)
        if form is None:
            raise Http404
        if _is_kept(form, record_follow_up, case=case, by=request.user, kind=kind):
            messages.success(request, _("It is kept. Should it be wrong, correct it or take it back below."))
            return redirect("case-follow-up", reference)
    else:
        page = name_in_log(case, "follow-up", tells=case.decisions.exists())
        open_case(case=case, by=request.user, page=page)
    return _page(request, case, form, kind)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """The same form, filled with what stands; the earlier entry stays readable. Of an entry that somebody corrected
    meanwhile, both texts."""
    case, shown = _entry_or_404(request, reference, entry)
    event = shown.standing_now or shown
    event.case = case
    initial = {name: getattr(event, name) for name in ("happened_on", "value", "text", "told_by")}
    initial["version"] = event.pk

    def make(data):
        return FollowUpForm(data, case=case, kind=event.kind, corrects=event, initial=initial)

    form = settled(make, sent_in(request), version=event.pk)
    if form.data.get("version") == str(event.pk):  # both texts were read
        shown = event
    if not form.conflict and _is_kept(form, correct_follow_up, event=shown, by=request.user):
        messages.success(request, _("The correction is kept; the earlier entry stays readable."))
        return redirect("case-follow-up", reference)
    if getattr(form, "is_stale", False) and event.pk != shown.pk:
        form.conflict = conflict_of(form, version=event.pk)
    return _page(request, case, form, event.kind, corrects=event)


@require_POST
def retract(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """Take an entry back with one click."""
    _case, event = _entry_or_404(request, reference, entry)
    try:
        retract_follow_up(event=event, by=request.user, reason=request.POST.get("reason", ""))
    except ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is taken back; it stays readable among the changes."))
    return redirect("case-follow-up", reference)


def _entry_or_404(request: HttpRequest, reference: str, entry: int) -> tuple[Case, FollowUpEvent]:
    case = _case_or_404(request, reference, Permission.IMPLEMENTATION_REPORT)
    event = get_object_or_404(case.follow_up_events.filter(is_retraction=False), pk=entry)
    event.case = case
    return case, event


def _is_kept(form: FollowUpForm, action, **fixed) -> bool:
    """Whether the form was sent and kept; what stands in the way is said in the form."""
    if not form.is_valid():
        return False
    said = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        action(**fixed, **said)
    except ActionError as error:
        form.add_error(None, str(error).splitlines())
        form.is_stale = isinstance(error, StaleForm)
        if isinstance(error, Contradicts):
            form.ask_about_contradiction()
        return False
    return True


def _page(request: HttpRequest, case: Case, form: FollowUpForm | None, kind: str, **more) -> HttpResponse:
    context = {
        **header_context(case, request.user, tab="follow-up"),
        **follow_up_context(case, request.user),
        "form": form,
        "kind": kind,
        **more,
    }
    is_late = form and (getattr(form, "is_stale", False) or getattr(form, "conflict", None))
    status = 409 if is_late else 422 if form and form.errors else 200
    return render(request, "followup/case.html", context, status=status)
