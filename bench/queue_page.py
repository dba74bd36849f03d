"""The queue page at 100,000 cases against a page made by raw SQL and a template, in the same process.

Run: python -m bench.queue_page [--cases 100000] [--rounds 60]
"""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from datetime import date, timedelta

REST = (
    "question", "liver_lesion_count", "liver_major_vessel_or_duct_involved", "distant_sites", "histology", "mmr_or_msi",
    "pdl1_cps", "comorbidity_note", "patient_preference",
)  # fmt: skip
"""What else the pathway requires; of the archive's cases it is known."""


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
    os.environ.setdefault("MDT_DATA_DIR", tempfile.mkdtemp(prefix="mdt-bench-"))
    os.environ.setdefault("MDT_LOG_LEVEL", "ERROR")
    os.environ.setdefault("MDT_ALLOWED_HOSTS", "testserver,127.0.0.1")
    import django

    django.setup()


def fill(cases: int) -> None:
    """A team of its own with so many cases."""
    from django.core.management import call_command

    from mdt.people.models import Membership, Role, Team, User

    call_command("migrate", verbosity=0)
    team = Team.objects.create(name="Upper GI tumour board", hospital="Bench Hospital", code="bench")
    user = User.objects.create(username="oncologist", name="Bai Lu", title="Dr", discipline="oncology")
    Membership.objects.create(team=team, user=user, role=Role.MEMBER)
    fill_team(cases, team, user)


def fill_team(cases: int, team, user) -> None:
    """Bulk rows in the proportions of a real archive: most closed, some in preparation, few listed or decided."""
    from django.db import transaction
    from django.utils import timezone

    from cases.models import Case, Patient, Waiting

    rng, today = random.Random(20261123), timezone.localdate()
    owners = [
        "radiology",
        "radiology",
        "radiology",
        "radiology",
        "surgery",
        "radiology",
        "pathology",
        "oncology",
    ]
    items = [
        "t_category",
        "n_category",
        "liver_lobes",
        "liver_max_diameter_mm",
        "peritoneum",
        "nodes_beyond_d2",
        "her2_status",
        "ecog",
    ]
    rest = [{"fact": fact, "owner": "oncology", "state": "known"} for fact in REST]
    states = ["closed"] * 60 + ["referred"] * 26 + ["listed"] * 8 + ["signed"] * 4 + ["decided"] * 2
    with transaction.atomic():
        for start in range(0, cases, 5000):
            numbers = range(start, min(start + 5000, cases))
            patients = Patient.objects.bulk_create(
                Patient(
                    team=team,
                    hospital_number=f"H{n:07}",
                    name=f"Patient {n:06}",
                    born_on=date(1950, 1, 1) + timedelta(days=n % 12000),
                    sex=("female", "male")[n % 2],
                )
                for n in numbers
            )
            rows = []
            for n, patient in zip(numbers, patients, strict=True):
                state = rng.choice(states)
                readiness = [
                    {"fact": fact, "owner": owner, "state": "known" if rng.random() < 0.6 else "missing"}
                    for fact, owner in zip(items, owners, strict=True)
                ] + rest
                referred = today - timedelta(days=rng.randrange(0, 900))
                rows.append(
                    Case(
                        reference=f"BENCH-2026-{n:07}",
                        team=team,
                        patient=patient,
                        referred_by=user,
                        question="Can the primary and the liver lesion be removed together with curative intent?",
                        referrer="Dr Bai Lu",
                        referred_on=referred,
                        target_on=referred + timedelta(days=14),
                        state=state,
                        readiness=readiness,
                        is_ready=all(item["state"] == "known" for item in readiness),
                        types_possible=rng.choice(["I II III", "II III", "III"]),
                        types_provisional=rng.choice(["I", "II", "III"]),
                        liver={
                            "liver_lesions": [
                                {
                                    "segments": [rng.choice("2345678")],
                                    "diameter_mm": rng.randrange(8, 60),
                                    "nature": "metastasis",
                                }
                            ]
                        },
                        search_text=f"BENCH-2026-{n:07} Patient {n:06} H{n:07}",
                    )
                )
            created = Case.objects.bulk_create(rows)
            Waiting.objects.bulk_create(
                Waiting(case=case, team=team, whom=whom, what="facts", facts=[], target_on=case.target_on)
                for case in created
                if case.state in ("referred", "listed")
                for whom in sorted({item["owner"] for item in case.readiness if item["state"] == "missing"})
            )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


