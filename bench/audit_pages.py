"""The audit over a million decisions: the two axes under every filter, each table, whole pages, and deriving the rows.

Run: python -m bench.audit_pages [--cases 1000000] [--rounds 60] [--database URL] [--rebuild 2000] [--json FILE]

Seconds at the median and at the 95th hundredth, in one process, from a scope to its counts or its table, or from an
address to its page. A round asks another random scope: a period, and any of the filters by a value that occurs. The
first scope of each table, and of each page the only one, is the widest: all years and teams, no filter. The database is
SQLite in a folder of its own, or an empty PostgreSQL named by --database. Uses the environment of the project.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from .timing import print_table, write_json

YEARS = 8
FAR = 10_000_000  # beyond the ids of the cases from which rows are derived
TEAMS = (101, 102, 103)
FILTERS = (
    "pathway", "confirmed", "concordance", "implementation", "discipline", "option", "treatment", "reason", "edition",
)  # fmt: skip
SHARES: dict[str, dict[str, float]] = {
    # The types of RECORD, the deviations of PMC8934031, the implementation of Bonn: as in mdt/demo/year/rates.toml.
    "confirmed": {"I": 0.194, "II": 0.250, "III": 0.556},
    "concordance": {
        "concordant": 0.70, "conditional": 0.08, "different_with_reason": 0.05, "different_without_reason": 0.02,
        "no_proposal": 0.15,
    },
    "implementation": {
        "full": 0.681, "partial": 0.161, "different": 0.043, "not_done": 0.043, "lost": 0.01, "pending": 0.01,
        "unknown": 0.052,
    },
    "ended": {"decided": 0.83, "deferred": 0.07, "not_discussed": 0.09, "open": 0.01},
    "treatment": {"systemic": 0.5, "conversion": 0.2, "perioperative": 0.15, "liver_directed": 0.1, "other": 0.05},
    "discipline": {"surgery": 0.4, "oncology": 0.5, "hepatobiliary": 0.1},
    "departure": {"comorbidity": 0.3, "patient_choice": 0.3, "technical": 0.2, "other": 0.2},
    "not_done_because": {"patient_choice": 0.3, "progression": 0.3, "comorbidity_new": 0.2, "other": 0.2},
    "edition": {"c-gclm 2019": 0.8, "c-gclm 2024": 0.2},
    "pathway": {"gclm": 0.9, "other": 0.1},
}  # fmt: skip
OPTIONS = [f"option_{number:02}" for number in range(40)]


def _prepare(folder: Path, database: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mdt.settings",
        "MDT_DATA_DIR": str(folder),
        "MDT_LOG_LEVEL": "ERROR",
        "MDT_ALLOWED_HOSTS": "testserver,127.0.0.1",
        "DATABASE_URL": database or f"sqlite:///{folder / 'bench.sqlite3'}",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _rows(cases: int, today: date) -> Iterator[Any]:
    """One row for each agenda item, over some years, in the order of their meetings."""
    from mdt.audit.models import AuditRow

    chance = random.Random(20261125)
    drawn = {name: chance.choices(list(shares), list(shares.values()), k=cases) for name, shares in SHARES.items()}
    first = today - timedelta(days=round(YEARS * 365.25))
    span = (today - first).days
    for number in range(cases):
        day = first + timedelta(days=number * span // cases)
        said = {name: values[number] for name, values in drawn.items()}
        row = AuditRow(
            item_id=number + FAR,
            team_id=TEAMS[number % len(TEAMS)],
            case_id=number + FAR,
            meeting_id=number // 6 + FAR,
            meeting_on=day,
            ended=said["ended"],
            pathway=said["pathway"],
            edition=said["edition"],
            is_quorate=number % 11 > 0,
            is_late=number % 13 == 0,
            is_again=number % 9 == 0,
            standards=number % 64,
            has_preference=number % 4 > 0,
            has_comorbidity=number % 5 > 0,
            ready_after_days=number % 9,
        )
        if said["ended"] == "decided":
            for name in ("confirmed", "concordance", "implementation", "treatment", "discipline"):
                setattr(row, name, said[name])
            row.decision_id, row.is_signed, row.verdict, row.intent = number + FAR, True, "confirmed", "curative"
            row.proposed = "" if said["concordance"] == "no_proposal" else said["confirmed"]
            row.option = OPTIONS[number % len(OPTIONS)]
            if said["concordance"] == "different_with_reason":
                row.departure = said["departure"]
            if said["implementation"] in ("partial", "different", "not_done", "lost"):
                row.not_done_because = said["not_done_because"]
            row.discussed_after_days, row.released_after_days, row.told_after_days = number % 12, number % 3, number % 6
            row.released_on = day
            row.is_prospective = number % 7 > 0
            lived = round(chance.expovariate(0.8) * 365)
            row.last_seen_on = min(day + timedelta(days=lived), today)
            if day + timedelta(days=lived) < today:
                row.died_on = day + timedelta(days=lived)
            row.treatment_began_on, row.treated_after_days = day + timedelta(days=20), 15
        yield row


def fill(cases: int, today: date) -> float:
    """Seconds until all rows stand."""
    from django.db import connection, transaction

    from mdt.audit.models import AuditRow
    from mdt.people.models import Team

    began = time.perf_counter()
    teams = [Team(pk=pk, code=f"t{pk}", name=f"Team {pk}", hospital="Bench") for pk in TEAMS]
    Team.objects.bulk_create(teams, ignore_conflicts=True)  # bench.main_line brings its own
    names = [field.column for field in AuditRow._meta.concrete_fields if not field.generated]
    made = (tuple(row.__dict__[name] for name in names) for row in _rows(cases, today))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY audit_auditrow ({', '.join(names)}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        else:
            insert = f"INSERT INTO audit_auditrow ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
            while chunk := list(islice(made, 20_000)):
                cursor.executemany(insert, chunk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - began


def scopes(rounds: int, today: date) -> Iterator[Any]:
    """Random scopes: all years or a part, one team or all, and each filter by chance, with a value that occurs."""
    from mdt.audit.scope import Scope

    chance = random.Random(7)
    values = {name: list(shares) for name, shares in SHARES.items()} | {"option": OPTIONS}
    values["reason"] = [f"departure.{code}" for code in SHARES["departure"]]
    for _round in range(rounds):
        days = chance.choice([30, 365, 365 * 3, 365 * YEARS])
        teams = chance.choice([TEAMS, TEAMS[:1]])
        asked = {name: chance.choice(values[name]) for name in FILTERS if chance.random() < 0.4}
        yield Scope(teams=teams, first_on=today - timedelta(days=days), last_on=today, **asked)


def cpu_seconds() -> float:
    """What this process and the server's process of its connection have computed; deaf to neighbours."""
    from django.db import connection

    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(ask: Callable[[Any], Any], asked: list[Any]) -> dict[str, Any]:
    spent, computed = [], cpu_seconds()
    for scope in asked:
        began = time.perf_counter()
        ask(scope)
        spent.append(time.perf_counter() - began)
    computed = (cpu_seconds() - computed) / len(asked)
    spent.sort()
    return {
        "median, s": statistics.median(spent),
        "p95, s": spent[min(len(spent) - 1, round(0.95 * len(spent)))],
        "most, s": spent[-1],
        "CPU s, mean": computed,
        "times": len(spent),
    }


