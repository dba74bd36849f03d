"""What a session remembers, how long it lives, and one's open sessions as rows of a page. Times are seconds since 1970.

Keys in the session: `began_at` and `seen_at`; `second_factor` once one was given; `confirmed_at` once the person showed
again who they are, to sign; `pending`, a right password that still lacks its code; `unsent`, a form that came too late.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from mdt.clocks import CLOCK_SLACK
from mdt.people.models import SignIn, User
from mdt.sent import page_of_this_site
from mdt.unavailable import NEVER_SHOWN, TOKEN

TOUCH_SECONDS = 60  # a session is written again after so long, not with each request
PENDING_SECONDS = 300
PASSIVE = "X-Passive"  # a browser says so of requests that no person caused
SECRETS = {*NEVER_SHOWN, TOKEN}  # fields that are never kept


def now() -> int:
    return int(timezone.now().timestamp())


def age(at: float) -> float:
    """Seconds since then. A time that lies ahead was noted by a clock that was wrong: it is as old as can be."""
    seconds = now() - at
    return seconds if seconds >= -CLOCK_SLACK.total_seconds() else math.inf


def began(request: HttpRequest, *, has_second_factor: bool) -> None:
    """Start the clocks of a session that was just opened by a sign-in."""
    request.session["began_at"] = request.session["seen_at"] = now()
    request.session["second_factor"] = has_second_factor
    request.session.pop("pending", None)


def ending_of(request: HttpRequest) -> str:
    """Why the session of this request is over; "" while it is not, or nobody is signed in."""
    session = request.session
    if SESSION_KEY not in session:
        return ""
    if age(session.get("seen_at", now())) > settings.IDLE_MINUTES * 60:
        return SignIn.Ending.IDLE
    if age(session.get("began_at", now())) > settings.SESSION_COOKIE_AGE:
        return SignIn.Ending.EXPIRED
    return ""


def touch(request: HttpRequest) -> None:
    """Note that the person is at work, once a minute at most. What pages do by themselves is no work."""
    session = request.session
    if SESSION_KEY not in session or PASSIVE in request.headers:
        return
    if now() - session.get("seen_at", 0) >= TOUCH_SECONDS:
        session["seen_at"] = now()
        session.setdefault("began_at", now())


def keep_awake(request: HttpRequest) -> None:
    """A screen that follows a meeting is in use, though nobody touches it."""
    if now() - request.session.get("seen_at", 0) >= TOUCH_SECONDS:
        request.session["seen_at"] = now()


# --- Between the password and the code ---


def remember_password(request: HttpRequest, person: User, backend: str, address: str) -> None:
    """The password was right; the code is still to come, within PENDING_SECONDS. `address` is where to go then."""
    request.session["pending"] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),  # a new password in between undoes it
        "backend": backend,
        "address": address,
        "at": now(),
    }


def pending(request: HttpRequest) -> tuple[User, str, str] | None:
    """Who gave a right password and owes the code, by which backend, and where to go then."""
    kept = request.session.get("pending")
    if not kept or age(kept["at"]) > PENDING_SECONDS:
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    if person is None or person.get_session_auth_hash() != kept["hash"]:
        return None
    return person, kept["backend"], kept["address"]


# --- Showing again who one is, to sign ---


def confirm(request: HttpRequest) -> None:
    request.session["confirmed_at"] = now()


def confirm_by_provider(request: HttpRequest) -> None:
    """The person showed at the hospital's sign-on who they are: as good as a password, and, where each signature asks,
    for one of them."""
    confirm(request)
    request.session["provider_confirmed_at"] = now()


def provider_confirmed(request: HttpRequest) -> bool:
    """Whether a confirmation at the provider is there that no signature has used up."""
    return age(request.session.get("provider_confirmed_at", 0)) < settings.SIGN_MINUTES * 60


def use_provider_confirmation(request: HttpRequest) -> None:
    request.session.pop("provider_confirmed_at", None)


def confirmed_until(request: HttpRequest) -> datetime | None:
    """Until when a signature asks for nothing; None: it asks."""
    confirmed_at, lasts = request.session.get("confirmed_at", 0), settings.SIGN_MINUTES * 60
    return datetime.fromtimestamp(confirmed_at + lasts, UTC) if age(confirmed_at) < lasts else None


# --- A form that came after the session was over ---


def keep_unsent(request: HttpRequest, person: int) -> None:
    """What this request carried, for the same person after they signed in again. Passwords and codes are left out."""
    fields = [[name, value] for name, values in request.POST.lists() if name not in SECRETS for value in values]
    kept = {"person": person, "path": request.get_full_path(), "page": page_of_this_site(request), "fields": fields}
    request.session["unsent"] = kept


def unsent(request: HttpRequest) -> dict | None:
    """The form kept for the person who is signed in now."""
    kept = request.session.get("unsent")
    return kept if kept and kept["person"] == request.user.pk else None


# --- The page of one's sessions ---


@dataclass(frozen=True)
class OpenSession:
    """A session that still opens pages."""

    row: SignIn
    seen_at: datetime
    is_here: bool

    @property
    def browser(self) -> str:
        return browser_name(self.row.browser)


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """The person's sessions that are not over, this one first."""
    rows = SignIn.objects.open().filter(person=request.user)
    alive = Session.objects.filter(pk__in=[row.session_key for row in rows], expire_date__gt=timezone.now())
    stored = {each.session_key: each.get_decoded() for each in alive}
    oldest = now() - settings.IDLE_MINUTES * 60
    found = [
        OpenSession(row, datetime.fromtimestamp(seen, UTC), row.session_key == request.session.session_key)
        for row in rows
        if (seen := stored.get(row.session_key, {}).get("seen_at", 0)) >= oldest
    ]
    return sorted(found, key=lambda each: not each.is_here)


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """A browser as a person knows it, "Firefox, Windows", from how it names itself."""
    known = (next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, known)) or _("unknown browser")
