"""When a sign-in is not even tried. django-axes counts and locks one account at one address; this adds wider limits."""

from datetime import timedelta

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from mdt.clocks import CLOCK_SLACK
from mdt.people.models import SignIn

WIDER = 10  # times the failures of one account at one address
KNOWN_FOR = timedelta(days=30)


class LockOut(AxesDatabaseHandler):
    """Also locks an address that tries many accounts, and an account that is tried from many addresses.

    Names that no account has are counted alike, so that a lock tells nobody whether an account exists. The second
    lock leaves out addresses from which the person signed in lately: strangers cannot shut a doctor out of the ward.
    """

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        return (
            super().is_locked(request, credentials)
            or self._reaches(request, ip_address=request.axes_ip_address)
            or self._is_tried_everywhere(request, get_client_username(request, credentials))
        )

    def get_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> list[QuerySet]:
        """Without those that lie ahead: noted by a clock that was wrong, they would lock people out until then."""
        latest = timezone.now() + CLOCK_SLACK
        return [found.filter(attempt_time__lte=latest) for found in super().get_user_attempts(request, credentials)]

    def _reaches(self, request: HttpRequest, **of_whom: str | None) -> bool:
        during = (get_cool_off_threshold(request), timezone.now() + CLOCK_SLACK)
        lately = AccessAttempt.objects.filter(attempt_time__range=during, **of_whom)
        failures = lately.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
        return failures >= settings.AXES_FAILURE_LIMIT * WIDER

    def _is_tried_everywhere(self, request: HttpRequest, username: str | None) -> bool:
        if not self._reaches(request, username=username):
            return False
        known = Q(person__username=username, address=request.axes_ip_address, began_at__gte=timezone.now() - KNOWN_FOR)
        return not SignIn.objects.filter(known).exists()
