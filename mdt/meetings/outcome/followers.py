"""What rooms above this one do once an outcome is released: they register here; this room knows none of them."""

from collections.abc import Callable

from mdt.meetings.models import Release

Follower = Callable[[Release], None]
_followers: list[Follower] = []


def follows_release(follower: Follower) -> Follower:
    """Register a function that is called in the transaction of every release."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def tell_followers(release: Release) -> None:
    for follower in _followers:
        follower(release)
