"""Every write of a replay: start, carry on by one chunk, cancel, resume."""

from collections import Counter

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.actions.records import pack_missing_records
from cases.replaying import Question, archive_of, facts_by_id, proposals_behind, read_chunk
from classification import RulebookError
from classification.replay import NotThere
from classification.replay_many import Changed, Tally, replay_records
from mdt.audit.models import ReplayChange, ReplayedDecision, ReplayRun
from mdt.audit.replay.judging import decisions_behind, is_judged_by, judge, read_decisions
from mdt.audit.rows.actions import LINES, catch_up
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User

CHUNK = 20_000
"""Snapshots answered in one transaction: SQLite has one writer, and others wait for a fraction of a second."""
DECISIONS = 2_000
"""Past decisions judged in one transaction: those whose proposal would be another one are read as whole rows."""
RULES_CHANGED = "rules-changed"
"""Kept as the error of a run whose edition has another digest by now; pages say it in words."""
PACKED_AT_ONCE = 2_000
"""Records built in one transaction: each is a document to be parsed."""


def _log(kind: Kind, run: ReplayRun, by: User | None, **data) -> None:
    record(kind, by=by, team=run.team, subject=run, scheme=run.scheme, edition=str(_named(run)), **data)


def _named(run: ReplayRun) -> str:
    return f"{run.edition} {run.reading}".strip()


@transaction.atomic
def start_replay(*, team: Team, question: Question, is_all_snapshots: bool, by: User) -> ReplayRun:
    """Put down a run for the worker. Raises what `Question.asked` raises for rules that there are not."""
    edition = question.asked
    run = ReplayRun.objects.create(
        team=team,
        asked_by=by,
        pathway=question.pathway,
        scheme=question.scheme,
        edition=edition.edition,
        reading=edition.reading,
        digest=edition.digest,
        is_all_snapshots=is_all_snapshots,
    )
    _log(Kind.REPLAY_STARTED, run, by)
    owe(kind="replay", subject=subject_of(run))
    return run


@transaction.atomic
def cancel_replay(*, run: ReplayRun, by: User) -> ReplayRun:
    """Stop a run; what was found so far stays readable. Raises ActionError if it has ended."""
    run = ReplayRun.objects.select_for_update().select_related("team").get(pk=run.pk)
    if not run.is_open:
        raise ActionError(_("This replay has ended."))
    run.state, run.ended_at = ReplayRun.State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "ended_at"])
    _log(Kind.REPLAY_CANCELLED, run, by, done=run.done)
    return run


@transaction.atomic
def resume_replay(*, run: ReplayRun, by: User) -> ReplayRun:
    """Go on behind the last snapshot that was answered; also where the worker gave a run up.

    Raises ActionError if it is done.
    """
    run = ReplayRun.objects.select_for_update().select_related("team").get(pk=run.pk)
    if run.state == ReplayRun.State.DONE:
        raise ActionError(_("This replay is done."))
    run.state, run.ended_at, run.error = ReplayRun.State.QUEUED, None, ""
    run.save(update_fields=["state", "ended_at", "error"])
    _log(Kind.REPLAY_RESUMED, run, by)
    owe(kind="replay", subject=subject_of(run))
    return run


