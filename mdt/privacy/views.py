"""Pages of the privacy office, and the page on which a chair or a second officer carries an order out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.conflicts import not_stored
from mdt.meetings.outcome.restricted import held_of
from mdt.people.permissions import Permission, can, get_or_404
from mdt.privacy import actions, page
from mdt.privacy.forms import (
    AskForm,
    CarryOutForm,
    DecideForm,
    HoldForm,
    LiftForm,
    LiftRestrictionForm,
    RestrictForm,
)
from mdt.privacy.models import ErasureRequest, LegalHold, Restriction
from mdt.privacy.reach import cases_of
from mdt.sent import sent_in


def _office_or_403(request: HttpRequest) -> list[int]:
    teams = page.teams_of(request.user)
    if not teams:
        raise PermissionDenied
    return teams


def _order_or_404(request: HttpRequest, erasure: int, permission: Permission) -> ErasureRequest:
    return get_or_404(ErasureRequest.objects.for_page(), request.user, permission, pk=erasure)


def _case_of(form, teams: list[int]) -> Case | None:
    """The case that a form names; a complaint beside the field where none of these teams has it."""
    reference = form.cleaned_data["reference"].strip()
    found = (
        Case.objects.filter(team__in=teams)
        .select_related("team", "patient")
        .filter(reference__iexact=reference)
        .first()
    )
    if found is None:
        form.add_error("reference", _("No team whose privacy office you hold has this case."))
    return found


@require_GET
def show_privacy(request: HttpRequest) -> HttpResponse:
    """The policy, what is due, requests and holds."""
    _office_or_403(request)
    return render(request, "privacy/office.html", page.office(request.user))


@require_http_methods(["GET", "POST"])
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """Record a request for erasure; `?case=` fills in the reference, as from the list of what is due."""
    teams = _office_or_403(request)
    asked = {"reference": request.GET.get("case", "")[:32]}
    if asked["reference"]:
        asked |= {"asked_by": ErasureRequest.Asker.RETENTION, "right": ErasureRequest.Right.POLICY}
    form = AskForm(sent_in(request), initial=asked)
    if form.is_valid() and (case := _case_of(form, teams)):
        values = {name: value for name, value in form.cleaned_data.items() if name != "reference"}
        try:
            return redirect(actions.ask_erasure(case=case, by=request.user, **values))
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, "privacy/ask.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def show_erasure(request: HttpRequest, erasure: int) -> HttpResponse:
    """One request. Whose it is stands there until it is carried out, and looking is logged."""
    return _order_page(request, _order_or_404(request, erasure, Permission.ERASURE_CONFIRM))


@require_POST
def decide_erasure(request: HttpRequest, erasure: int) -> HttpResponse:
    order = _order_or_404(request, erasure, Permission.PRIVACY_MANAGE)
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            actions.decide_erasure(request=order, by=request.user, **form.cleaned_data)
            return redirect(order)
        except ActionError as error:
            if order.decided:  # by somebody else meanwhile: both texts stand on the page
                return _order_page(request, order, status=409, **not_stored(error, form.cleaned_data["reason"]))
            form.add_error(None, str(error))
    return _order_page(request, order, decide_form=form)


@require_POST
def carry_out_erasure(request: HttpRequest, erasure: int) -> HttpResponse:
    """By another person than who decided. It cannot be undone."""
    order = _order_or_404(request, erasure, Permission.ERASURE_CONFIRM)
    form = CarryOutForm(request.POST, user=request.user, request=request)
    if form.is_valid():
        try:
            actions.carry_out(request=order, by=request.user, reference=form.cleaned_data["reference"])
            messages.success(request, _("The order was carried out."))
            return redirect(order)
        except ActionError as error:
            form.add_error(None, str(error))
    return _order_page(request, order, carry_out_form=form)


def _order_page(request: HttpRequest, order: ErasureRequest, status: int = 0, **forms) -> HttpResponse:
    context = {
        "decide_form": DecideForm() if can(request.user, Permission.PRIVACY_MANAGE, order.team) else None,
        "carry_out_form": CarryOutForm(user=request.user, request=request),
        **forms,
        **page.order(order),
    }
    if context["patient"] is not None and context["erasure"] is None:
        case = Case.objects.select_related("team").get(reference=order.case_reference)
        actions.look_up(case=case, by=request.user)
    return render(request, "privacy/order.html", context, status=status or (422 if forms else 200))


@require_http_methods(["GET", "POST"])
def place_hold(request: HttpRequest) -> HttpResponse:
    """Let nothing of a patient be erased."""
    teams = _office_or_403(request)
    form = HoldForm(sent_in(request))
    if form.is_valid() and (case := _case_of(form, teams)):
        try:
            actions.place_hold(case=case, by=request.user, reason=form.cleaned_data["reason"])
            return redirect("privacy")
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, "privacy/hold.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def lift_hold(request: HttpRequest, hold: int) -> HttpResponse:
    found = get_or_404(LegalHold.objects.select_related("team"), request.user, Permission.PRIVACY_MANAGE, pk=hold)
    form = LiftForm(request.POST)
    try:
        if not form.is_valid():
            raise ActionError(_("Say why the hold ends."))
        actions.lift_hold(hold=found, by=request.user, reason=form.cleaned_data["reason"])
    except ActionError as error:
        context = page.office(request.user) | not_stored(error, request.POST.get("reason", ""))
        return render(request, "privacy/office.html", context, status=422 if form.errors else 409)
    return redirect("privacy")


@require_http_methods(["GET", "POST"])
def place_restriction(request: HttpRequest) -> HttpResponse:
    """Let what is held of a patient only be stored."""
    teams = _office_or_403(request)
    form = RestrictForm(sent_in(request))
    if form.is_valid() and (case := _case_of(form, teams)):
        values = {name: value for name, value in form.cleaned_data.items() if name != "reference"}
        try:
            actions.restrict(case=case, by=request.user, **values)
            return redirect("privacy")
        except ActionError as error:
            form.add_error(None, str(error))
    return render(request, "privacy/restrict.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def lift_restriction(request: HttpRequest, restriction: int) -> HttpResponse:
    """End a restriction; the person was told beforehand."""
    rows = Restriction.objects.select_related("team", "placed_by")
    found = get_or_404(rows, request.user, Permission.PRIVACY_MANAGE, pk=restriction)
    form = LiftRestrictionForm(sent_in(request), held=held_of(cases_of(found.patient_id)))
    if form.is_valid():
        try:
            actions.lift_restriction(restriction=found, by=request.user, **form.cleaned_data)
            return redirect("privacy")
        except ActionError as error:
            form.add_error(None, str(error))
    context = {"form": form, "restriction": found}
    return render(request, "privacy/lift_restriction.html", context, status=422 if form.errors else 200)
