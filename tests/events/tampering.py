"""Random tamperings with a filled database, each past Python and with the triggers off, and whether the check finds it.

    python -m tests.events.tampering --count 1000
    DATABASE_URL=postgresql://… python -m tests.events.tampering --count 1000     in a database of its own there

The database holds the demonstration, and on top of it what patients' rights leave behind: an erasure of everything and
one of copies, holds and restrictions in force and lifted, and the notices that recipients are owed, open and answered
(--without-rights leaves that out).

Each is done in a transaction that is rolled back after the check. An attacker is assumed who reads this program, writes
every table, and recomputes digests; who does not have the checkpoint that was taken outside beforehand.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any

ROOT = __file__.rpartition("/tests/")[0]


@dataclass
class Figures:
    """How many tamperings of each sort were done, and those that the check did not find, or not at the right row."""

    done: Counter = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    tables: Counter = field(default_factory=Counter)

    @property
    def of_recipients(self) -> dict[str, int]:
        """How often each of the tables was tampered with that say who had data, and who is told of a change."""
        return {label: self.tables[label] for label in RECIPIENTS}

    def __str__(self) -> str:
        sorts = ", ".join(f"{count} {sort}" for sort, count in sorted(self.done.items()))
        told = ", ".join(f"{count} {label}" for label, count in self.of_recipients.items())
        missed = "".join(f"\n  missed: {each}" for each in self.missed)
        return (
            f"{sum(self.done.values())} tamperings with {len(self.tables)} tables, {len(self.missed)} not found\n"
            f"  {sorts}\n  of recipients: {told}{missed}"
        )


# Who had data of a patient, and what they were told of it: of whoever was given it GDPR 19 asks.
RECIPIENTS = (
    "privacy.Notice", "privacy.NoticeAnswer", "meetings.Release", "meetings.Recipient", "meetings.Told", "mail.Message",
    "mail.Enclosure",
)  # fmt: skip


class NothingToDo(Exception):
    """This tampering is not possible here: no row, or the database itself refuses it."""


def changed(value: Any, column, chance: random.Random) -> Any:
    """Another value that the column takes."""
    if value is not None and column.null and chance.random() < 0.2:
        return None
    kind = column.get_internal_type()
    if kind == "JSONField":
        return {"tampered": chance.randrange(10**9)}
    if column.is_relation or "Integer" in kind:
        return chance.randrange(1, 30_000)
    if kind == "BooleanField":
        return not value
    if value is None:
        value = {"DateField": date(2020, 1, 1), "DateTimeField": datetime.fromisoformat("2020-01-01T00:00:00+00:00"),
                 "TimeField": clock_time(8), "DecimalField": Decimal(0), "FloatField": 0.0,
                 "BinaryField": b""}.get(kind, "")  # fmt: skip
    if isinstance(value, datetime | date):
        return value + timedelta(days=chance.randrange(1, 4000))
    if isinstance(value, clock_time):
        return clock_time((value.hour + 1) % 24, value.minute)
    if isinstance(value, bytes | memoryview):
        return bytes(value) + b"x"
    if isinstance(value, Decimal | float):
        return value + 1
    return ("~" + value)[: column.max_length or None]


class Tamperer:
    """Somebody at the database. Every method does one thing and returns the name of the row, or of the log."""

    def __init__(self, chance: random.Random) -> None:
        from mdt.events import rows
        from mdt.events.models import Event

        self.chance, self.rows, self.event = chance, rows, Event
        self.models = [model for model in rows.named_models().values() if model._base_manager.exists()]

    def some(self, model, count: int = 1) -> list[Any]:
        from django.db.models import QuerySet

        keys = list(QuerySet(model).order_by("pk").values_list("pk", flat=True))
        if len(keys) < count:
            raise NothingToDo
        return self.chance.sample(keys, count)

    def past_python(self, model, key):
        from django.db.models import QuerySet

        return QuerySet(model).filter(pk=key)

    def edit_row(self) -> str:
        model = self.chance.choice(self.models)
        (key,) = self.some(model)
        return self._edit(model, key, self.chance.choice(self.rows.columns_of(model)))

    def _edit(self, model, key, attname: str) -> str:
        column = next(each for each in model._meta.concrete_fields if each.attname == attname)
        rows = self.past_python(model, key)
        before = rows.values_list(attname, flat=True).get()
        after = changed(before, column, self.chance)
        if after == before:
            raise NothingToDo
        rows.update(**{attname: after})
        if rows.values_list(attname, flat=True).get() == before:
            raise NothingToDo
        return f"{model._meta.label}:{key}"

    def write_nonsense(self) -> str:
        """What no type of the program allows, and SQLite takes."""
        from django.db import connection

        if connection.vendor != "sqlite":
            raise NothingToDo
        model = self.chance.choice([*self.models, self.event])
        columns = [each for each in model._meta.concrete_fields if each.get_internal_type() == "DateTimeField"
                   and (model is self.event or each.attname in self.rows.columns_of(model))]  # fmt: skip
        if not columns:
            raise NothingToDo
        (key,) = self.some(model)
        with connection.cursor() as cursor:
            table, column = model._meta.db_table, self.chance.choice(columns).column
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', ["yesterday", key])
        return "" if model is self.event else f"{model._meta.label}:{key}"

    def remove_row(self) -> str:
        model = self.chance.choice(self.models)
        (key,) = self.some(model)
        self.past_python(model, key)._raw_delete("default")
        return f"{model._meta.label}:{key}"

    def insert_row(self) -> str:
        model = self.chance.choice(self.models)
        (key,) = self.some(model)
        return self._insert(model, key)

    def _insert(self, model, key) -> str:
        row = self.past_python(model, key).get()
        row.pk = 10**6 + self.chance.randrange(10**6)
        for column in model._meta.concrete_fields:
            if not column.primary_key and column.attname in self.rows.columns_of(model):
                setattr(row, column.attname, changed(getattr(row, column.attname), column, self.chance))
        row.save_base(raw=True, force_insert=True)
        return f"{model._meta.label}:{row.pk}"

    def swap_rows(self) -> str:
        """Two rows of a table change places: every content is still there."""
        model = self.chance.choice(self.models)
        one, two = self.some(model, 2)
        for old, new in ((one, -1), (two, one), (-1, two)):
            self.past_python(model, old).update(**{model._meta.pk.attname: new})
        return f"{model._meta.label}:{one}"

    def _numbers(self) -> list[int]:
        return list(self.event.objects.order_by("number").values_list("number", flat=True))

    def edit_line(self) -> str:
        (key,) = self.some(self.event)
        columns = [each.attname for each in self.event._meta.concrete_fields if not each.primary_key]
        self._edit(self.event, key, self.chance.choice(columns))
        return ""

    def remove_line(self) -> str:
        (key,) = self.some(self.event)
        self.past_python(self.event, key)._raw_delete("default")
        return ""

    def swap_lines(self) -> str:
        one, two = self.some(self.event, 2)
        numbers = {key: self.past_python(self.event, key).get().number for key in (one, two)}
        self.past_python(self.event, one).update(number=10**9)
        self.past_python(self.event, two).update(number=numbers[one])
        self.past_python(self.event, one).update(number=numbers[two])
        return ""

    def cut_off_tail(self) -> str:
        """The last lines are gone, with all rows that only they name, and the head says that it always was so."""
        from django.db.models import QuerySet

        keep = self.chance.choice(self._numbers()[:-1])
        QuerySet(self.event).filter(number__gt=keep)._raw_delete("default")
        self._set_head()
        return ""

    def insert_line(self) -> str:
        """A line in the middle; all digests after it made anew."""
        events = self._taken_out()
        at = self.chance.randrange(len(events))
        forged = self.event(**{name: getattr(events[at], name) for name in self._columns()})
        forged.pk, forged.data = None, {"forged": True}
        self._write_anew([*events[:at], forged, *events[at:]])
        return ""

    def rewrite_history(self) -> str:
        """A row is edited, the line that names it says so, and all digests are made anew."""
        events = self._taken_out()
        naming = [event for event in events if event.rows]
        event = self.chance.choice(naming)
        name, named = self.chance.choice(sorted(event.rows.items()))
        label, key = name.partition("@")[0], self.chance.choice(sorted(named))
        event.rows[name][key] = "0" * 64 if named[key] else "1" * 64
        self._write_anew(events)
        return "" if label else name

    def _stripped(self, wanted: bool) -> list[int]:
        """Keys of lines from which an erasure took the details, or of all others that have some."""
        from mdt.events.erasing import ERASED

        rows = self.event.objects.order_by("number").values_list("pk", "data")
        return [key for key, data in rows if (ERASED in data) is wanted and (wanted or data)]

    def _one_of(self, keys: list[Any]) -> Any:
        if not keys:
            raise NothingToDo
        return self.chance.choice(keys)

    def fill_stripped_line(self) -> str:
        """A line that an order emptied says something again, though it keeps the number of the order."""
        key = self._one_of(self._stripped(wanted=True))
        row = self.past_python(self.event, key).get()
        self.past_python(self.event, key).update(data={**row.data, "reason": "written later"})
        return ""

    def strip_another_line(self) -> str:
        """A line is emptied as if an order that there is had done it."""
        from mdt.events.kinds import Kind

        of_orders = self.event.objects.filter(kind=Kind.PATIENT_ERASED).order_by("number")
        orders = [data["order"] for data in of_orders.values_list("data", flat=True)]
        if not orders:
            raise NothingToDo
        key = self._one_of(self._stripped(wanted=False))
        self.past_python(self.event, key).update(data={"erased_by_order": self.chance.choice(orders)}, rows=None)
        return ""

    def widen_order(self) -> str:
        """The line of an order names one line more, which is then emptied to fit."""
        from mdt.events.erasing import content_digest
        from mdt.events.kinds import Kind

        of_orders = list(self.event.objects.filter(kind=Kind.PATIENT_ERASED).order_by("number"))
        if not of_orders:
            raise NothingToDo
        order = self.chance.choice(of_orders)
        victim = self.past_python(self.event, self._one_of(self._stripped(wanted=False))).get()
        victim.data, victim.rows = {"erased_by_order": order.data["order"]}, None
        self.past_python(self.event, victim.pk).update(data=victim.data, rows=None)
        lines = {**order.data["lines"], str(victim.number): content_digest(victim)}
        self.past_python(self.event, order.pk).update(data={**order.data, "lines": lines})
        return ""

    def bring_back_row(self) -> str:
        """A row that an order erased is there again, under its own key."""
        from django.apps import apps

        from mdt.events.kinds import Kind
        from mdt.events.rows import REMOVED

        gone = [
            (name.partition("@")[0], key)
            for named in self.event.objects.filter(kind=Kind.PATIENT_ERASED).values_list("rows", flat=True)
            for name, own in (named or {}).items()
            for key, digest in own.items()
            if digest == REMOVED
        ]
        if not gone:
            raise NothingToDo
        label, key = self.chance.choice(gone)
        model = apps.get_model(label)
        (like,) = self.some(model)
        row = self.past_python(model, like).get()
        row.pk = int(key)
        for column in model._meta.concrete_fields:
            if column.unique and not column.primary_key:
                setattr(row, column.attname, changed(getattr(row, column.attname), column, self.chance))
        row.save_base(raw=True, force_insert=True)
        return f"{label}:{key}"

    def leave_window_open(self) -> str:
        from mdt.events.models import ErasureWindow

        ErasureWindow.objects.create(order=self.chance.randrange(10**6))
        return "events.ErasureWindow"

    def change_rights(self) -> str:
        """A hold, a restriction, its end, a decision of the privacy office: edited or gone."""
        from cases.models import Case

        of_the_office = [each for each in self.models if each._meta.app_label == "privacy"]
        model = self.chance.choice([Case, *of_the_office])
        (key,) = self.some(model)
        if model is Case:  # lifted, or forged
            return self._edit(model, key, "is_restricted")
        if self.chance.random() < 0.5:
            self.past_python(model, key)._raw_delete("default")
            return f"{model._meta.label}:{key}"
        return self._edit(model, key, self.chance.choice(self.rows.columns_of(model)))

    def change_recipients(self) -> str:
        """Who had data, a notice, or what became of it: edited, gone, or one more."""
        named = {model._meta.label: model for model in self.models}
        model = named[self._one_of([label for label in RECIPIENTS if label in named])]
        (key,) = self.some(model)
        way = self.chance.randrange(3)
        if way == 0:
            self.past_python(model, key)._raw_delete("default")
            return f"{model._meta.label}:{key}"
        if way == 1:
            return self._insert(model, key)
        return self._edit(model, key, self.chance.choice(self.rows.columns_of(model)))

    def move_head(self) -> str:
        from mdt.events.models import ChainHead

        ChainHead.objects.update(number=self.chance.randrange(10**6), digest="0" * 64)
        return ""

    def edit_checkpoint(self) -> str:
        from mdt.events.models import Checkpoint

        (key,) = self.some(Checkpoint)
        self._edit(Checkpoint, key, self.chance.choice(["number", "digest", "at", "key", "signature"]))
        return ""

    def _columns(self) -> list[str]:
        return [each.attname for each in self.event._meta.concrete_fields]

    def _taken_out(self) -> list:
        from django.db.models import QuerySet

        events = list(self.event.objects.order_by("number"))
        QuerySet(self.event)._raw_delete("default")
        return events

    def _write_anew(self, events: list) -> None:
        from mdt.events.chain import digest_of

        previous = ""
        for number, event in enumerate(events, start=1):
            event.pk, event.number, event.previous_digest = None, number, previous
            event.digest = previous = digest_of(
                number=number, at=event.at, by=event.by_id, team=event.team_id, case_reference=event.case_reference,
                kind=event.kind, subject=event.subject, data=event.data, previous=previous, rows=event.rows,
            )  # fmt: skip
        from django.db.models import QuerySet

        QuerySet(self.event).bulk_create(events, batch_size=200)
        self._set_head()

    def _set_head(self) -> None:
        from mdt.events.models import ChainHead

        last = self.event.objects.order_by("-number").first()
        ChainHead.objects.update(number=last.number, digest=last.digest)


# How often each is tried, in parts: rows most, since there are most of them.
SORTS = {
    "edit_row": 40, "remove_row": 12, "insert_row": 12, "swap_rows": 10, "edit_line": 8, "remove_line": 3,
    "swap_lines": 3, "cut_off_tail": 4, "insert_line": 2, "rewrite_history": 2, "write_nonsense": 3, "move_head": 1,
    "edit_checkpoint": 2, "fill_stripped_line": 4, "strip_another_line": 4, "widen_order": 4, "bring_back_row": 5,
    "leave_window_open": 1, "change_rights": 12, "change_recipients": 20,
}  # fmt: skip


def exercise_rights() -> None:
    """What patients' rights leave in a filled database, by the actions of the pages."""
    from django.utils import timezone

    from cases.models import Case
    from mdt.people.models import Role, User
    from mdt.privacy import actions
    from mdt.privacy.models import Notice

    cases = list(Case.objects.filter(is_restricted=False).select_related("team", "patient").order_by("pk"))
    team = cases[0].team
    cases = [case for case in cases if case.team_id == team.pk]
    held = [User.objects.filter(memberships__team=team, memberships__role=role) for role in (Role.PRIVACY, Role.CHAIR)]
    officer, chair = (people.order_by("pk").first() for people in held)
    whole, part, hold, lifted, restricted, restricted_before = cases[:6]
    today = timezone.localdate()
    for case in (whole, lifted, restricted):
        _letter_outside(case)

    def order(case, outcome: str, **answer) -> None:
        asked = {"asked_by": "patient", "right": "gdpr-17", "asked_on": today, "text": "By letter."}
        request = actions.ask_erasure(case=case, by=officer, **asked)
        actions.decide_erasure(request=request, by=officer, outcome=outcome, reason="As the law says.", **answer)
        request.refresh_from_db()
        if outcome != "refused":
            actions.carry_out(request=request, by=chair, reference=case.reference)

    order(whole, "granted", parts=[], exceptions=[])
    order(part, "partly", parts=["copies", "drafts"], exceptions=["gdpr-17-3-c"])
    order(hold, "refused", parts=[], exceptions=["gdpr-17-3-b"])
    actions.place_hold(case=hold, by=officer, reason="A claim is pending.")
    actions.lift_hold(
        hold=actions.place_hold(case=lifted, by=officer, reason="A claim was pending."), by=officer, reason="Settled."
    )
    asked = {"by": officer, "asked_by": "patient", "ground": "gdpr-18-a", "reason": "It is being checked."}
    actions.restrict(case=restricted, **asked)
    before = actions.restrict(case=restricted_before, **asked)
    told = {"reason": "It was right.", "told_on": today, "told_how": "By letter."}
    actions.lift_restriction(restriction=before, by=officer, **told)
    actions.say_rectified(case=lifted, by=officer, reason="A number was wrong.")
    for notice in Notice.objects.order_by("because", "pk"):
        if notice.pk % 2:  # the others are still to be told
            actions.answer_notice(notice=notice, by=officer, outcome="told", on=today, how="By letter.")


