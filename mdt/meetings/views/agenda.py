from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Case
from mdt.meetings import actions
from mdt.meetings.actions.agenda import is_slip
from mdt.meetings.forms.meeting import ListCaseForm, MoveCaseForm, ReasonForm
from mdt.meetings.meeting_page import meeting_context
from mdt.meetings.models import AgendaItem
from mdt.meetings.planning.order import by_difficulty
from mdt.meetings.views.loading import coming_beside, item_or_404, meeting_or_404
from mdt.people.permissions import Permission
from mdt.sent import sent_in


@require_POST
def list_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Add one case from the picker. What was typed stays there when it is refused."""
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    form = ListCaseForm(request.POST)
    status = 422
    if form.is_valid():
        case = get_object_or_404(Case, team=meeting.team, reference=form.cleaned_data.pop("case"))
        try:
            actions.list_case(meeting=meeting, case=case, by=request.user, **form.cleaned_data)
        except actions.ActionError as error:
            form.add_error("late_reason", str(error))
        else:
            messages.success(request, _("%(case)s is on the agenda.") % {"case": case.reference})
            return redirect(meeting)
    context = meeting_context(meeting, request.user, search=request.POST.get("q", ""), refused=form)
    return render(request, "meetings/meeting.html", context, status=status)


@require_http_methods(["GET", "POST"])
def unlist_case(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    item = item_or_404(meeting, case_reference)
    needs_reason = timezone.now() > meeting.cut_off_at and not is_slip(item, request.user)
    form = ReasonForm(sent_in(request), submit=_("Take off the agenda"), needs_reason=needs_reason)
    if form.is_valid():
        try:
            actions.unlist_case(item=item, by=request.user, reason=form.cleaned_data["reason"])
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(case)s is off the agenda.") % {"case": item.case.reference})
            return redirect(meeting)
    title = _("Take %(case)s off the agenda") % {"case": item.case.reference}
    context = {
        **{"form": form, "meeting": meeting, "title": title, "about": item.case.patient.name},
        "effect": _("The case goes back into preparation and keeps everything that was recorded."),
    }
    return render(request, "meetings/reason.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def move_case(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """To another of the team's meetings to come, with its minutes."""
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    item, others = item_or_404(meeting, case_reference), coming_beside(meeting)
    form = MoveCaseForm(sent_in(request), item=item, meetings=others)
    if form.is_valid():
        to = next(each for each in others if each.reference == form.cleaned_data["to"])
        try:
            actions.move_case(item=item, to=to, by=request.user, reason=form.cleaned_data["reason"])
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            words = {"case": item.case.patient.name, "meeting": to.reference}
            messages.success(request, _("%(case)s is on the agenda of %(meeting)s now.") % words)
            return redirect(meeting)
    title = _("Move %(case)s to another meeting") % {"case": item.case.patient.name}
    context = {
        **{"form": form, "meeting": meeting, "title": title, "about": item.case.reference},
        "effect": _("It keeps its minutes and comes to the end of the other agenda; both meetings say so in the log.")
        if others
        else _("No other meeting is planned: plan one first."),
    }
    return render(request, "meetings/reason.html", context, status=422 if form.errors else 200)


def moved(order: list[int], move: str) -> list[int]:
    """The order with one item a place up or down: `"17:up"`. Anything else leaves it as it is."""
    pk, _colon, way = move.partition(":")
    order = list(order)
    if pk.isdecimal() and int(pk) in order and way in ("up", "down"):
        place = order.index(int(pk))
        order.insert(max(place + (-1 if way == "up" else 1), 0), order.pop(place))
    return order


@require_POST
def order_agenda(request: HttpRequest, reference: str) -> HttpResponse:
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    agenda = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).exclude(case__in=Case.objects.restricted())
    items = list(agenda.select_related("case"))
    before, move = [item.pk for item in items], request.POST.get("move", "")
    sorts = move == "difficulty"
    order = [item.pk for item in by_difficulty(items)] if sorts else moved(before, move)
    if "order" in request.POST:  # the order of before, to undo
        order = numbers_of(request.POST["order"])
    version = request.POST.get("version", "")
    try:
        actions.order_agenda(
            meeting=meeting, by=request.user, order=order, version=int(version) if version.isdecimal() else 0
        )
    except actions.ActionError as error:
        messages.error(request, str(error))
        return redirect(f"{meeting.get_absolute_url()}#agenda")
    undo = f"?before={'.'.join(map(str, before))}" if sorts and order != before else ""
    return redirect(f"{meeting.get_absolute_url()}{undo}#agenda")


def numbers_of(text: str) -> list[int]:
    """`17.4.9` as numbers; anything else is left out."""
    return [int(part) for part in text[:2000].split(".") if part.isdecimal()]
