"""What holds for every request of a person: a first password opens one page only, and times are their team's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from mdt.people import time_zones
from mdt.people.permissions import time_zones_of

OPEN_PAGES = {"password-change", "sign-out", "set_language", "health"}


class FirstPasswordMiddleware:
    """Leads a person whose password is a first one to the page where they choose their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or not request.user.password_is_initial:
            return None
        if request.resolver_match.view_name in OPEN_PAGES:
            return None
        return redirect("password-change")


class TeamTimeZoneMiddleware:
    """Shows times by the clock of the person's team; of several teams in different zones, by the installation's.

    A page of one meeting goes over to that meeting's clock (mdt.meetings.views.loading).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        zones = time_zones_of(request.user) if request.user.is_authenticated else set()
        if len(zones) == 1:
            timezone.activate(time_zones.zone(*zones))