def _letter_outside(case) -> None:
    """An outcome that the mail server of a referrer took."""
    from django.utils import timezone

    from mdt.mail.actions import Attachment, post
    from mdt.mail.actions.delivery import note_sent

    file = Attachment(name="outcome.pdf", content=b"%PDF-1.7", media_type="application/pdf")
    message = post(
        **{"key": f"tampering:{case.pk}", "kind": "letter", "address": "referrer@clinic.example", "name": "Dr Bai"},
        **{"subject": "Outcome", "body": "See the file.", "case_reference": case.reference, "team": case.team},
        attachments=[file],
    )
    note_sent(delivery=message.delivery, address=message.address, now=timezone.now())


OF_RIGHTS = {
    **{name: SORTS[name] for name in ("fill_stripped_line", "strip_another_line", "widen_order", "bring_back_row")},
    **{name: SORTS[name] for name in ("leave_window_open", "change_rights", "change_recipients")},
}


def trial(count: int, seed: int, sorts: dict[str, int] = SORTS) -> Figures:
    """Tamper so often with the database that there is, whose triggers are off and whose log is whole before."""
    from django.db import DatabaseError, transaction

    from mdt.events.actions import sign_end
    from mdt.events.verification import verify

    outside = [sign_end()]
    before = verify(outside)
    assert before.is_whole, before
    chance, figures = random.Random(seed), Figures()
    tamperer = Tamperer(chance)
    while sum(figures.done.values()) < count:
        sort = chance.choices(list(sorts), list(sorts.values()))[0]
        act: Callable[[], str] = getattr(tamperer, sort)
        try:
            with undone():
                with transaction.atomic():
                    row = act()
                verdict = verify(outside)
        except (NothingToDo, DatabaseError):
            continue  # nothing was changed
        figures.done[sort] += 1
        figures.tables[row.partition(":")[0] or "the log"] += 1
        if verdict.is_whole or (row and row not in {fault.row for fault in verdict.faults}):
            figures.missed.append(f"{sort} {row}: {verdict}")
    return figures


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back."""
    from django.db import transaction

    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-rights", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "mdt.settings", "MDT_DATA_DIR": scratch, "MDT_LOG_LEVEL": "ERROR",
                       "MDT_DEMO_PASSWORD": uuid.uuid4().hex}  # fmt: skip
        with database(scratch):
            for command in ("compile_catalogues", "cut_icons", "migrate", "load_demo"):
                subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            import django

            django.setup()
            from django.db import connection

            from mdt.events import guards
            from mdt.events.verification import verify

            if not asked.without_rights:
                exercise_rights()  # through the triggers, which are on
            guards.remove(connection)
            began = time.monotonic()
            print(f"{connection.vendor}: {trial(asked.count, asked.seed)}")
            print("  " + "; ".join(map(str, verify().erased)) if not asked.without_rights else "  without rights")
            print(f"  {time.monotonic() - began:.0f} s, seed {asked.seed}")
            connection.close()


@contextmanager
def database(scratch: str) -> Iterator[None]:
    """A database of its own: a file, or one on DATABASE_URL's server."""
    server = os.environ.get("DATABASE_URL", "")
    if "postgres" not in server:
        os.environ["DATABASE_URL"] = f"sqlite:///{scratch}/mdt.sqlite3"
        yield
        return
    import psycopg

    from tests.migrated import beside

    name = f"tampering_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = beside(server, name)
        yield
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
