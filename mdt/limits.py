"""How often one may ask for what is dear or can be guessed. Over it: 429, with the minutes to wait.

Counted for all processes together (mdt.shared_counts). `django-ratelimit` was looked at: its last release is of 2023.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mdt.shared_counts import count
from mdt.unavailable import said

WINDOW_SECONDS = 600
A_PERSON = {
    # Guessable: who asks for many is not looking for one.
    "emergency-access": 20,
    "erasure-ask": 60,
    "restriction-place": 60,
    "patient-copy": 20,
    "member-add": 60,
    # Dear: papers, files, whole tables.
    "events-verify": 10,
    "events-export": 20,
    "audit-export": 60,
    "replay-export": 20,
    "replay-decisions-export": 20,
    "research": 60,
    "packs": 60,
    "pack-ask": 30,
    "pack-file": 30,
    "annual-reports": 60,
    "annual-report-file": 30,
    "meeting-minutes": 120,
    "decision-letter": 120,
    "decision-record-paper": 120,
    "patient-page-paper": 120,
    "report-file": 60,
    # Searches.
    "queue": 1200,
    "rules": 600,
}
"""Name of the address → how many requests of one person in ten minutes."""
AN_ADDRESS = {"report-by-link": 120}
"""The same where nobody is signed in, for one client."""
WRITES = 1200
"""Forms that one person, or one client, sends in ten minutes, whatever they are."""


def is_too_often(what: str, who: str, most: int) -> bool:
    """Whether `who` has asked for this more than `most` times in ten minutes; counts this time."""
    return count(f"asked:{what}:{who}", WINDOW_SECONDS) > most


class RateLimitsMiddleware:
    """Counts before the view runs; health and metrics are asked by machines and not counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not settings.RATE_LIMITS:
            return None
        name = request.resolver_match.view_name
        user = request.user
        who = f"person-{user.pk}" if user.is_authenticated else f"address-{request.META.get('REMOTE_ADDR', '')}"
        most = (A_PERSON if user.is_authenticated else AN_ADDRESS).get(name)
        too_often = most is not None and is_too_often(name, who, most)
        if request.method == "POST":
            too_often = is_too_often("write", who, WRITES) or too_often
        return too_many(request) if too_often else None


def too_many(request: HttpRequest) -> HttpResponse:
    page = said("429.html", request, minutes=WINDOW_SECONDS // 60)
    return HttpResponse(page, status=429, headers={"Retry-After": str(WINDOW_SECONDS)})
