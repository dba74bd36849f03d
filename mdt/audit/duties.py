"""What replays leave to the worker: one chunk at a time, each owed anew until the run has ended."""

from datetime import timedelta

from mdt.audit.models import ReplayRun
from mdt.audit.replay.actions import carry_on
from mdt.duties.actions import owe
from mdt.duties.registry import handles, subject_of


@handles("replay", stale_after=timedelta(minutes=1))
def replay(run_id: int) -> None:
    """Answer the next chunk: some seconds. Other duties come in between; after a kill it goes on at the cursor."""
    if carry_on(run_id=run_id):
        owe(kind="replay", subject=subject_of(ReplayRun(pk=run_id)))
