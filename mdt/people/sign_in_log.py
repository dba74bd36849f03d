"""Signing in, signing out and failing to sign in leave a line in the event log."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team


def _teams_of(user):
    return list(Team.objects.filter(memberships__user=user).distinct()) or [None]


@receiver(user_logged_in)
def log_sign_in(sender, request, user, **kwargs) -> None:
    for team in _teams_of(user):
        record(Kind.SIGNED_IN, by=user, team=team, subject=user)


@receiver(user_logged_out)
def log_sign_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        for team in _teams_of(user):
            record(Kind.SIGNED_OUT, by=user, team=team, subject=user)


@receiver(user_login_failed)
def log_failed_sign_in(sender, credentials, request=None, **kwargs) -> None:
    """The name that was tried is kept (shortened); what was typed as password never is."""
    record(Kind.SIGN_IN_FAILED, by=None, username=str(credentials.get("username", ""))[:80])
