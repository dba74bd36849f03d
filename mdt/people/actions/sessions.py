"""Sessions of people: begun by signing in, ended by the person, by somebody in charge, or by time."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import ProviderIdentity, SignIn, User
from mdt.people.own_log import record_of

BROWSER_LENGTH = SignIn._meta.get_field("browser").max_length


@transaction.atomic
def begin_session(*, person: User, key: str, way: str, address: str | None, browser: str) -> SignIn:
    """Note that a session began: from where, by which browser, and how the person showed who they are."""
    SignIn.objects.filter(session_key=key, ended_at=None).update(ended_at=timezone.now(), ending=SignIn.Ending.REPLACED)
    row = SignIn.objects.create(
        person=person, session_key=key, way=way, address=address or None, browser=browser[:BROWSER_LENGTH]
    )
    record_of(person, Kind.SIGNED_IN, by=person, way=way, **({"address": address} if address else {}))
    return row


@transaction.atomic
def link_to_provider(*, person: User, issuer: str, subject: str) -> None:
    """From now on the hospital's sign-on opens this account to exactly this identity."""
    ProviderIdentity.objects.create(person=person, issuer=issuer, subject=subject)
    record_of(person, Kind.SIGN_ON_LINKED, by=person, username=person.username)


@transaction.atomic
def unlink_from_provider(*, person: User, by: User) -> None:
    """Let the next sign-on link the account anew, by its user name."""
    removed, _rows = ProviderIdentity.objects.filter(person=person).delete()
    if removed:
        record_of(person, Kind.SIGN_ON_UNLINKED, by=by, username=person.username)


@transaction.atomic
def refuse_sign_on(*, person: User | None, address: str, what: str) -> None:
    """The hospital's sign-on opened nothing: an attempt like any other."""
    data = {"what": what, **({"address": address} if address else {})}
    if person is None:
        record(Kind.SIGN_IN_FAILED, by=None, **data)
    else:
        record_of(person, Kind.SIGN_IN_FAILED, by=None, username=person.username, **data)


def rename_session(*, old: str, new: str) -> None:
    """The same session under a new key, as it gets one when the password is changed."""
    SignIn.objects.filter(session_key=old, ended_at=None).update(session_key=new)


@transaction.atomic
def close_session(*, person: User, key: str, ending: str) -> None:
    """The person signed out, or the session ran out: by idle time or by its whole length."""
    row = SignIn.objects.filter(person=person, session_key=key, ended_at=None).first()
    if row is not None:
        _end([row], ending)
    if ending == SignIn.Ending.SIGNED_OUT:
        record_of(person, Kind.SIGNED_OUT, by=person)
    else:
        record_of(person, Kind.SESSION_TIMED_OUT, by=None, username=person.username, ending=ending)


@transaction.atomic
def revoke_session(*, sign_in: SignIn, by: User) -> None:
    """End one session from elsewhere: it is signed out with its next request."""
    if sign_in.ended_at is None:
        _revoke([sign_in], sign_in.person, by)


@transaction.atomic
def revoke_other_sessions(*, person: User, key: str) -> int:
    """End every session of one's own but the one with this key; answers with how many."""
    return _revoke(list(SignIn.objects.open().filter(person=person).exclude(session_key=key)), person, person)


@transaction.atomic
def revoke_sessions_of(*, person: User, by: User | None) -> int:
    """End every session of a person; answers with how many."""
    return _revoke(list(SignIn.objects.open().filter(person=person)), person, by)


def _revoke(rows: list[SignIn], person: User, by: User | None) -> int:
    if rows:
        _end(rows, SignIn.Ending.REVOKED)
        record_of(person, Kind.SESSION_REVOKED, by=by, username=person.username, count=len(rows))
    return len(rows)


def _end(rows: list[SignIn], ending: str) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=timezone.now(), ending=ending)
