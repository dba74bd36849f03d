"""A password that somebody else has set opens one page only: the one where it is replaced."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

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
