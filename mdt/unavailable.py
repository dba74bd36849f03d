"""What a person sees when the program breaks, and when only the database does not take anything just now."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
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
