"""A million stored snapshots asked again as the application does it: by a real Celery worker, chunk after chunk.

Run: python -m bench.replay_run [--cases 1000000] [--irregular 0.0] [--json FILE]

Seconds from the order to the last chunk, and the most memory of the worker's processes. Cold: the worker's first run,
from a database that the system does not hold in memory. Warm: the same once more. Uses the environment of the project.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from .archive_data import Archive, make
from .timing import print_table, write_json

EITHER_OF_TWO_SETS = {"nodes_beyond_d2": {"one_of": [[], ["16a2"]]}}
"""What no record can say."""
COLUMNS = {
    "cases_proposal": (
        "id case_id number made_at facts statements contradictions readiness outcome system edition edition_status "
        "digest types_possible types_provisional"
    ),
    "cases_factrecord": ("proposal_id team_id pathway is_newest layout system types_possible types_provisional record"),
}


def _prepare(folder: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mdt.settings",
        "MDT_DATA_DIR": str(folder),
        "MDT_LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
    }
    import django

    django.setup()


def fill(archive: Archive, irregular: float) -> tuple[Any, Any]:
    """A team, one case, and a proposal with its record for each row of the archive. Returns team and person.

    Only the proposals of irregular records get their facts: no other document is read by a replay.
    """
    from datetime import date

    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from cases.models import Case, Patient
    from cases.replaying import layout_of
    from mdt.people.models import Team, User

    call_command("migrate", verbosity=0)
    team = Team.objects.create(name="Upper GI tumour board", hospital="Bench Hospital", code="bench")
    user = User.objects.create(username="oncologist", name="Bai Lu", title="Dr", discipline="oncology")
    patient = Patient.objects.create(
        team=team, hospital_number="H1", name="Patient", born_on=date(1950, 1, 1), sex="female"
    )
    case = Case.objects.create(
        reference="BENCH-1", team=team, patient=patient, referred_by=user, question="?", referrer="Dr Bai Lu",
        referred_on=timezone.localdate(), target_on=timezone.localdate(),
    )  # fmt: skip
    layout, now = layout_of("gclm"), timezone.now().isoformat(" ")
    every = round(1 / irregular) if irregular else 0

    def rows() -> Iterator[tuple[tuple, tuple]]:
        for place, at in enumerate(archive.index.tolist()):
            types, number = archive.old[at], place + 1
            is_odd = bool(every) and place % every == 0
            facts = json.dumps(archive.facts[at] | EITHER_OF_TWO_SETS) if is_odd else "{}"
            record = layout.irregular if is_odd else archive.packed[at]
            proposal = (
                number,
                case.pk,
                number,
                now,
                facts,
                "{}",
                "[]",
                "[]",
                "{}",
                "c-gclm",
                "2019",
                "draft",
                "0" * 64,
            )
            yield (*proposal, *types), (number, team.pk, "gclm", True, layout.digest, "c-gclm", *types, record)

    with transaction.atomic(), connection.cursor() as cursor:
        inserts = [
            f"INSERT INTO {table} ({', '.join(names.split())}) VALUES ({', '.join(['%s'] * len(names.split()))})"
            for table, names in COLUMNS.items()
        ]
        made = rows()
        while chunk := list(islice(made, 20_000)):
            for insert, side in zip(inserts, zip(*chunk, strict=True), strict=True):
                cursor.executemany(insert, side)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()  # closing any handle of the file, as ``main`` does, would drop the locks of an open connection
    return team, user


def megabytes_of(pid: int) -> list[float]:
    """The most memory so far of a process and of all that it started."""
    status = Path(f"/proc/{pid}/status").read_text()
    most = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [most, *(each for child in children for each in megabytes_of(int(child)))]


def cpu_seconds_of(pid: int) -> float:
    """What a process and all that it started have computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds_of(int(child)) for child in children)


def replay(team: Any, user: Any, worker: int) -> dict[str, Any]:
    """One run from the order to its end."""
    from cases.replaying import Question
    from mdt.audit.replay.actions import start_replay

    started, computed = time.perf_counter(), cpu_seconds_of(worker)
    run = start_replay(team=team, question=Question("gclm", "c-gclm", "2019", "A"), is_all_snapshots=False, by=user)
    while run.is_open:
        time.sleep(0.05)
        run.refresh_from_db()
    spent = time.perf_counter() - started
    if run.state != "done":
        raise SystemExit(f"The run ended as {run.state}: {run.error}")
    memory = megabytes_of(worker)
    return {
        "from the order, s": spent,
        "from the first chunk, s": (run.ended_at - run.began_at).total_seconds(),
        "CPU s of the worker": cpu_seconds_of(worker) - computed,
        "changed": f"{run.changed:,}",
        "irregular": f"{run.irregular:,}",
        "MB at most, working process": max(memory),
        "MB at most, all": sum(memory),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, default=20_000, help="different cases; the archive repeats them")
    parser.add_argument("--irregular", type=float, default=0.0, help="share of cases that no record can say")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-replay-") as name:
        folder = Path(name)
        _prepare(folder)
        team, user = fill(
            make(arguments.cases, arguments.distinct, is_regular_only=False, folder=folder), arguments.irregular
        )
        command = "celery --quiet -A mdt worker --concurrency 1 --without-gossip --without-mingle --loglevel ERROR"
        worker = subprocess.Popen([sys.executable, "-m", *command.split()])
        try:
            time.sleep(10)  # until it has started: the order would else wait with it
            database = folder / "bench.sqlite3"
            with database.open("rb") as file:
                os.fsync(file)
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            rows = [{"run": when, **replay(team, user, worker.pid)} for when in ("cold", "warm")]
        finally:
            worker.terminate()
            worker.wait()
        size = database.stat().st_size / 1e6
        print_table(f"{arguments.cases:,} snapshots asked again by the worker (database {size:,.0f} MB)", rows)
        write_json(arguments.json, {"rows": rows})


if __name__ == "__main__":
    main()
