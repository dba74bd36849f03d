"""Pages of audit packs: ask for one, watch it, take it away. Only for those who may make packs in the team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions.errors import ActionError
from mdt.audit.jobs.page import duty_of, silence_of
from mdt.audit.models import AuditPack
from mdt.audit.packs import actions, page
from mdt.audit.packs.forms import PackForm
from mdt.meetings.models import AgendaItem
from mdt.meetings.views.loading import meeting_or_404
from mdt.people.permissions import Permission, get_or_404

PACKS = AuditPack.objects.select_related("team", "asked_by", "item__case")


def _pack_or_404(request: HttpRequest, pack: int) -> AuditPack:
    return get_or_404(PACKS, request.user, Permission.PACK_MAKE, pk=pack)


@require_http_methods(["GET", "HEAD", "POST"])
def show_packs(request: HttpRequest) -> HttpResponse:
    """The packs of one's teams; a POST asks for the decisions of a period."""
    teams = page.teams_of(request.user)
    if not teams:
        raise PermissionDenied
    form = PackForm(request.POST if request.method == "POST" else None, teams=teams)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(actions.ask_pack(by=request.user, **form.cleaned_data))
        except ActionError as error:
            form.add_error(None, str(error))
    context = {"form": form, "packs": page.packs_of(teams)}
    return render(request, "audit/packs.html", context, status=422 if form.is_bound else 200)


@require_POST
def ask_pack_of_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """A pack of one decision, made while one waits."""
    meeting = meeting_or_404(request.user, reference, Permission.PACK_MAKE)
    decided = AgendaItem.objects.filter(meeting=meeting, decisions__version=1)
    item = get_object_or_404(decided, case__reference=case_reference)
    day = meeting.local_start.date()
    pack = actions.ask_pack(
        team=meeting.team, by=request.user, language=get_language(), first_on=day, last_on=day, item=item
    )
    actions.make_at_once(pack=pack)
    return redirect(pack)


@require_safe
def show_pack(request: HttpRequest, pack: int) -> HttpResponse:
    """How far a pack has come, its digest and its files. Asked by htmx it gives only the part that moves."""
    found = _pack_or_404(request, pack)
    files = found.files.values_list("name", "digest") if found.state == AuditPack.State.DONE else []
    duty = duty_of(found)
    context = {
        "pack": found,
        "trouble": page.trouble_of(found, duty),
        "silence": silence_of(found, duty),
        "files": files,
        "kept": actions.KEPT.days,
    }
    return render(request, "audit/_pack.html" if request.htmx else "audit/pack.html", context)


@require_safe
def open_pack(request: HttpRequest, pack: int) -> HttpResponse:
    """The ZIP. Taking it away is logged with every case in it."""
    found = _pack_or_404(request, pack)
    if found.state != AuditPack.State.DONE:
        messages.error(request, _("There is nothing to take away: the pack is not made, or its files were deleted."))
        return redirect(found)
    actions.open_pack(pack=found, by=request.user)
    return FileResponse(
        page.zip_of(found), as_attachment=True, filename=f"{found.filename}.zip", content_type="application/zip"
    )


@require_POST
def cancel_pack(request: HttpRequest, pack: int) -> HttpResponse:
    """Stop it, and delete what was put together."""
    found = _pack_or_404(request, pack)
    try:
        actions.cancel_pack(pack=found, by=request.user)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect(found)


@require_POST
def delete_pack(request: HttpRequest, pack: int) -> HttpResponse:
    """Delete its files before their time."""
    found = _pack_or_404(request, pack)
    actions.delete_pack(pack=found, by=request.user)
    return redirect(found)
