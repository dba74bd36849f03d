"""What replays leave to the worker: one chunk at a time, each owed anew until the run has ended."""

from mdt.audit.models import ReplayRun
from mdt.audit.replay.actions import carry_on
from mdt.duties.actions import owe
from mdt.duties.registry import handles, subject_of


@handles("replay")
def replay(run_id: int) -> None:
    """Answer the next chunk. Other duties come in between, and a worker that is killed goes on at the cursor."""
    if carry_on(run_id=run_id):
        owe(kind="replay", subject=subject_of(ReplayRun(pk=run_id)))
