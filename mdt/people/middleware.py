"""What holds for every request of a person: how long a session lives, what must be done first, and whose clock."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mdt.connections import mistrust
from mdt.people import actions, sessions, time_zones
from mdt.people.models import SignIn, User
from mdt.people.permissions import needs_second_factor, time_zones_of
from mdt.unavailable import is_away, signed_out

log = logging.getLogger(__name__)

OPEN_PAGES = {"password-change", "sign-out", "set_language", "health"}
PAGES_OF_SECOND_FACTOR = OPEN_PAGES | {"second-factor", "second-factor-begin", "second-factor-confirm"}


class Sessions(SessionMiddleware):
    """Django's sessions; but where the database takes nothing just now, what was only read is shown all the same.

    Once a minute a session notes that its person is at work: a full disk would else close every page to everybody.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            if request.method not in ("GET", "HEAD") or not is_away(error):
                raise
            mistrust()
            log.warning("a session could not be written (%s); the page was shown", type(error).__name__)
            return response


class SessionLimitsMiddleware:
    """Ends a session that was idle or open for too long, and keeps what a form brought too late.

    A part of a page that asks without a session gets 401: a redirect would put the sign-in page in its place, and what
    was typed would be gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.came_too_late = None
        ending = sessions.ending_of(request)
        if ending:
            self._end(request, ending)
        else:
            sessions.touch(request)
        response = self.get_response(request)
        if ending:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    @staticmethod
    def _end(request: HttpRequest, ending: str) -> None:
        person = User.objects.filter(pk=request.session[SESSION_KEY]).first()
        if person is not None:
            actions.close_session(person=person, key=request.session.session_key, ending=ending)
            request.came_too_late = person.pk
        request.session.flush()
        request.user = AnonymousUser()
        request.session["ended"] = ending

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """After the check of the token: a form of another site is not kept."""
        if request.user.is_authenticated:
            self._forget_sent(request)
            request.user.confirmed_until = sessions.confirmed_until(request)  # for forms that ask for a signature
            request.user.is_confirmed_by_provider = sessions.provider_confirmed(request)
            return None
        if not getattr(view, "login_required", True):
            return None
        if "HX-Request" in request.headers:
            return HttpResponse(_("You are signed out."), status=401, content_type="text/plain; charset=utf-8")
        if request.came_too_late and request.method == "POST":
            sessions.keep_unsent(request, request.came_too_late)
            return redirect("sign-in")
        return signed_out(request)

    @staticmethod
    def _forget_sent(request: HttpRequest) -> None:
        if request.method == "POST" and "unsent" in request.session:
            kept = request.session["unsent"]
            if kept["path"] == request.get_full_path() or kept["person"] != request.user.pk:
                del request.session["unsent"]


def word_on_ending(request: HttpRequest) -> str:
    """Why one has to sign in again, said once on the sign-in page; "" where one only comes in."""
    ending = request.session.get("ended")
    if ending == SignIn.Ending.IDLE:
        minutes = settings.IDLE_MINUTES
        return ngettext(
            "You were signed out after %(count)d minute without use. Drafts are kept.",
            "You were signed out after %(count)d minutes without use. Drafts are kept.",
            minutes,
        ) % {"count": minutes}
    if ending == SignIn.Ending.EXPIRED:
        return _("You were signed out: a session lasts only so long. Drafts are kept.")
    return ""


class FirstStepsMiddleware:
    """Leads a person whose password is a first one, or who must have a second factor, to where they get their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name
        if request.user.password_is_initial:
            return None if page in OPEN_PAGES else redirect("password-change")
        if page in PAGES_OF_SECOND_FACTOR or request.session.get("second_factor"):
            return None
        if needs_second_factor(request.user):
            return redirect("second-factor")
        return None


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
