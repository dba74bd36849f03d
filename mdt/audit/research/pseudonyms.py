"""Names that say nothing: keyed hashes, so that nobody without the key finds a case by trying all references."""

import hashlib
import hmac

from django.conf import settings

LENGTH = 16
"""Hexadecimal digits: 64 bits, so that two of a million cases share a name once in some 37 million exports."""


def pseudonym(kind: str, name: str) -> str:
    """The same name under the same key gives the same pseudonym, in every export of this installation."""
    return hmac.new(_key(), f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def _key() -> bytes:
    """The deployment's research key, else one that follows from its secret key and is not that key."""
    given = settings.RESEARCH_KEY or hmac.new(settings.SECRET_KEY.encode(), b"research", hashlib.sha256).hexdigest()
    return given.encode()
