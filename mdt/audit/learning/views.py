"""The learning list: clusters, the cases and words behind one, and making a suggestion of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mdt.audit import actions
from mdt.audit.figures.views import scope_or_403
from mdt.audit.learning import clusters, page
from mdt.audit.rows.actions import keep_up
from mdt.audit.scope import Scope
from mdt.rulebook.actions import RuleRefusal
from mdt.rulebook.suggestions.actions import suggest


@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """What recurs in reasoned departures."""
    scope, left = scope_or_403(request), keep_up()
    least = _least(request)
    context = {"scope": scope, "left": left, "table": page.table_of(scope, least), "least": least}
    return render(request, "audit/learning/list.html", context)


def _least(request: HttpRequest) -> int:
    text = request.GET.get("least", "")
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else clusters.LEAST
    return max(wanted, clusters.FEWEST)


def _cluster_or_404(request: HttpRequest, scope: Scope) -> clusters.Cluster:
    asked = [request.GET.get(name, "")[:120].replace("\0", "") for name in ("kind", "of", "key")]
    found = clusters.cluster_of(scope, *asked)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def cluster(request: HttpRequest) -> HttpResponse:
    """The decisions of one cluster with their reasons word for word; a POST makes a suggestion of it.

    Reading them counts as opening each of the cases.
    """
    scope = scope_or_403(request)
    if "kind" not in request.GET:
        return redirect("learning")  # the bare address names no cluster
    found = _cluster_or_404(request, scope)
    if request.method == "POST":
        try:
            suggest(by=request.user, text=request.POST.get("text", ""), **page.suggestion_of(scope, found))
        except RuleRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The suggestion is before the editors of the rules."))
            return redirect("rules-suggestions")
        return redirect(found.url(scope))
    said = page.said_in(scope, found)
    actions.open_cases(cases={each.case.pk: each.case for each in said}.values(), by=request.user)
    context = {"scope": scope, "cluster": found, "interval": found.proportion.interval(), "said": said}
    return render(request, "audit/learning/cluster.html", context)
