"""What the test does to the worker's database, a process each: `python -m tests.services.steps owe …`."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  (needs the set-up)
from django.utils import timezone  # noqa: E402

from mdt.duties import actions  # noqa: E402
from mdt.duties.models import Duty  # noqa: E402
from tests.services import handlers  # noqa: E402, F401  (registers the kinds)


def owe(kind: str, number: str) -> None:
    actions.owe(kind=kind, subject=f"tests.Note:{number}")


def ten_minutes_pass() -> None:
    """Age what is claimed, and call the worker as beat does every 30 seconds."""
    Duty.objects.filter(state="claimed").update(claimed_at=timezone.now() - timedelta(minutes=10))
    actions.wake()


def show() -> None:
    effects = get_user_model().objects.order_by("username").values_list("username", flat=True)
    duties = Duty.objects.order_by("pk").values_list("state", "attempts")
    print(json.dumps({"effects": list(effects), "duties": [list(duty) for duty in duties]}))


{"owe": owe, "ten_minutes_pass": ten_minutes_pass, "show": show}[sys.argv[1]](*sys.argv[2:])
