import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Urgency
from cases.queue import Filters, Key, Queue, waited_for
from cases.queue_rows import categories_by_pathway_label, count_of, rows_of, segments
from mdt.people.disciplines import Discipline
from mdt.people.permissions import Permission, manageable_teams, teams_with


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The landing page. Somebody who may see no case is led to what they may do."""
    if not teams_with(request.user, Permission.CASE_VIEW):
        if request.user.is_superuser or manageable_teams(request.user).exists():
            return redirect("teams")
        is_privacy_officer = bool(teams_with(request.user, Permission.PRIVACY_MANAGE))
        return redirect("privacy") if is_privacy_officer else render(request, "cases/queue_no_team.html")
    filters = Filters.from_query(request.GET)
    shown = Queue(request.user, filters)
    page = shown.page(after=Key.parse(request.GET.get("after", "")), before=Key.parse(request.GET.get("before", "")))
    context = {
        "page": page,
        "groups": [(name, rows_of(cases, shown.tokens)) for name, cases in page.groups],
        "filters": filters,
        "segments": segments(filters.show),
        "disciplines": Discipline.choices,
        "urgencies": Urgency.choices,
        "categories": categories_by_pathway_label(),
        "today": timezone.localdate(),
        "can_refer": bool(teams_with(request.user, Permission.CASE_REFER)),
    }
    if not request.htmx:
        return render(request, "cases/queue.html", context)
    answer = render(request, "cases/_queue_found.html", context)
    answer.headers["HX-Trigger"] = json.dumps({"announce": count_of(page)})  # ASCII, as a header has to be
    return answer


@require_safe
def show_waited_for(request: HttpRequest) -> HttpResponse:
    """Who the open cases wait for, as a panel beside the queue; loaded after the page, so that it never slows it."""
    waited = waited_for(teams_with(request.user, Permission.CASE_VIEW))
    return render(request, "cases/_waited_for.html", {"waited": waited})


@require_safe
def show_counts(request: HttpRequest) -> HttpResponse:
    """The segments with their counts, loaded after the page."""
    filters = Filters.from_query(request.GET)
    counts = Queue(request.user, filters).counts()
    return render(request, "cases/_segments.html", {"filters": filters, "segments": segments(filters.show, counts)})