@transaction.atomic
def carry_on(*, run_id: int) -> bool:
    """Answer the next chunk of a run. Returns whether there is more to do; then it has to be called again.

    Everything that a chunk leaves is one transaction with the cursor, so a worker that is killed repeats nothing.
    """
    run = ReplayRun.objects.select_for_update().select_related("team").get(pk=run_id)
    if not run.is_open:
        return False
    if not run.cursor and pack_missing_records(most=PACKED_AT_ONCE):
        return True
    question = question_of(run)
    try:
        archive = archive_of(question)
        is_same = question.asked.digest == run.digest
    except (NotThere, RulebookError):
        is_same = False
    if not is_same:
        _end(run, ReplayRun.State.FAILED, error=RULES_CHANGED)
        return False
    if run.item_cursor is not None:
        return _judge_decisions(run, question)
    if run.began_at is None:
        run.began_at = timezone.now()
        run.total = proposals_behind(question, team_id=run.team_id, is_all_snapshots=run.is_all_snapshots)
        run.decisions_total = decisions_behind(question, run.team_id) if is_judged_by(question) else 0
    run.state = ReplayRun.State.RUNNING
    rows = read_chunk(
        question, after=run.cursor, size=CHUNK, team_id=run.team_id, is_all_snapshots=run.is_all_snapshots
    )
    tally = Tally()
    for changed in replay_records(archive, [rows], facts_by_id, tally):
        _store(run.pk, changed)
    _count(run, tally)
    if len(rows) == CHUNK:
        run.cursor = rows[-1][0]
    elif is_judged_by(question):
        run.item_cursor = 0
    else:
        return _finish(run)
    run.save()
    if run.item_cursor is not None and run.decisions_total < DECISIONS:
        return _judge_decisions(run, question)  # few: no round of their own
    return True


def _judge_decisions(run: ReplayRun, question: Question) -> bool:
    """The next chunk of past decisions, once all snapshots are answered. Returns whether there is more to do."""
    if not run.item_cursor:
        if catch_up() >= LINES:
            return True  # decisions that nobody has counted yet are among those to be judged
        run.decisions_total = decisions_behind(question, run.team_id)
    taken = read_decisions(question, team_id=run.team_id, after=run.item_cursor, size=DECISIONS)
    counted = Counter({(old, new): number for old, new, number in run.counts.get("decisions", [])})
    rows = []
    for each in judge(question, taken):
        counted[each.before, each.after] += 1
        if each.before != each.after:
            rows.append(
                ReplayedDecision(
                    run=run,
                    decision_id=each.decision,
                    before=each.before,
                    after=each.after,
                    proposed=each.proposed,
                    option_status=each.option_status,
                )
            )
    ReplayedDecision.objects.bulk_create(rows)
    run.counts["decisions"] = [[*pair, number] for pair, number in sorted(counted.items())]
    run.decisions_done += len(taken)
    run.decisions_total = max(run.decisions_total, run.decisions_done)
    if len(taken) < DECISIONS:
        return _finish(run)
    run.item_cursor = taken[-1].item
    run.save()
    return True


def _judged(run: ReplayRun) -> dict[str, int]:
    return {"decisions": run.decisions_done} if run.decisions_done else {}


def _finish(run: ReplayRun) -> bool:
    _end(run, ReplayRun.State.DONE)
    _log(Kind.REPLAY_FINISHED, run, None, done=run.done, changed=run.changed, **_judged(run))
    return False


def question_of(run: ReplayRun) -> Question:
    return Question(run.pathway, run.scheme, run.edition, run.reading or None)


def _end(run: ReplayRun, state: str, error: str = "") -> None:
    run.state, run.error, run.ended_at = state, error, timezone.now()
    run.save()


def _count(run: ReplayRun, tally: Tally) -> None:
    run.done += tally.cases
    run.total = max(run.total, run.done)  # proposals made meanwhile are answered too
    run.changed += tally.changed
    run.irregular += tally.irregular
    run.refused += tally.refused
    counts = dict(run.counts)
    for part in ("possible", "provisional"):
        before = Counter({(old, new): number for old, new, number in run.counts.get(part, [])})
        counts[part] = [[*pair, number] for pair, number in sorted((before + getattr(tally, part)).items())]
    run.counts = counts


def _store(run_id: int, changed: list[Changed]) -> None:
    """By plain SQL: making a model instance for each of a million rows would take longer than answering them."""
    if not changed:
        return
    table = connection.ops.quote_name(ReplayChange._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (run_id, proposal_id, old_possible, new_possible, old_provisional, new_provisional) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [(run_id, *row) for row in changed],
        )


@transaction.atomic
def export_replay(*, run: ReplayRun, by: User, part: str = "") -> None:
    """Log that a person took the result of a run away: the snapshots, or the past decisions."""
    _log(Kind.REPLAY_EXPORTED, run, by, **({"part": part} if part else {}))
