"""Where recording leads back to: the case, or the page of the meeting's room from which somebody came to record."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from mdt.sent import page_of_this_site

ROOM = "room"  # name of the page's address; this app knows nothing else of meetings


def way_back(request: HttpRequest) -> str:
    """The room's page to return to, as the form or the link says (`next`), else as the browser does; "" for none.

    Another address than a room's, of this site or another, is none: whoever came from the case goes back to the case.
    """
    said = request.POST.get("next", "") if request.method == "POST" else request.GET.get("next", "")
    page = said or (page_of_this_site(request) if request.method == "GET" else "")
    return page if _is_room(page) else ""


def _is_room(page: str) -> bool:
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return False
    try:
        return resolve(urlsplit(page).path).url_name == ROOM
    except (Resolver404, ValueError):  # no page of ours, or no address at all
        return False


def asks_day(request: HttpRequest) -> bool:
    """Whether the day must be stated, not offered: who was led to one field, or comes from the room, does not see the
    date box, and the day of the meeting is seldom that of the examination."""
    return "field" in request.GET or bool(way_back(request))


def with_way_back(address: str, back: str, **query: object) -> str:
    """The address, with what leads back from it."""
    query |= {"next": back} if back else {}
    return f"{address}?{urlencode(query)}" if query else address


def to_place(request: HttpRequest, address: str, place: str, **query: object) -> HttpResponseRedirect:
    """To a place of the form again, without losing the way back."""
    return redirect(f"{with_way_back(address, way_back(request), **query)}#{place}")
