"""The page of survival."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mdt.audit.figures.views import page_context
from mdt.audit.survival import figures
from mdt.audit.survival.counting import observed


@require_safe
def survival(request: HttpRequest) -> HttpResponse:
    """Overall survival by type and by concordance, with what must be known before it is read."""
    context = page_context(request)
    scope = context["scope"]
    seen = observed(scope)
    context |= {
        "by_type": figures.type_picture(scope, seen),
        "by_concordance": figures.concordance_picture(scope, seen),
        "published": figures.published(scope, seen),
        "caveats": figures.caveats(scope),
    }
    return render(request, "audit/survival.html", context)
