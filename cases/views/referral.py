from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms.referral import NewCaseForm, ReasonForm, ReferralForm
from cases.models import Case
from mdt.conflicts import conflict_of, settled
from mdt.people.permissions import Permission, get_or_404, teams_with
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def refer_case(request: HttpRequest) -> HttpResponse:
    if not teams_with(request.user, Permission.CASE_REFER):
        raise PermissionDenied
    form = NewCaseForm(sent_in(request), user=request.user)
    if form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name not in ("version", "as_typed")}
        try:
            case = actions.refer_case(by=request.user, **fields)
        except actions.NumberTaken as error:
            form.add_error(error.field, str(error))
        except actions.ActionError as error:
            form.add_error("hospital_number", str(error))
        else:
            messages.success(request, _("Case %(reference)s is referred.") % {"reference": case.reference})
            return redirect("finding-new", case.reference) if "then" in request.POST else redirect(case)
    return render(request, "cases/refer.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_referral(request: HttpRequest, reference: str) -> HttpResponse:
    case = get_or_404(
        Case.objects.select_related("patient", "team"),
        request.user,
        Permission.REFERRAL_CHANGE,
        reference=reference,
    )
    form = settled(
        lambda data: ReferralForm(data, instance=Case.objects.get(pk=case.pk)), sent_in(request), version=case.version
    )
    status = 409 if form.conflict else 200
    if not form.conflict and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            actions.change_referral(case=case, by=request.user, version=form.cleaned_data["version"] or 0, **fields)
        except actions.StaleForm as error:
            form.add_error(None, str(error))
            form.conflict, status = conflict_of(form, version=Case.objects.get(pk=case.pk).version), 409
        else:
            messages.success(request, _("The referral is changed."))
            return redirect(case)
    elif form.errors and not form.conflict:
        status = 422
    return render(request, "cases/referral_change.html", {"case": case, "form": form}, status=status)


def _with_reason(request: HttpRequest, reference: str, *, action, title: str, lead: str, done: str) -> HttpResponse:
    """Closing and reopening share one page: a reason, then the action."""
    case = get_or_404(
        Case.objects.select_related("patient", "team"),
        request.user,
        Permission.REFERRAL_CHANGE,
        reference=reference,
    )
    form = ReasonForm(sent_in(request), submit=title)
    if form.is_valid():
        try:
            action(case=case, by=request.user, reason=form.cleaned_data["reason"])
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(case)
    return render(
        request,
        "cases/case_reason.html",
        {"case": case, "form": form, "title": title, "lead": lead},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def close_case(request: HttpRequest, reference: str) -> HttpResponse:
    return _with_reason(
        request,
        reference,
        action=actions.close_case,
        title=_("Close the case"),
        lead=_("It leaves the queue, with your reason. Nothing is deleted, and it can be reopened."),
        done=_("The case is closed. It stays readable and can be reopened."),
    )


@require_http_methods(["GET", "POST"])
def take_back_referral(request: HttpRequest, reference: str) -> HttpResponse:
    return _with_reason(
        request,
        reference,
        action=actions.take_back_referral,
        title=_("Take the referral back"),
        lead=_(
            "For a referral that was made by mistake: a wrong patient, or entered twice. It leaves the queue, with "
            "your reason. Nothing is deleted, and it can be brought back."
        ),
        done=_("The referral is taken back. It stays readable and can be brought back."),
    )


@require_http_methods(["GET", "POST"])
def reopen_case(request: HttpRequest, reference: str) -> HttpResponse:
    return _with_reason(
        request,
        reference,
        action=actions.reopen_case,
        title=_("Reopen the case"),
        lead=_("It comes back to the queue, to be prepared for a meeting."),
        done=_("The case is in the queue again."),
    )
