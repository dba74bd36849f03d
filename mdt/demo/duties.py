"""The synthetic year is played by the worker, a second at a time, so that others are not held up."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from mdt.demo.year.playing import Playing
from mdt.demo.year.script import Script
from mdt.duties.actions import owe
from mdt.duties.registry import handles_outside

KIND = "play-synthetic-year"
AFTER_START = timedelta(seconds=20)
SECONDS = 0.8
"""How long one part may hold the database: SQLite has one writer."""
PAUSE = 0.6
"""Seconds between two parts: whoever waits to write looks at SQLite's lock every tenth of a second, and must find it
free. Without it a sign-in beside the running year waited twenty seconds and was refused."""


def subject_of(script: Script, number: int) -> str:
    """`demo.Year:20261125.48.310`: the day of the beginning, the weeks, the next deed. All that a part must know."""
    return f"demo.Year:{script.today:%Y%m%d}.{script.weeks}.{number}"


def begin(today: date, weeks: int | None = None) -> None:
    """Owe the first part, once the pages had time to come up."""
    owe(kind=KIND, subject=subject_of(Script(today, weeks), 0), due_at=timezone.now() + AFTER_START)


@handles_outside(KIND)
def begin_part(subject: str) -> Callable[[], None]:
    """Wait while no transaction is open, so that people come first; then the part is played in one."""
    time.sleep(PAUSE)
    return lambda: play_part(subject)


def play_part(subject: str) -> None:
    day, weeks, number = str(subject).split(".")
    script = Script(date.fromisoformat(day), int(weeks))
    following = Playing(script).play(int(number), seconds=SECONDS)
    if following < len(script.deeds):
        owe(kind=KIND, subject=subject_of(script, following))
