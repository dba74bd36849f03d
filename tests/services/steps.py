"""What the test does to the worker's database, a process each: `python -m tests.services.steps owe …`."""

import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402  (needs the set-up)

from mdt.duties import actions  # noqa: E402
from mdt.duties.models import Duty  # noqa: E402
from tests.services import handlers  # noqa: E402, F401  (registers the kinds)


def owe(kind: str, number: str) -> None:
    actions.owe(kind=kind, subject=f"tests.Note:{number}")


def ten_minutes_pass() -> None:
    """Age what is claimed, and call the worker as beat does every 30 seconds."""
    Duty.objects.filter(state="claimed").update(claimed_at=timezone.now() - timedelta(minutes=10))
    actions.wake()


{"owe": owe, "ten_minutes_pass": ten_minutes_pass}[sys.argv[1]](*sys.argv[2:])
