"""Duties for a real worker process, which loads this module with `--include`. Their effect is an account."""

import time

from django.conf import settings
from django.contrib.auth import get_user_model

from mdt.duties.registry import handles
from mdt.events.chain import record
from mdt.events.kinds import Kind


@handles("test-note")
def note(number: int | str) -> None:
    person = get_user_model().objects.create(username=f"effect-{number}")
    record(Kind.PERSON_ADDED, by=None, subject=person)


@handles("test-slow-note")
def note_slowly(number: int | str) -> None:
    """Do half, say so, and wait to be let go on: long enough to be killed in the middle."""
    get_user_model().objects.create(username=f"effect-{number}")
    (settings.DATA_DIR / "half-way").touch()
    until = time.monotonic() + 60
    while not (settings.DATA_DIR / "go-on").exists() and time.monotonic() < until:
        time.sleep(0.05)