PEER_SQL = """
SELECT c.reference, p.name, p.sex, p.born_on, c.question, c.state, c.referred_on, c.target_on, c.readiness,
       c.types_possible, c.types_provisional, c.type_confirmed, c.meets_at, c.urgency, c.id
FROM cases_case c JOIN cases_patient p ON p.id = c.patient_id
WHERE c.id IN ({places}) ORDER BY c.target_on, c.id
"""


def peer_page(request, ids: list[int]):
    """The peer: one SQL statement for exactly these rows, then a plain Django template inside the same frame."""
    from django.db import connection
    from django.http import HttpResponse
    from django.template import engines

    global _PEER
    if _PEER is None:
        _PEER = engines["django"].from_string(PEER_TEMPLATE)
    with connection.cursor() as cursor:
        cursor.execute(PEER_SQL.format(places=",".join(["%s"] * len(ids))), ids)
        rows = cursor.fetchall()
    return HttpResponse(_PEER.render({"rows": rows}, request))


_PEER = None
PEER_TEMPLATE = """{% extends "base.html" %}{% block title %}Peer{% endblock %}{% block main %}
<table>{% for r in rows %}<tr><td>{{ r.0 }}</td><td>{{ r.1 }}</td><td>{{ r.2 }} {{ r.3|date }}</td>
<td>{{ r.4 }}</td><td>{{ r.5 }}</td>
<td>{{ r.6|date:"j M Y" }}</td><td>{{ r.7|date:"D j M" }}</td><td>{{ r.8 }}</td>
<td>{{ r.9 }} {{ r.10 }} {{ r.11 }}</td></tr>
{% endfor %}</table>{% endblock %}"""


def measure(rounds: int) -> None:
    from django.test import Client
    from django.urls import path

    from cases.queue import Filters, Queue
    from mdt import urls as project_urls
    from mdt.people.models import User

    user = User.objects.get(username="oncologist")
    queue = Queue(user, Filters())
    page, deep_key = queue.page(), None
    ids = [case.pk for _name, cases in page.groups for case in cases]
    hops = 0
    while page.following is not None and hops < 400:
        deep_key, hops = page.following, hops + 1
        page = queue.page(after=page.following)
    project_urls.urlpatterns.append(path("bench-peer/", lambda request: peer_page(request, ids)))
    client = Client()
    client.force_login(user)
    addresses = {
        "queue, page 1": "/",
        f"queue, page {hops + 1}": f"/?after={deep_key}",
        "queue, searched": "/?q=Patient+0001",
        "raw SQL + template, the rows of page 1": "/bench-peer/",
    }
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for name, address in addresses.items():
        assert client.get(address).status_code == 200, name
    for _round in range(rounds):
        for name, address in addresses.items():
            started = time.perf_counter()
            client.get(address)
            times[name].append(1000 * (time.perf_counter() - started))
    medians = {name: statistics.median(values) for name, values in times.items()}
    peer = medians["raw SQL + template, the rows of page 1"]
    for name, value in medians.items():
        print(f"{name:45} median {value:7.2f} ms   x peer {value / peer:5.2f}")
    first, deep = medians["queue, page 1"], medians[f"queue, page {hops + 1}"]
    print(f"page {hops + 1} / page 1: {deep / first:.2f}")
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process (one web worker and the benchmark): {most_mb:.0f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    arguments = parser.parse_args()
    _prepare()
    fill(arguments.cases)
    measure(arguments.rounds)


if __name__ == "__main__":
    main()
