"""What the scenario says of patients' rights: a note for few eyes, a request for erasure, a restriction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING

from cases.actions import write_note
from cases.models import Case
from mdt.privacy import actions

if TYPE_CHECKING:
    from mdt.demo.play import Play

Deed = tuple[datetime, Callable[[], None]]


def rights(play: Play) -> list[Deed]:
    """Every deed with its moment; they call the actions that the pages call."""
    deeds = (("note", time(14), _note), ("erasure", time(15), _ask), ("restriction", time(16), _restrict))
    return [
        (play.moment(script["day"], at), partial(deed, play, script))
        for name, at, deed in deeds
        for script in play.scenario[name]
    ]


def _case(play: Play, script: dict) -> Case:
    return Case.objects.select_related("team", "patient").get(pk=play.cases[script["case"]].pk)


def _note(play: Play, script: dict) -> None:
    write_note(case=_case(play, script), by=play.people[script["by"]], text=script["text"])


def _ask(play: Play, script: dict) -> None:
    actions.ask_erasure(
        case=_case(play, script),
        by=play.people["privacy"],
        asked_by=script["asked_by"],
        right=script["right"],
        asked_on=play.day(script["day"]),
        text=script["text"],
    )


def _restrict(play: Play, script: dict) -> None:
    actions.restrict(
        case=_case(play, script),
        by=play.people["privacy"],
        asked_by=script["asked_by"],
        ground=script["ground"],
        reason=script["reason"],
        until_on=play.day(script["until"]),
    )
