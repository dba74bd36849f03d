"""Sign-in to the demo: who its users are, and the one password that they share."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model

from mdt import environment

USERNAMES = (
    "coordinator",
    "surgeon",
    "hepatobiliary",
    "oncologist",
    "radiologist",
    "pathologist",
    "interventional",
    "chair",
    "nurse",
    "auditor",
    "admin",
    "privacy",
    "outsider",
)
EASILY_READ = "abcdefghjkmnpqrstuvwxyz23456789"


def _kept() -> Path:
    return settings.DATA_DIR / "demo_password"


def kept_password() -> str:
    """The password of the demo in this data folder; empty where no demo was loaded."""
    return _kept().read_text().strip() if _kept().exists() else ""


def keep_password(password: str) -> None:
    """Write the password down, for the next start to print; only the folder's owner can read it."""
    _kept().touch(mode=0o600)
    _kept().write_text(password + "\n")


def choose_password() -> str:
    """MDT_DEMO_PASSWORD, else the one kept from an earlier start, else a new one."""
    groups = ("".join(secrets.choice(EASILY_READ) for _ in range(4)) for _ in range(4))
    return environment.text("MDT_DEMO_PASSWORD") or kept_password() or "-".join(groups)


def usernames() -> list[str]:
    """Those of the demo's users whom this data folder holds: a demo of an older release knows fewer."""
    held = set(
        get_user_model().objects.filter(username__in=USERNAMES, is_active=True).values_list("username", flat=True)
    )
    return [name for name in USERNAMES if name in held]


def change_password(password: str) -> None:
    """Give the demo users, and nobody else, another password."""
    for user in get_user_model().objects.filter(username__in=USERNAMES):
        user.set_password(password)
        user.save(update_fields=["password"])
    keep_password(password)
