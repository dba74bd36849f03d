"""The synthetic year: played through the actions, labelled everywhere, the same whether in one go or in parts."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from cases.models import Case
from mdt.audit.models import AuditRow, FollowUpEvent, ImplementationReport
from mdt.audit.outcomes.course import courses_of
from mdt.audit.rows.actions import rebuild
from mdt.demo import duties
from mdt.demo.year.playing import Playing
from mdt.demo.year.script import RATES, Script
from mdt.duties import registry
from mdt.duties.models import Duty
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.mail.models import Message
from mdt.meetings.models import Decision
from mdt.people.models import Team
from tests.builders import make_team, make_user

pytestmark = pytest.mark.django_db
WEEKS = 3


def test_a_short_year_is_whole_labelled_and_counts_up(client):
    gc = make_team("gc")
    chair, auditor = make_user("chair", team=gc, roles=("chair",)), make_user("auditor", team=gc, roles=("auditor",))
    script = Script(timezone.localdate(), WEEKS)
    number, parts = 0, 0
    while number < len(script.deeds):  # many small parts, each by somebody who knows nothing of the others
        with transaction.atomic():
            number = Playing(Script(script.today, WEEKS)).play(number, seconds=0.3)
        parts += 1
    assert parts > 1
    assert verify().is_whole
    assert Team.objects.get(code="sy").is_synthetic
    assert not Team.objects.get(code="gc").is_synthetic
    assert set(Event.objects.filter(at__gt=timezone.now()).values_list("pk", flat=True)) == set()

    rows = AuditRow.objects.filter(case_id__in=Case.objects.filter(team__code="sy").values("pk"))
    decided = rows.filter(ended="decided")
    assert decided.count() == len(script.fates) == Case.objects.filter(team__code="sy").count()
    by_axes = decided.order_by().values_list("concordance", "implementation").annotate(number=Count("pk"))
    assert sum(found for *_axes, found in by_axes) == decided.count()
    assert not rows.exclude(ended__in=["decided", "deferred", "not_discussed"]).exists()
    for case in Case.objects.filter(team__code="sy").select_related("patient"):
        assert case.patient.name.startswith("Synthetic")
        assert case.citation.startswith("Synthetic")
        assert case.question.startswith("Synthetic")
    assert not any(course.contradictions for course in courses_of(Case.objects.values_list("pk", flat=True)).values())
    assert not Message.objects.filter(kind="letter").exists()
    assert set(Duty.objects.values_list("kind", flat=True)) <= {"check-follow-up"}

    before = list(AuditRow.objects.order_by("pk").values())
    rebuild()
    assert list(AuditRow.objects.order_by("pk").values()) == before

    for person in (chair, auditor):
        client.force_login(person)
        page = client.get("/audit/")
        assert page.status_code == 200
        assert "Synthetic" in page.text
        assert client.get("/follow-up/").status_code == 200
    with pytest.raises(CommandError, match="already"):
        call_command("load_synthetic_year")


def test_the_worker_is_owed_the_next_part_until_the_last():
    script = Script(timezone.localdate(), 2)
    duties.begin(script.today, 2)
    duty = Duty.objects.get()
    assert duty.subject == f"demo.Year:{script.today:%Y%m%d}.2.0"
    assert duty.due_at > timezone.now()
    assert duties.KIND in registry.outside_kinds(), "it waits between parts with no transaction open: people come first"
    duties.play_part(f"{script.today:%Y%m%d}.2.0")
    later = Duty.objects.filter(kind=duties.KIND).exclude(pk=duty.pk).get()
    assert int(later.subject.rpartition(".")[2]) > 0
    duties.play_part(f"{script.today:%Y%m%d}.2.{len(script.deeds) - 1}")
    assert Duty.objects.filter(kind=duties.KIND).count() == 2


@pytest.fixture(scope="module")
def script():
    return Script(timezone.localdate())


def test_the_full_year_has_the_published_shares(script):
    """Within three standard errors of each share; RECORD's types, the implementation of Bonn."""
    total = len(script.fates)
    assert total > 120
    for name, shares in (("type", RATES["types"]), ("implementation", RATES["implementation"])):
        found = Counter(getattr(fate, name) for fate in script.fates)
        for value, share in shares.items():
            assert abs(found[value] / total - share) <= 3 * (share * (1 - share) / total) ** 0.5 + 0.01, value


def test_nothing_lies_in_the_future_and_nothing_happens_after_a_death(script):
    end = timezone.now()
    assert all(deed.at < end for deed in script.deeds)
    dead = {deed.number: deed.said["on"] for deed in script.deeds if deed.said.get("kind") == "death"}
    assert dead
    for deed in script.deeds:
        if deed.name == "follow" and deed.number in dead:
            assert deed.said["on"] <= dead[deed.number]


def test_the_year_is_the_same_each_time_and_ends_yesterday(script):
    again = Script(script.today)
    assert [(deed.at, deed.name, deed.number) for deed in again.deeds] == [
        (deed.at, deed.name, deed.number) for deed in script.deeds
    ]
    assert script.today - timedelta(days=8) < script.meetings[-1] < script.today
    assert script.meetings[0] > script.today - timedelta(days=366)


def test_some_die_before_treatment_some_are_amended_twice_and_some_meetings_fall_out(script):
    amended = Counter(deed.number for deed in script.deeds if deed.name == "amend")
    assert max(amended.values()) == 2
    reports = [deed.said for deed in script.deeds if deed.name == "report"]
    assert any(said["status"] == "not_done" and said["began"] is None for said in reports)
    assert len(script.meetings) == RATES["weeks"] - len(RATES["no_meeting"])
    assert {ImplementationReport.Status(said["status"]) for said in reports} >= {"full", "partial", "not_done"}
    kinds = {deed.said["kind"] for deed in script.deeds if deed.name == "follow"}
    assert kinds == set(FollowUpEvent.Kind.values)
    assert Decision.objects.count() == 0
