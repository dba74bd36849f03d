"""What a person sees when the program breaks, and when only the database does not take anything just now.

These pages need no database, no session and no user. What was typed is never lost with them: it stands in the page, and
where that is safe it can be sent again from there.
"""

import sys
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.utils.translation import gettext as _
from django.views.defaults import bad_request as not_understood

from mdt.connections import mistrust
from mdt.reading.files import LARGEST_BYTES
from mdt.sent import page_of_this_site
from mdt.uploads import FileTooLarge

# PostgreSQL's codes, for which Django has no class: no resources (a full disk), read-only, shut down, system fault.
NOT_JUST_NOW = ("53", "25006", "57", "58")
TOKEN = "csrfmiddlewaretoken"
BUTTONS = {"submit", "save", "confirm"}  # as the form helpers name them; the value is the word on the button
NEVER_SHOWN = {"password", "present", "new", "again", "code"}  # fields of passwords and codes
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def is_away(error: BaseException | None) -> bool:
    """Whether the database was away, full, locked or read-only: not a fault of the program, and over at some time."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, DatabaseError) else None
    return bool(state) and state.startswith(NOT_JUST_NOW)


def sent(request: HttpRequest) -> dict[str, object]:
    """What a form brought, for the page that says it was not taken: `fields`, without passwords, codes and files, and
    what of these is to be given `anew` when it is sent from there (name, type of the field and its word); whether it
    `can_resend` as it is."""
    if request.method != "POST":
        return {"is_form": False}
    try:
        given, files = request.POST, list(request.FILES)
    except (*TOO_LARGE, BadRequest, MultiPartParserError, UnreadablePostError):
        return {"is_form": True}
    fields = [(name, value) for name, values in given.lists() for value in values]
    kept = [(name, value) for name, value in fields if name not in {TOKEN, *NEVER_SHOWN}]
    secret = dict.fromkeys(name for name, value in fields if name in NEVER_SHOWN and value)
    anew = [(name, "text" if name == "code" else "password", _words()[name]) for name in secret]
    return {
        "is_form": True,
        "fields": kept,
        "texts": texts(kept),
        "can_resend": not secret and not files,
        "anew": [*anew, *((name, "file", _("File")) for name in files)],
        "has_files": bool(files),
        "token": given.get(TOKEN, ""),  # its own: of a form that another site forged it is wrong, and refused as ever
        "path": request.get_full_path(),
    }


def _words() -> dict[str, str]:
    words = {"password": _("Password"), "present": _("Password at present"), "new": _("New password")}
    return words | {"again": _("New password, once more"), "code": _("Code")}


def texts(fields: Iterable[tuple[str, str]]) -> list[str]:
    """What a person wrote among the fields of a form; codes and days that were chosen, and its button, are left out."""
    written = [value for name, value in fields if name not in BUTTONS]
    return [value for value in written if " " in value or len(value) > 40 or not value.isascii()]


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form of somebody who signed out in another window, or whose session somebody ended: whose words
    they are is not known any more, so that only the page can keep them. None where nothing was typed."""
    if not sent(request).get("texts"):
        return None
    return HttpResponse(said("401.html", request, page=page_of_this_site(request)), status=401)


def said(template: str, request: HttpRequest, **context: object) -> str:
    """An error page as text."""
    return loader.get_template(template).render({"support": settings.SUPPORT, **sent(request), **context})


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: 503 and how to go on where the database is away, else 500."""
    if not is_away(sys.exc_info()[1]):
        return HttpResponse(said("500.html", request), status=500)
    mistrust()
    return HttpResponse(said("503.html", request), status=503, headers={"Retry-After": "30"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: 413 and what to do where a form was too large, else 400."""
    if not isinstance(exception, TOO_LARGE):
        return not_understood(request, exception)
    about = {
        "is_file": isinstance(exception, FileTooLarge),
        "has_many": isinstance(exception, TooManyFieldsSent | TooManyFilesSent),
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2,
        "file_megabytes": LARGEST_BYTES // 1024**2,
    }
    return HttpResponse(said("413.html", request, **about), status=413)
