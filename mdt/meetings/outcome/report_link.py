"""The link in a letter by which somebody says what became of a decision, without opening the case.

It names one decision and a last day, and is signed with the installation's key: whoever changes a letter of it has
nothing. Short enough to be typed from paper: 26 signs that cannot be mistaken for each other, in groups.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from mdt.addresses import public
from mdt.meetings.models import Decision
from mdt.meetings.outcome.working_days import day_of, today_of

EPOCH = date(2020, 1, 1)
ID_BYTES, DAY_BYTES, SEAL_BYTES = 4, 2, 10  # 80 bits of seal
SALT = "mdt.meetings.outcome.report_link"
# Crockford's signs: no I, L, O or U. Python's base 32 counts in the same order.
RFC4648, CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TO_CROCKFORD = str.maketrans(RFC4648, CROCKFORD)
FROM_CROCKFORD = str.maketrans(CROCKFORD, RFC4648)
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
LENGTH = 26


@dataclass(frozen=True)
class Ticket:
    """What a whole link says: which decision, and until which day it opens the form."""

    decision_id: int
    last_on: date


def last_day_of(decision: Decision) -> date:
    """How long the link of a signed decision works."""
    signed_on = day_of(decision.sign_off.signed_at, decision.case.team)
    return signed_on + timedelta(days=settings.REPORT_LINK_DAYS)


def token_of(decision: Decision) -> str:
    """`4Z7QK-…`: the same for the same signed decision, so that its letter stays the same."""
    days = (last_day_of(decision) - EPOCH).days
    said = decision.pk.to_bytes(ID_BYTES, "big") + days.to_bytes(DAY_BYTES, "big")
    signs = _spelt(said + _seal(said, settings.SECRET_KEY))
    return "-".join([signs[start : start + 5] for start in (0, 5, 10, 15)] + [signs[20:]])


def read(token: str) -> Ticket | None:
    """What the link says, expired or not; None where it is not whole. Small letters and O for 0 are read too."""
    signs = token.upper().translate(READ_AS)
    if len(signs) != LENGTH or not set(signs) <= set(CROCKFORD):
        return None
    content = base64.b32decode(signs.translate(FROM_CROCKFORD) + "=" * (-LENGTH % 8))
    if _spelt(content) != signs:
        return None  # another spelling of the same: the last sign has bits to spare
    said, seal = content[: ID_BYTES + DAY_BYTES], content[ID_BYTES + DAY_BYTES :]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(seal, _seal(said, key)) for key in keys):
        return None
    days = int.from_bytes(said[ID_BYTES:], "big")
    return Ticket(int.from_bytes(said[:ID_BYTES], "big"), EPOCH + timedelta(days=days))


def is_expired(ticket: Ticket, decision: Decision) -> bool:
    return today_of(decision.case.team) > ticket.last_on


def address_of(decision: Decision) -> str:
    """The address as it is printed and mailed."""
    return public(reverse("report-by-link", args=[token_of(decision)]))


def _spelt(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").translate(TO_CROCKFORD)


def _seal(said: bytes, key: str) -> bytes:
    return salted_hmac(SALT, said, secret=key, algorithm="sha256").digest()[:SEAL_BYTES]
