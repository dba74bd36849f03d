"""Ending a meeting, releasing outcomes, noting who was told, and next steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.meetings import actions
from mdt.meetings.forms.told import ToldForm
from mdt.meetings.models import NextStep
from mdt.meetings.outcome.finish_page import finish_context, finish_form
from mdt.meetings.outcome.next_steps import steps_context, steps_of_meeting
from mdt.meetings.views.loading import decision_or_404, meeting_or_404, way_back
from mdt.people.permissions import Permission, can_mark_step, get_or_404
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def finish_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """One page that says what will happen, one button that does it. A second click finds it done."""
    meeting = meeting_or_404(request.user, reference, Permission.OUTCOME_RELEASE)
    if hasattr(meeting, "finish"):
        words = {"person": meeting.finish.finished_by, "meeting": meeting.reference}
        messages.info(request, _("%(person)s has finished the meeting %(meeting)s.") % words)
        return redirect(meeting)
    form = finish_form(meeting, sent_in(request))
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            actions.finish_meeting(
                meeting=meeting,
                by=request.user,
                version=form.cleaned_data["version"],
                onward=form.onward(),
                signers=form.signers(),
            )
        except actions.ActionError as error:
            form.add_error(None, str(error))
            form.data = {**form.data.dict(), "version": meeting.version}
            status = 409 if isinstance(error, actions.StaleForm) else 422
        else:
            messages.success(request, _("The meeting is finished."))
            return redirect(meeting)
    return render(request, "meetings/finish.html", finish_context(meeting, form), status=status)


@require_POST
def release_outcome(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """Let the letters of one signed version out."""
    meeting = meeting_or_404(request.user, reference, Permission.OUTCOME_RELEASE)
    decision = decision_or_404(meeting, case_reference, version)
    try:
        actions.release_outcome(decision=decision, by=request.user)
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The outcome is released. The letters are on their way."))
    return redirect("decision", reference, case_reference, version)


@require_http_methods(["GET", "POST"])
def note_told(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """Who was told of the outcome, by whom, on which day."""
    meeting = meeting_or_404(request.user, reference, Permission.IMPLEMENTATION_REPORT)
    decision = decision_or_404(meeting, case_reference, version)
    form = ToldForm(sent_in(request), decision=decision, reader=request.user)
    if form.is_valid():
        try:
            actions.note_told(decision=decision, by=request.user, **form.cleaned_data)
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is noted who was told."))
            return redirect("decision", reference, case_reference, version)
    context = {"form": form, "decision": decision, "meeting": meeting, "case": decision.case}
    return render(request, "meetings/told.html", context, status=422 if form.errors else 200)


@require_safe
def show_steps(request: HttpRequest) -> HttpResponse:
    """My next steps over all meetings; for those who record decisions, those of everybody in their teams."""
    context = steps_context(request.user, whose=request.GET.get("whose", ""), page=request.GET.get("page", "1"))
    return render(request, "meetings/steps.html", context)


@require_safe
def show_steps_of_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """The next steps that one meeting agreed."""
    meeting = meeting_or_404(request.user, reference)
    actions.open_meeting(meeting=meeting, by=request.user)
    context = {"meeting": meeting, "rows": steps_of_meeting(meeting, request.user)}
    return render(request, "meetings/steps_of_meeting.html", context)


@require_POST
def mark_step(request: HttpRequest, step: int) -> HttpResponse:
    """Done, or open again with the reason: by its owner, or by who records decisions."""
    rows = NextStep.objects.select_related("owner", "decision__case__team")
    found = get_or_404(rows, request.user, Permission.CASE_VIEW, team_path="decision__case__team", pk=step)
    if not can_mark_step(request.user, found.owner, found.decision.case.team_id):
        raise PermissionDenied
    try:
        if request.POST.get("mark") == "open":
            actions.reopen_step(step=found, by=request.user, reason=request.POST.get("reason", ""))
        else:
            actions.mark_step_done(step=found, by=request.user)
    except actions.ActionError as error:
        messages.error(request, str(error))
    return redirect(way_back(request, "next-steps"))
