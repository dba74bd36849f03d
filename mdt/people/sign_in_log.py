"""Signing in, signing out, failing to and being locked out leave a line in the log of each team of the person."""

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people import actions, sessions
from mdt.people.models import SignIn, User
from mdt.people.own_log import record_of


def _from(request: HttpRequest | None) -> dict[str, str]:
    """Where an attempt came from, as the proxy says it."""
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    return {"address": address} if address else {}


@receiver(user_logged_in)
def log_sign_in(sender, request, user, **kwargs) -> None:
    """`request.signed_in_by` says how, where it was not the password alone."""
    way = getattr(request, "signed_in_by", SignIn.Way.PASSWORD)
    has_second_factor = getattr(request, "has_second_factor", way == SignIn.Way.SECOND_FACTOR)
    sessions.began(request, has_second_factor=has_second_factor)
    if request.session.session_key is None:  # where somebody else was signed in before
        request.session.cycle_key()
    actions.begin_session(
        person=user,
        key=request.session.session_key,
        way=way,
        address=_from(request).get("address"),
        browser=request.META.get("HTTP_USER_AGENT", ""),
    )


@receiver(user_logged_out)
def log_sign_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        actions.close_session(person=user, key=request.session.session_key or "", ending=SignIn.Ending.SIGNED_OUT)


@receiver(user_login_failed)
def log_failed_sign_in(sender, credentials, request=None, **kwargs) -> None:
    """The name is kept only if an account has it: people type their password into the wrong field, and the log is
    for ever. What was typed as password or code is never kept."""
    person = User.objects.filter(username=str(credentials.get("username", ""))).first()
    if person is None:
        record(Kind.SIGN_IN_FAILED, by=None, **_from(request))
        return
    what = {"what": credentials["what"]} if "what" in credentials else {}
    record_of(person, Kind.SIGN_IN_FAILED, by=None, username=person.username, **what, **_from(request))


@receiver(user_locked_out)
def log_lock_out(sender, request, username, **kwargs) -> None:
    """Once, with the failure that locked; what is tried while it is locked are failures in the log."""
    if not getattr(request, "axes_failures_since_start", None):
        return
    person = User.objects.filter(username=str(username)).first()
    if person is not None:
        record_of(person, Kind.SIGN_IN_LOCKED, by=None, username=person.username, what="sign-in", **_from(request))
