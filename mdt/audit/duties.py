"""What the audit leaves to the worker: to follow and to check the log, replays in chunks, and asking what became of
decisions."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from mdt.audit.actions import note_daily_check
from mdt.audit.annual.making import make
from mdt.audit.followup.checks import actions as checks
from mdt.audit.models import AuditPack, ReplayRun
from mdt.audit.packs.actions import delete_pack, next_part
from mdt.audit.replay.actions import carry_on
from mdt.audit.rows.actions import LINES, catch_up
from mdt.duties.actions import owe
from mdt.duties.registry import Note, handles, handles_outside, handles_regularly, subject_of
from mdt.events.verification import verify
from mdt.meetings.models import Decision
from mdt.people.models import User


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


@handles("check-follow-up")
def check_follow_up(decision_id: int) -> None:
    """14 and 30 days after a release: note who is asked. The action owes the next look."""
    checks.check_follow_up(decision=Decision.objects.get(pk=decision_id))


@handles("ask-follow-up")
def ask_follow_up(person_id: int) -> None:
    """All that one person is asked, in one message."""
    checks.ask_follow_up(person=User.objects.get(pk=person_id))


@handles_regularly("check-log", every=timedelta(days=1), is_outside=True)
def check_log(_subject: str) -> Callable[[], None]:
    """Check every line and row, with no transaction open meanwhile; then sign the end and write to the auditors."""
    return partial(note_daily_check, verdict=verify())


@handles_outside("audit-pack")
def put_pack_together(pack_id: int) -> Callable[[], None] | None:
    """The next decisions of a pack: reads, and prints papers. Returns what keeps the files and owes the next round."""
    return next_part(pack_id=pack_id)


@handles("delete-pack")
def delete_old_pack(pack_id: int) -> None:
    """The files of a pack some days after it was made: they name patients, and can be made anew."""
    delete_pack(pack=AuditPack(pk=pack_id), by=None)


@handles_outside("annual-report")
def annual_report(report_id: int) -> Note | None:
    """Count and typeset: some seconds, with a word after each table, so that no transaction is held open meanwhile."""
    return make(report_id)
