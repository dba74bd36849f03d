"""Another edition asked about every stored snapshot of a team: what changes, after a kill too, and who may see it."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions.records import pack_missing_records
from cases.models import FactRecord, Proposal
from cases.replaying import Question
from classification.replay import NotThere
from mdt.audit.models import ReplayChange, ReplayRun
from mdt.audit.replay import actions
from mdt.duties.actions import claim_due
from mdt.duties.models import Duty
from mdt.duties.tasks import carry_out, work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from tests.builders import make_case, make_finding
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

# 35 mm in both lobes: type I as the file reads the paper, but not under reading C, which asks for one lobe as well.
BOTH_LOBES = {
    "liver_metastasis": "clinical",
    "liver_lesion_count": 2,
    "liver_max_diameter_mm": 35,
    "liver_lobes": "both",
    "liver_diffuse": False,
    "liver_vessel_contact": False,
    "liver_major_vessel_or_duct_involved": False,
}
ONE_LOBE = {**BOTH_LOBES, "liver_lobes": "left"}
STRICT = Question("gclm", "c-gclm", "2019", "C")


@pytest.fixture
@remembered
def archive(team, coordinator, radiologist):
    """Six cases, of which reading C answers three otherwise."""
    cases = [make_case(team=team, by=coordinator) for _ in range(6)]
    for place, case in enumerate(cases):
        make_finding(case, radiologist, BOTH_LOBES if place % 2 else ONE_LOBE)
    return cases


def start(team, by, question=STRICT, **fields):
    return actions.start_replay(team=team, question=question, by=by, **{"is_all_snapshots": False, **fields})


def ended(run):
    while actions.carry_on(run_id=run.pk):
        pass
    run.refresh_from_db()
    return run


def test_the_worker_finds_what_another_reading_changes(team, archive, chair):
    run = start(team, chair)
    work_off_due_duties()
    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.changed) == ("done", 6, 6, 3)
    changed = ReplayChange.objects.filter(run=run).select_related("proposal__case")
    assert {change.proposal.case for change in changed} == set(archive[1::2])
    assert {(change.old_provisional, change.new_provisional) for change in changed} != {("I", "I")}
    for change in changed:
        assert change.old_possible == change.proposal.types_possible
        assert change.old_provisional == change.proposal.types_provisional
    assert sum(number for _old, _new, number in run.counts["provisional"]) == 6


def test_the_same_edition_changes_nothing(team, archive, chair):
    run = ended(start(team, chair, Question("gclm", "c-gclm")))
    assert (run.done, run.changed) == (6, 0)


@pytest.mark.parametrize("scheme", ["jgca", "omec"])
def test_a_system_that_does_not_lead_is_compared_with_what_was_stored(team, archive, chair, scheme):
    run = ended(start(team, chair, Question("gclm", scheme)))
    assert (run.done, run.changed) == (6, 0), "the same rules answer as they answered then"


def test_only_the_newest_snapshot_of_a_case_is_asked_unless_all_are(team, archive, chair, radiologist):
    make_finding(archive[0], radiologist, ONE_LOBE)
    assert ended(start(team, chair)).done == 6
    assert ended(start(team, chair, is_all_snapshots=True)).done == Proposal.objects.count() > 6


def test_another_team_is_not_asked(team, other_team, archive, outsider):
    assert ended(start(other_team, outsider)).done == 0


def test_a_killed_worker_repeats_nothing_and_leaves_nothing_out(team, archive, chair, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    run = start(team, chair)
    assert actions.carry_on(run_id=run.pk)
    store = actions._store

    def die(*arguments):
        store(*arguments)
        raise SystemExit

    monkeypatch.setattr(actions, "_store", die)  # killed after the rows were written, before the chunk was committed
    with pytest.raises(SystemExit), transaction.atomic():
        actions.carry_on(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.done) == ("running", 2)
    monkeypatch.setattr(actions, "_store", store)
    ended(run)
    assert (run.state, run.done, run.changed, run.changes.count()) == ("done", 6, 3, 3)


def test_chunks_leave_the_worker_to_others_in_between(team, archive, chair, monkeypatch):
    work_off_due_duties()  # what the cases themselves leave to the worker
    monkeypatch.setattr(actions, "CHUNK", 2)
    run = start(team, chair)
    assert work_off_due_duties() == 4, "three full chunks, and one that finds nothing more"
    run.refresh_from_db()
    assert run.state == "done"
    assert Duty.objects.get(kind="replay").state == "done"


def test_another_worker_takes_a_run_up_a_minute_after_its_worker_was_killed(team, archive, chair):
    work_off_due_duties()  # what the cases themselves leave to the worker
    run = start(team, chair)
    now = timezone.now()
    [duty] = claim_due(now=now, limit=1)
    assert claim_due(now=now + timedelta(seconds=59), limit=1) == []
    [again] = claim_due(now=now + timedelta(seconds=60), limit=1)
    assert again.pk == duty.pk
    carry_out(again)
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 6)


@pytest.mark.parametrize(
    ("duty", "said"),
    [
        ({"state": "claimed", "claimed_at": 5}, ""),
        ({"state": "claimed", "claimed_at": 30}, "No sign of life since {30}. It goes on by itself, by {-60}"),
        (
            {"state": "claimed", "claimed_at": 200},
            "What works in the background is busy or has stopped: no sign of life since {200}",
        ),
        ({"state": "waiting", "due_at": 5}, ""),
        (
            {"state": "waiting", "due_at": 90},
            "What works in the background is busy or has stopped: no sign of life since {90}",
        ),
        ({"state": "waiting", "due_at": -120, "last_error": "x"}, "An attempt failed. The next one follows by itself"),
    ],
)
def test_the_page_says_since_when_nothing_moves_and_that_it_goes_on(client, team, archive, chair, duty, said):
    """Times are seconds ago."""
    run, now = start(team, chair), timezone.now()
    times = {name: now - timedelta(seconds=ago) for name, ago in duty.items() if name.endswith("_at")}
    Duty.objects.filter(kind="replay").update(**duty | times)
    client.force_login(chair)
    page = client.get(run.get_absolute_url())
    for ago in (30, 90, 200):
        said = said.replace(f"{{{ago}}}", timezone.localtime(now - timedelta(seconds=ago)).strftime("%H:%M"))
    assert page.context["silence"].startswith(said.partition(", by {")[0])
    assert bool(page.context["silence"]) == bool(said)
    assert 'hx-trigger="every 2s"' in page.content.decode(), "it looks again by itself"


def test_a_cancelled_run_stops_and_goes_on_where_it_was(team, archive, chair, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    run = start(team, chair)
    actions.carry_on(run_id=run.pk)
    actions.cancel_replay(run=run, by=chair)
    work_off_due_duties()
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", 2)
    actions.resume_replay(run=run, by=chair)
    work_off_due_duties()
    run.refresh_from_db()
    assert (run.state, run.done, run.changes.count()) == ("done", 6, 3)
    with pytest.raises(actions.ActionError):
        actions.cancel_replay(run=run, by=chair)


def test_a_run_does_not_go_on_by_rules_that_changed(team, archive, chair):
    run = start(team, chair)
    ReplayRun.objects.filter(pk=run.pk).update(digest="0" * 64)
    assert (ended(run).state, run.error) == ("failed", actions.RULES_CHANGED)
    assert not run.changes.exists()


def test_every_step_leaves_a_line(team, archive, chair):
    run = start(team, chair)
    actions.cancel_replay(run=run, by=chair)
    actions.resume_replay(run=run, by=chair)
    ended(run)
    kinds = Event.objects.filter(team=team, kind__startswith="replay-").order_by("number")
    assert [(event.kind, event.by) for event in kinds] == [
        (Kind.REPLAY_STARTED, chair),
        (Kind.REPLAY_CANCELLED, chair),
        (Kind.REPLAY_RESUMED, chair),
        (Kind.REPLAY_FINISHED, None),
    ]
    assert kinds.last().data == {"scheme": "c-gclm", "edition": "2019 C", "done": 6, "changed": 3}


def test_rules_that_there_are_not_start_nothing(team, chair):
    with pytest.raises(NotThere):
        start(team, chair, Question("gclm", "c-gclm", "1066"))
    assert not ReplayRun.objects.exists()


# records


def test_every_proposal_has_a_record_and_the_newest_is_marked(archive, radiologist):
    make_finding(archive[0], radiologist, ONE_LOBE)
    proposals = archive[0].proposals.order_by("number")
    assert [proposal.record.is_newest for proposal in proposals] == [False] * (len(proposals) - 1) + [True]


def test_lost_and_outdated_records_are_built_again(archive):
    before = {row.pk: bytes(row.record) for row in FactRecord.objects.all()}
    newest = set(FactRecord.objects.filter(is_newest=True).values_list("pk", flat=True))
    some = sorted(before)[:2]
    FactRecord.objects.filter(pk__in=some[:1]).delete()
    FactRecord.objects.filter(pk__in=some[1:]).update(layout="of-old", record=b"old")
    assert pack_missing_records(most=100) == 2
    assert {row.pk: bytes(row.record) for row in FactRecord.objects.all()} == before
    assert set(FactRecord.objects.filter(is_newest=True).values_list("pk", flat=True)) == newest
    assert pack_missing_records(most=100) == 0


# pages


def test_a_chair_starts_a_replay_and_reads_cell_by_cell_what_changed(client, team, archive, chair):
    client.force_login(chair)
    answer = client.post(reverse("replays"), {"team": team.pk, "rules": "gclm|c-gclm|2019|C"})
    run = ReplayRun.objects.get()
    assert answer.url == reverse("replay", args=[run.pk])
    page = client.get(answer.url).content.decode()
    assert 'hx-trigger="every 2s"' in page
    work_off_due_duties()
    answer = client.get(answer.url)
    assert 'hx-trigger="every 2s"' not in answer.content.decode(), "an ended run asks no more"
    cells = [cell for table in answer.context["tables"] for cell in table["cells"] if cell.is_changed]
    assert sum(cell.number for cell in cells if "part=provisional" in cell.url) == 3
    for cell in cells:
        assert len(client.get(cell.url).context["lines"]) == cell.number
    lines = client.get(cells[0].url).context["lines"]
    why = client.get(lines[0]["url"])
    assert why.context["replay"].is_changed
    assert why.context["proposal"].case.reference == lines[0]["reference"]


def test_htmx_gets_only_what_moves(client, team, archive, chair):
    client.force_login(chair)
    answer = client.get(reverse("replay", args=[start(team, chair).pk]), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<progress" in text
    assert "<html" not in text


def test_the_result_is_taken_away_as_csv_and_that_is_logged(client, team, archive, auditor):
    client.force_login(auditor)
    run = ended(start(team, auditor))
    answer = client.get(reverse("replay-export", args=[run.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {case.reference for case in archive[1::2]}
    assert Event.objects.filter(kind=Kind.REPLAY_EXPORTED, by=auditor, team=team).count() == 1


@pytest.mark.parametrize("persona", ["surgeon", "coordinator", "admin"])
def test_a_member_without_the_right_neither_starts_nor_reads(client, request, team, archive, chair, persona):
    run = start(team, chair)
    client.force_login(request.getfixturevalue(persona))
    assert client.get(reverse("replays")).status_code == 403
    assert client.post(reverse("replays"), {"team": team.pk, "rules": "gclm|c-gclm|2019|C"}).status_code == 403
    for name in ("replay", "replay-cases", "replay-export"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 403
    for name in ("replay-cancel", "replay-resume"):
        assert client.post(reverse(name, args=[run.pk])).status_code == 403
    assert ReplayRun.objects.get().state == "queued"


def test_the_chair_of_another_team_sees_nothing_and_cannot_ask_about_these_cases(
    client, team, archive, chair, outsider
):
    run = start(team, chair)
    client.force_login(outsider)
    assert client.get(reverse("replays")).context["runs"] == []
    assert client.get(reverse("replay", args=[run.pk])).status_code == 404
    answer = client.post(reverse("replays"), {"team": team.pk, "rules": "gclm|c-gclm|2019|C"})
    assert answer.status_code == 422
    assert ReplayRun.objects.count() == 1


def test_rules_that_no_choice_names_are_refused(client, team, chair):
    client.force_login(chair)
    for rules in ("", "gclm|c-gclm|1066|", "gclm|c-gclm", "a|b|c|d"):
        assert client.post(reverse("replays"), {"team": team.pk, "rules": rules}).status_code == 422
    assert not ReplayRun.objects.exists()


# the page of a case


def test_a_member_sees_old_and_new_side_by_side_with_the_part_that_decides(client, archive, surgeon):
    client.force_login(surgeon)
    here = reverse("case-replay", args=[archive[1].reference])
    assert "replay" not in client.get(here).context
    answer = client.get(here, {"rules": "gclm|c-gclm|2019|C"})
    assert answer.context["replay"].is_changed
    assert [part["label"] for part in answer.context["parts"] if part["is_changed"]] != []
    assert not client.get(here, {"rules": "gclm|c-gclm|2019|B"}).context["replay"].is_changed


@pytest.mark.parametrize("rules", ["x", "gclm|c-gclm|1066|", "hcc|bclc|2022|", "gclm|c-gclm|2019|Z", "a|b|c|d|e"])
def test_rules_that_are_not_there_are_said_not_to_be_there(client, archive, surgeon, rules):
    client.force_login(surgeon)
    answer = client.get(reverse("case-replay", args=[archive[1].reference]), {"rules": rules})
    assert answer.status_code == 200
    assert answer.context["is_unknown"]


@pytest.mark.parametrize("number", ["99", "x", "-1", "1" * 30])
def test_a_proposal_that_is_not_there_is_not_found(client, archive, surgeon, number):
    client.force_login(surgeon)
    assert client.get(reverse("case-replay", args=[archive[1].reference]), {"proposal": number}).status_code == 404


# the command


def run_command(*arguments):
    out = io.StringIO()
    call_command("replay", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_for_one_case_what_changes_and_why(archive):
    said = run_command(archive[1].reference, "--reading", "C")
    assert "\n  changed\n" in said
    assert "[liver]" in said
    assert "c-gclm.2019.liver" in said
    assert "\n  unchanged\n" in run_command(archive[0].reference, "--reading", "C")


def test_the_command_counts_the_whole_archive_and_stores_nothing(archive):
    said = run_command("--all", "--reading", "C")
    assert "6 snapshots, 3 unchanged, 3 changed" in said
    assert not ReplayRun.objects.exists()


def test_the_command_keeps_a_run_when_told(team, archive, chair):
    run_command("--all", "--reading", "C", "--store", "--team", team.code, "--by", chair.username)
    run = ReplayRun.objects.get()
    assert (run.state, run.changed, run.asked_by) == ("done", 3, chair)


@pytest.mark.parametrize("persona", ["surgeon", "outsider"])
def test_the_command_keeps_no_run_in_the_name_of_somebody_who_may_not_start_one(request, team, archive, persona):
    person = request.getfixturevalue(persona)
    with pytest.raises(CommandError, match=person.username):
        run_command("--all", "--store", "--team", team.code, "--by", person.username)
    assert not ReplayRun.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--all"),
        (("GC-1", "--all"), "--all"),
        (("GC-1900-0001",), "GC-1900-0001"),
        (("--all", "--edition", "1066"), "2019"),
        (("--all", "--pathway", "nowhere"), "gclm"),
        (("--all", "--rules", "/nowhere"), "folder"),
        (("--all", "--store", "--team", "zz", "--by", "nobody"), "--by"),
    ],
)
def test_the_command_refuses_in_one_line(arguments, named):
    with pytest.raises(CommandError, match=named):
        run_command(*arguments)
