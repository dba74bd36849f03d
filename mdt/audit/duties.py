"""What the audit leaves to the worker: to follow the log, and replays, one chunk at a time until the run has ended."""

from datetime import timedelta

from mdt.audit.models import ReplayRun
from mdt.audit.replay.actions import carry_on
from mdt.audit.rows.actions import LINES, catch_up
from mdt.duties.actions import owe
from mdt.duties.registry import handles, handles_regularly, subject_of


@handles("replay", stale_after=timedelta(minutes=1))
def replay(run_id: int) -> None:
    """Answer the next chunk: some seconds. Other duties come in between; after a kill it goes on at the cursor."""
    if carry_on(run_id=run_id):
        owe(kind="replay", subject=subject_of(ReplayRun(pk=run_id)))


@handles_regularly("follow-log", every=timedelta(minutes=5))
def follow_log(subject: str) -> None:
    """Count what the log says since the last time; after a long night, part by part."""
    if catch_up() == LINES:
        owe(kind="follow-log", subject=subject)
