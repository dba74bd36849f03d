from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mdt.meetings import actions
from mdt.meetings.models import AgendaPlan
from mdt.meetings.planning.page import Posted, counts_context, plan_context, posted
from mdt.meetings.planning.plan import make_plan, plan_as_shown
from mdt.people.models import Team
from mdt.people.permissions import Permission, get_or_404, get_team_or_404, teams_with


def team_asked_for(request: HttpRequest) -> Team:
    """The team named in the address or the form, else the person's first. Raises PermissionDenied without any."""
    code = request.POST.get("team") or request.GET.get("team", "")
    if code:
        return get_team_or_404(request.user, code, Permission.MEETING_PLAN)
    mine = teams_with(request.user, Permission.MEETING_PLAN)
    if not mine:
        raise PermissionDenied
    return Team.objects.filter(pk__in=mine).order_by("name", "id").first()


@require_http_methods(["GET", "POST"])
def plan_agendas(request: HttpRequest) -> HttpResponse:
    """A plan for all coming meetings of a team. Nothing is stored before "apply"."""
    team = team_asked_for(request)
    timezone.activate(team.zone)
    if request.method == "GET":
        context = plan_context(make_plan(team), request.user)
        return render(request, "meetings/plan_agendas.html", context)
    sent = posted(request.POST)
    if request.POST.get("do") == "apply":
        return _apply(request, team, sent)
    if request.POST.get("do") == "count":
        shown = plan_as_shown(team, sent.choices, sent.places)
        return render(request, "meetings/_plan_counts.html", counts_context(shown, sent.reasons))
    plan = make_plan(team, sent.choices, anew=request.POST.get("do") == "anew")
    context = plan_context(plan, request.user, sent=sent, sort=sent.sort)
    return render(request, "meetings/plan_agendas.html", context)


def _apply(request: HttpRequest, team: Team, sent: Posted) -> HttpResponse:
    try:
        with transaction.atomic():
            actions.lock_agendas(team)
            plan = plan_as_shown(team, sent.choices, sent.places)
            applied = actions.apply_plan(
                plan=plan, by=request.user, digest=sent.digest, reasons=sent.reasons, sort=sent.sort
            )
    except actions.ActionError as error:
        status = 409 if isinstance(error, actions.StaleForm) else 422
        messages.error(request, str(error))
        context = plan_context(make_plan(team, sent.choices), request.user, sent=sent, sort=sent.sort)
        return render(request, "meetings/plan_agendas.html", context, status=status)
    count = len(applied.moves)
    said = ngettext(
        "The plan is applied: %(count)d case placed.", "The plan is applied: %(count)d cases placed.", count
    )
    messages.success(request, said % {"count": count})
    return redirect(f"{reverse('agendas-plan')}?team={team.code}")


@require_POST
def undo_plan(request: HttpRequest, plan: int) -> HttpResponse:
    """Take the newest application back as a whole."""
    rows = AgendaPlan.objects.select_related("team")
    applied = get_or_404(rows, request.user, Permission.MEETING_PLAN, pk=plan)
    try:
        actions.undo_plan(plan=applied, by=request.user)
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The plan is undone: every case is where it was before."))
    return redirect(f"{reverse('agendas-plan')}?team={applied.team.code}")
