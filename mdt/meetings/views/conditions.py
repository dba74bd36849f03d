"""A condition of a decision: not yet, or no longer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.models import Case
from mdt.conflicts import conflict_of, settled
from mdt.meetings import actions
from mdt.meetings.actions.conditions import newest_answer
from mdt.meetings.forms.condition import EndConditionForm, PostponeConditionForm
from mdt.meetings.models import DecisionCondition
from mdt.people.permissions import Permission, get_or_404
from mdt.sent import sent_in


def _condition_or_404(request: HttpRequest, reference: str, condition_id: int) -> DecisionCondition:
    cases = Case.objects.select_related("patient", "team")
    case = get_or_404(cases, request.user, Permission.DECISION_RECORD, reference=reference)
    condition = get_object_or_404(DecisionCondition, pk=condition_id, decision__case=case)
    condition.case = case
    return condition


@require_http_methods(["GET", "POST"])
def postpone_condition(request: HttpRequest, reference: str, condition_id: int) -> HttpResponse:
    """Look again on another day, with the reason."""
    condition = _condition_or_404(request, reference, condition_id)
    title = _("Not yet: look again on another day")
    return _answer(request, condition, PostponeConditionForm, actions.postpone_condition, title)


@require_http_methods(["GET", "POST"])
def end_condition(request: HttpRequest, reference: str, condition_id: int) -> HttpResponse:
    """It no longer applies, with the reason."""
    condition = _condition_or_404(request, reference, condition_id)
    return _answer(request, condition, EndConditionForm, actions.end_condition, _("The condition no longer applies"))


def _answer(request: HttpRequest, condition: DecisionCondition, form_of, action, title: str) -> HttpResponse:
    newest = newest_answer(condition)
    now = newest.pk if newest else 0
    said = {"reason": newest.reason, "next_on": newest.next_on} if newest and request.method == "POST" else {}
    form = settled(lambda data: form_of(data, initial={"version": now, **said}), sent_in(request), version=now)
    status = 409 if form.conflict else 422 if form.errors else 200
    if not form.conflict and form.is_valid():
        try:
            action(condition=condition, by=request.user, **form.cleaned_data)
        except actions.ActionError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
            status = 422
            if isinstance(error, actions.StaleForm):
                form.conflict, status = conflict_of(form, version=now), 409
        else:
            messages.success(request, _("Noted, with your reason."))
            return redirect(condition.case)
    context = {"form": form, "case": condition.case, "condition": condition, "title": title}
    return render(request, "meetings/condition_answer.html", context, status=status)
