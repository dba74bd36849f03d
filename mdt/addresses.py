"""Addresses of the system: how a page is named outside it, and what no address may hold."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a NUL names nothing. PostgreSQL refuses to look for one, which would be a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return get_response(request)

    return middleware


def public(path: str) -> str:
    """A page's address as it stands in a letter or a mail: `public("/cases/GC-2026-0147/")`."""
    return f"{settings.PUBLIC_URL}{path}"
