"""Every write of the doors to other systems: making and revoking a calendar address."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.interchange.models import CalendarFeed
from mdt.people.actions import teams_of
from mdt.people.models import User

MOST_FEEDS = 5
TOKEN_BYTES = 32


def digest_of(token: str) -> str:
    """What is kept of a token. It is random, so that a plain digest does: nothing can be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: User, name: str) -> tuple[CalendarFeed, str]:
    """A calendar address of one's own, and its token, which nobody can read again.

    Raises ActionError without a name, and where one has five already.
    """
    person = User.objects.select_for_update().get(pk=by.pk)
    name = name.strip()
    if not name or len(name) > 60:
        raise ActionError(_("Say in up to 60 characters where you use the address."))
    if person.calendar_feeds.open().count() >= MOST_FEEDS:
        raise ActionError(_("You have %(most)d addresses: revoke one first.") % {"most": MOST_FEEDS})
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(person=person, name=name, token_digest=digest_of(token))
    _record(Kind.FEED_MADE, feed, by)
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> None:
    """From now on the address answers like one that never was. Revoking it again changes nothing."""
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        _record(Kind.FEED_REVOKED, feed, by)


def _record(kind: Kind, feed: CalendarFeed, by: User) -> None:
    for team in teams_of(feed.person):
        record(kind, by=by, team=team, subject=feed, name=feed.name)
