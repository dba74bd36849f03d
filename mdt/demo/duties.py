"""The synthetic year is played by the worker, a second at a time, so that others are not held up."""

from datetime import date, timedelta

from django.utils import timezone

from mdt.demo.year.playing import Playing
from mdt.demo.year.script import Script
from mdt.duties.actions import owe
from mdt.duties.registry import handles

KIND = "play-synthetic-year"
AFTER_START = timedelta(seconds=20)
SECONDS = 0.8
"""How long one part may hold the database: SQLite has one writer."""


def subject_of(script: Script, number: int) -> str:
    """`demo.Year:20261125.48.310`: the day of the beginning, the weeks, the next deed. All that a part must know."""
    return f"demo.Year:{script.today:%Y%m%d}.{script.weeks}.{number}"


def begin(today: date, weeks: int | None = None) -> None:
    """Owe the first part, once the pages had time to come up."""
    owe(kind=KIND, subject=subject_of(Script(today, weeks), 0), due_at=timezone.now() + AFTER_START)


@handles(KIND, stale_after=timedelta(minutes=2))
def play_part(subject: str) -> None:
    day, weeks, number = str(subject).split(".")
    script = Script(date.fromisoformat(day), int(weeks))
    following = Playing(script).play(int(number), seconds=SECONDS)
    if following < len(script.deeds):
        owe(kind=KIND, subject=subject_of(script, following))
