"""Addresses of the system: how a page is named outside it, what no address may hold, and what no log may show."""

import logging
import re
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

LONGEST_PATH = 1000
"""No page has a longer address; a database gives up on comparing very long ones."""


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: an address with a NUL names nothing. PostgreSQL refuses to look for one, which would be a 500;
    so would be one that is longer than any."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or len(request.path) > LONGEST_PATH:
            raise Http404
        return get_response(request)

    return middleware


def public(path: str) -> str:
    """A page's address as it stands in a letter or a mail: `public("/cases/GC-2026-0147/")`."""
    return f"{settings.PUBLIC_URL}{path}"


class HideTokens(logging.Filter):
    """Takes secrets out of addresses before they are logged: a part as long as a token opens something by itself."""

    TOKEN = re.compile(r"(?<=/)[\w.:~-]{40,}")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(self.TOKEN.sub("…", arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
