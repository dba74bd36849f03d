"""Pages of replays: start one, watch it, read what changed. A run is seen by those who may replay in its team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions.errors import ActionError
from mdt.audit.jobs.page import duty_of, silence_of
from mdt.audit.models import ReplayRun
from mdt.audit.replay import actions, decisions_page, queries
from mdt.audit.replay.forms import ReplayForm
from mdt.people.models import Team
from mdt.people.permissions import Permission, get_or_404

RUNS = ReplayRun.objects.select_related("team", "asked_by")


def _run_or_404(request: HttpRequest, run: int) -> ReplayRun:
    return get_or_404(RUNS, request.user, Permission.RULES_REPLAY, pk=run)


def _teams_or_403(request: HttpRequest) -> list[Team]:
    teams = queries.replay_teams(request.user)
    if not teams:
        raise PermissionDenied
    return teams


@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: HttpRequest) -> HttpResponse:
    """The runs of one's teams; a POST starts one."""
    teams = _teams_or_403(request)
    form = ReplayForm(request.POST if request.method == "POST" else None, teams=teams)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        run = actions.start_replay(
            team=chosen["team"],
            question=form.question,
            is_all_snapshots=chosen["is_all_snapshots"],
            by=request.user,
        )
        return redirect(run)
    runs = [{"run": run, "name": queries.name_of(run)} for run in queries.runs_of(teams)]
    status = 422 if form.is_bound else 200
    return render(request, "audit/replays.html", {"form": form, "runs": runs, "teams": teams}, status=status)


@require_safe
def replay(request: HttpRequest, run: int) -> HttpResponse:
    """How far a run has come, and what changed so far. Asked by htmx it gives only the part that moves."""
    found = _run_or_404(request, run)
    duty = duty_of(found)
    context = {
        "run": found,
        "name": queries.name_of(found),
        "trouble": queries.trouble_of(found, duty),
        "silence": silence_of(found, duty),
        "tables": queries.tables_of(found),
        "judged": decisions_page.summary_of(found),
    }
    return render(request, "audit/_replay.html" if request.htmx else "audit/replay.html", context)


@require_POST
def cancel_replay(request: HttpRequest, run: int) -> HttpResponse:
    """Stop it; what was found stays."""
    return _act(request, run, actions.cancel_replay)


@require_POST
def resume_replay(request: HttpRequest, run: int) -> HttpResponse:
    """Go on behind the last snapshot that was answered."""
    return _act(request, run, actions.resume_replay)


def _act(request: HttpRequest, run: int, action) -> HttpResponse:
    found = _run_or_404(request, run)
    try:
        action(run=found, by=request.user)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect(found)


def _asked(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:400].replace("\0", "") for name in names}


def _start(request: HttpRequest) -> int:
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else 0


@require_safe
def replay_cases(request: HttpRequest, run: int) -> HttpResponse:
    """The snapshots behind one cell of the table, or all that changed; each leads to its reasons."""
    found = _run_or_404(request, run)
    asked = _asked(request, "part", "old", "new")
    lines, following = queries.changes_of(found, asked, _start(request))
    context = {
        "run": found,
        "name": queries.name_of(found),
        "lines": lines,
        "following": following,
        "asked": _("%(old)s → %(new)s") % {name: queries.words_of(found, asked[name]) for name in ("old", "new")}
        if asked["part"] in queries.PARTS
        else "",
    }
    return render(request, "audit/replay_cases.html", context)


@require_safe
def export_replay(request: HttpRequest, run: int) -> StreamingHttpResponse:
    """Every snapshot that changed, as CSV."""
    found = _run_or_404(request, run)
    actions.export_replay(run=found, by=request.user)
    response = StreamingHttpResponse(queries.csv_of(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="replay-{found.pk}.csv"'
    return response


@require_safe
def replay_decisions(request: HttpRequest, run: int) -> HttpResponse:
    """The past decisions that these rules judge otherwise, or those of one cell; each leads to the decision."""
    found = _run_or_404(request, run)
    asked = _asked(request, "before", "after", "as")
    lines, following = decisions_page.lines_of(found, asked, _start(request))
    context = {
        "run": found,
        "name": queries.name_of(found),
        "lines": lines,
        "following": following,
        "asked": decisions_page.in_words(asked),
    }
    return render(request, "audit/replay_decisions.html", context)


@require_safe
def export_decisions(request: HttpRequest, run: int) -> StreamingHttpResponse:
    """Every past decision that these rules judge otherwise, as CSV."""
    found = _run_or_404(request, run)
    actions.export_replay(run=found, by=request.user, part="decisions")
    response = StreamingHttpResponse(decisions_page.csv_of(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="replay-{found.pk}-decisions.csv"'
    return response
