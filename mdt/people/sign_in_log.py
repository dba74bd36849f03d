"""Signing in, signing out and failing to sign in leave a line in the log of each team of the person."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.actions import teams_of
from mdt.people.models import User


@receiver(user_logged_in)
def log_sign_in(sender, request, user, **kwargs) -> None:
    for team in teams_of(user):
        record(Kind.SIGNED_IN, by=user, team=team, subject=user)


@receiver(user_logged_out)
def log_sign_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        for team in teams_of(user):
            record(Kind.SIGNED_OUT, by=user, team=team, subject=user)


@receiver(user_login_failed)
def log_failed_sign_in(sender, credentials, request=None, **kwargs) -> None:
    """The name is kept only if an account has it: people type their password into the wrong field, and the log is
    for ever. What was typed as password is never kept."""
    person = User.objects.filter(username=str(credentials.get("username", ""))).first()
    if person is None:
        record(Kind.SIGN_IN_FAILED, by=None)
        return
    for team in teams_of(person):
        record(Kind.SIGN_IN_FAILED, by=None, team=team, subject=person, username=person.username)
