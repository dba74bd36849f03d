"""Codes of an authenticator app (TOTP, RFC 6238: six digits, a new one every 30 seconds) and recovery codes.

Nothing here writes; mdt.people.actions does.
"""

import base64
import secrets

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString, mark_safe

STEP_SECONDS = 30
ISSUER = "MDT"
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
RECOVERY_GROUPS, GROUP_LENGTH = 6, 4  # 24 of 31 letters: 118 bits; those of before had 16


class SecretLost(Exception):
    """The secret was sealed with another MDT_SECRET_KEY: the second factor must be removed and set up again."""


def _keys() -> MultiFernet:
    """Keys made from the installation's secret key, the present one first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [salted_hmac("mdt.people.second_factor", "", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


def new_secret() -> str:
    """160 random bits in base 32, as apps want them."""
    return pyotp.random_base32(32)


def sealed(secret: str) -> str:
    """The secret as it stands in the database, where a copy of the database alone does not give it away."""
    return _keys().encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    """The secret again. Raises SecretLost where the key is another one."""
    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


def step_of(secret: str, code: str) -> int | None:
    """The number of the half minute whose code this is: the present one or a neighbour, for clocks that differ."""
    typed = "".join(code.split())
    if not secret or not (typed.isascii() and typed.isdecimal() and len(typed) == 6):
        return None
    codes, now = pyotp.TOTP(secret), int(timezone.now().timestamp()) // STEP_SECONDS
    # All three are compared, whichever fits: the time taken says nothing.
    fitting = [step for step in (now - 1, now, now + 1) if constant_time_compare(codes.generate_otp(step), typed)]
    return max(fitting, default=None)


def address(secret: str, username: str) -> str:
    """What the QR code says: an address that authenticator apps understand."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def picture(text: str) -> SafeString:
    """A QR code as SVG, dark on light whatever the page's colours."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=5, dark="#000", light="#fff", omitsize=True))


def new_recovery_code() -> str:
    """`abcd-efgh-jkmn-pqrs-tuvw-xyz2`."""
    groups = ("".join(secrets.choice(RECOVERY_LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(RECOVERY_GROUPS))
    return "-".join(groups)


def recovery_digest(code: str) -> str:
    """As which a recovery code is kept: keyed, so that the database alone tells nothing about it."""
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    return salted_hmac("mdt.people.recovery_code", typed, algorithm="sha256").hexdigest()
