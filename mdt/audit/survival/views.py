"""The page of survival."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mdt.audit.figures.views import scope_or_403
from mdt.audit.rows.actions import keep_up
from mdt.audit.survival import figures
from mdt.audit.survival.counting import observed


@require_safe
def survival(request: HttpRequest) -> HttpResponse:
    """Overall survival by type and by concordance, with what must be known before it is read."""
    scope = scope_or_403(request)
    left = keep_up()
    seen = observed(scope)
    context = {
        "scope": scope,
        "left": left,
        "by_type": figures.type_picture(scope, seen),
        "by_concordance": figures.concordance_picture(scope, seen),
        "published": figures.published(scope, seen),
        "caveats": figures.caveats(scope),
    }
    return render(request, "audit/survival.html", context)