def ask_all(rounds: int, today: date) -> list[dict[str, Any]]:
    from mdt.audit.figures import axes
    from mdt.audit.registry import FIGURES
    from mdt.audit.scope import Scope

    widest = Scope(teams=TEAMS, first_on=today - timedelta(days=366 * YEARS), last_on=today)
    filled = {name: next(iter(SHARES.get(name, {"": 1}))) for name in FILTERS}
    narrow = replace(widest, **filled | {"option": OPTIONS[0], "reason": "departure.comorbidity"})
    assert axes.counts_of(widest).listed > 0
    rows = [
        {"what": "two axes, all years, no filter", **timed(axes.counts_of, [widest] * 10)},
        {"what": "two axes, all years, every filter at once", **timed(axes.counts_of, [narrow] * 20)},
        {"what": "two axes, random filters and periods", **timed(axes.counts_of, list(scopes(rounds, today)))},
    ]
    for figure in FIGURES:
        some = [widest, *scopes(max(rounds // 12, 4), today)]
        rows.append({"what": f"table {figure.key}", **timed(figure.build, some)})
    return rows + ask_pages(widest)


def ask_pages(widest: Any) -> list[dict[str, Any]]:
    """Whole pages as an auditor of all teams is answered, with all that is on them: all years, no filter."""
    from django.test import Client
    from django.urls import reverse

    from mdt.audit.registry import FIGURES
    from mdt.people.models import Membership, Role, Team, User

    person = User.objects.create(username="bench-auditor", name="Bench")
    for team in Team.objects.filter(pk__in=TEAMS):
        Membership.objects.create(user=person, team=team, role=Role.AUDITOR)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def answered(name: str) -> None:
        assert client.get(f"{reverse(name)}?{widest.query_string()}").status_code == 200

    names = dict.fromkeys(figure.page for figure in FIGURES)
    return [{"what": f"page {name}", **timed(answered, [name] * 4)} for name in names]


def derive(rounds: int) -> list[dict[str, Any]]:
    """How fast rows are derived: the demonstration's synthetic year, again and again."""
    from django.core.management import call_command

    from cases.models import Case
    from mdt.audit.rows.actions import project

    call_command("load_synthetic_year", "--now", "--weeks", "12", verbosity=0)
    cases = list(Case.objects.values_list("pk", flat=True))
    began, count = time.perf_counter(), 0
    while count < rounds:
        count += project(cases=cases)
    spent = time.perf_counter() - began
    return [{"rows derived": count, "s": spent, "rows a second": f"{count / spent:,.0f}"}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--database", default="", help="an empty PostgreSQL; SQLite without it")
    parser.add_argument("--rebuild", type=int, default=2_000, help="rows to derive; 0 leaves it out")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-audit-") as name:
        _prepare(Path(name), arguments.database)
        from django.db import connection
        from django.utils import timezone

        derived = derive(arguments.rebuild) if arguments.rebuild else []
        today = timezone.localdate()
        filled = fill(arguments.cases, today)
        rows = ask_all(arguments.rounds, today)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        load = os.getloadavg()[0]
        where = (
            f"{arguments.cases:,} rows on {connection.vendor}, filled in {filled:.0f} s, {most:.0f} MB, load {load:.1f}"
        )
        if derived:
            print_table("Rows derived", derived)
        print_table(where, rows)
        write_json(arguments.json, {"where": where, "derived": derived, "rows": rows})
        connection.close()


if __name__ == "__main__":
    main()
