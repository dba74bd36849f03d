"""What the scenario says happened after the meetings: who was told, steps done, reports, cases that return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import override

from mdt.audit.followup.actions import report_implementation
from mdt.audit.outcomes.actions import record_follow_up
from mdt.meetings import actions
from mdt.meetings.models import Decision
from mdt.meetings.outcome.plain import first_wording

if TYPE_CHECKING:
    from mdt.demo.play import Play

Deed = tuple[datetime, Callable[[], None]]


def aftermath(play: Play) -> list[Deed]:
    """Every deed with its moment; they call the actions that the pages call."""
    return [
        (play.moment(script["day"], at), partial(deed, play, entry["published"], script))
        for entry in play.scenario["case"]
        for at, deed, script in _scripts(entry.get("after", {}))
    ]


def _scripts(after: dict[str, Any]) -> Iterator[tuple[time, Callable, dict[str, Any]]]:
    for name, at, deed in (
        ("patient_page", time(9), _patient_page),
        ("told", time(10), _tell),
        ("report", time(15), _report),
        ("again", time(11), _again),
        ("condition_due", time(3), _fall_due),
    ):
        if name in after:
            yield at, deed, after[name]
    yield from ((time(12), _done, script) for script in after.get("done", []))
    yield from ((time(16), _follow, script) for script in after.get("follow", []))


def _decision(play: Play, published: str) -> Decision:
    rows = Decision.objects.current().complete().filter(case=play.cases[published])
    return rows.order_by("-recorded_at").first()


def _fall_due(play: Play, published: str, script: dict) -> None:
    """What the worker does on the day of a condition."""
    for condition in _decision(play, published).condition_rows.all():
        actions.review_condition(condition=condition)


def _tell(play: Play, published: str, script: dict) -> None:
    person = play.people[script["by"]]
    actions.note_told(
        decision=_decision(play, published),
        whom="patient",
        told_on=play.day(script["day"]),
        told_by=person,
        by=person,
        note=script.get("note", ""),
    )


def _patient_page(play: Play, published: str, script: dict) -> None:
    decision = _decision(play, published)
    with override(settings.LANGUAGE_CODE):
        texts = first_wording(decision)
    actions.release_patient_page(
        decision=decision, by=play.people[script["by"]], language=settings.LANGUAGE_CODE, **texts
    )


def _done(play: Play, published: str, script: dict) -> None:
    step = _decision(play, published).next_steps.get(what=script["step"])
    actions.mark_step_done(step=step, by=play.people[script["by"]])


def _report(play: Play, published: str, script: dict) -> None:
    report_implementation(
        decision=_decision(play, published),
        by=play.people.get(script.get("by", "")),
        status=script["status"],
        reason=script.get("reason", ""),
        text=script.get("text", ""),
        treatment_started_on=play.day(script["started"]),
        asks_again=script.get("asks_again", False),
        reporter_name=script.get("name", ""),
        reporter_contact=script.get("contact", ""),
    )


def _follow(play: Play, published: str, script: dict) -> None:
    record_follow_up(
        case=play.cases[published],
        by=play.people[script["by"]],
        kind=script["kind"],
        happened_on=play.day(script["day"]),
        value=script.get("value", ""),
        text=play.words.of("Invented for the demonstration."),
    )


def _again(play: Play, published: str, script: dict) -> None:
    case = play.cases[published]
    case.refresh_from_db()
    actions.list_case(
        meeting=play.meetings[script["meeting"]],
        case=case,
        by=play.people["coordinator"],
        late_reason=script["late_reason"],
    )
