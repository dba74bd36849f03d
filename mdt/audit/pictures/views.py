"""The page of pictures: the same rows as the tables, drawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mdt.audit.figures.views import page_context
from mdt.audit.pictures.course import flow_picture
from mdt.audit.pictures.delays import delay_picture
from mdt.audit.pictures.over_time import concordance_picture
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.reasons import departures_picture, not_done_picture
from mdt.audit.scope import Scope

DRAWN = (flow_picture, concordance_picture, delay_picture, departures_picture, not_done_picture)
"""In the order of the page and of the annual report."""


def pictures_of(scope: Scope) -> list[Picture]:
    return [draw(scope) for draw in DRAWN]


@require_safe
def pictures(request: HttpRequest) -> HttpResponse:
    """Flow, concordance over time, delays and reasons, each with its table."""
    context = page_context(request)
    context["pictures"] = pictures_of(context["scope"])
    return render(request, "audit/pictures.html", context)
