"""What a person sees when the program breaks, and when only the database does not take anything just now."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import bad_request as not_understood
from django.views.defaults import server_error as broken

# PostgreSQL's codes, for which Django has no class: no resources (a full disk), read-only, shut down, system fault.
NOT_JUST_NOW = ("53", "25006", "57", "58")


def is_away(error: BaseException | None) -> bool:
    """Whether the database was away, full, locked or read-only: not a fault of the program, and over at some time."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, DatabaseError) else None
    return bool(state) and state.startswith(NOT_JUST_NOW)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: 503 and how to go on where the database is away, else 500. Needs no database itself."""
    if not is_away(sys.exc_info()[1]):
        return broken(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: 413 and what to do where a form was too large, else 400."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return not_understood(request, exception)
    page = loader.get_template("413.html").render({"megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2})
    return HttpResponse(page, status=413)
