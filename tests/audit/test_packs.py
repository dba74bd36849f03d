"""Audit packs: everything a decision rests on, checked outside by the script inside, and every tampering seen."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import correct_patient
from mdt.audit.followup.actions import report_implementation
from mdt.audit.models import AuditPack, PackFile
from mdt.audit.packs import actions, building
from mdt.audit.packs.rows import as_json
from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import Condition, Disagreement, Rejection, Step
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for, plan
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting with a case on its agenda
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def full(item, coordinator, proposal, chair, oncologist, surgeon, full_room):
    """A decision with everything that one can have, amended once, signed twice, and reported on."""
    in_two_months = timezone.localdate() + timedelta(days=60)
    rejected = proposal.outcome["en"]["options"][1]["id"]
    content = content_for(
        proposal,
        oncologist,
        rejected=[Rejection(rejected, "preferred", "The other one fits.")],
        dissents=[Disagreement(surgeon, "Too early for an operation.", "II")],
        next_steps=[Step("Staging laparoscopy", oncologist, in_two_months)],
        condition_rows=[Condition("Restage after four courses", "courses", in_two_months)],
        checklist={"trial": "no"},
        rationale="Long discussion. 讨论详尽。",
    )
    first = meeting_actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    meeting_actions.sign_decision(decision=first, by=chair)
    second = meeting_actions.amend_decision(
        decision=first, by=coordinator, amendment_reason="A vein is touched.", content=content
    )
    said = meeting_actions.note_spoken(item=item, by=coordinator, person=surgeon, text="The vein is free.")
    meeting_actions.take_back_spoken(spoken=said, by=coordinator, reason="It was about another case.")
    meeting_actions.sign_decision(decision=second, by=chair)
    report_implementation(decision=second, by=surgeon, status="partial", reason="toxicity")
    return second


@pytest.fixture
def pack(full, auditor):
    """Made and unpacked as an outsider has it: the pack and its files by name."""
    return made(full.meeting.team, auditor, full.meeting.local_start.date())


def made(team, by, day, **fields):
    pack = actions.ask_pack(team=team, by=by, language="en", first_on=day, last_on=day, **fields)
    actions.make_at_once(pack=pack)
    return pack


def unpacked(pack, folder: Path) -> Path:
    from mdt.audit.packs.page import zip_of

    with zip_of(pack) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder / pack.filename


def check(folder: Path, *arguments: str):
    """The script by a bare interpreter, in the folder of the pack: no package, no environment, no path of ours."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


def test_somebody_outside_checks_a_pack_with_python_alone(pack, tmp_path):
    folder = unpacked(pack, tmp_path)
    answer = check(folder, pack.digest)
    assert answer.returncode == 0, answer.stderr
    assert pack.digest in answer.stdout
    assert "2 signatures" in answer.stdout
    lines = sum(len(json.loads(path.read_text())["lines"]) for path in (folder / "log").glob("*.json"))
    assert f"{lines} lines of the log" in answer.stdout


def test_the_script_is_short_and_needs_no_package():
    source = (building.INSIDE / "verify.py").read_text()
    assert len(source.splitlines()) <= 30
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_a_changed_byte_in_any_file_is_seen(pack, tmp_path):
    folder = unpacked(pack, tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 10
    for path in files:
        content = path.read_bytes()
        at = len(content) // 2
        if path.name == "verify.py":
            at = content.index(b"Checks this")  # in its description: the script must still run
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        answer = check(folder)
        assert answer.returncode == 1, path
        assert "WRONG" in answer.stderr, path
        path.write_bytes(content)
    assert check(folder).returncode == 0


def test_a_file_added_or_taken_away_is_seen(pack, tmp_path):
    folder = unpacked(pack, tmp_path)
    (folder / "decisions/more.json").write_text("{}")
    assert "more.json" in check(folder).stderr
    (folder / "decisions/more.json").unlink()
    (folder / "pack.pdf").unlink()
    assert "not listed: pack.pdf" in check(folder).stderr


def listed_anew(folder: Path) -> None:
    """A forger who also writes the list of files anew."""
    rows = [
        f"{building.sha(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(rows))


def forge(path: Path, change) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_bytes(as_json(content))


def test_who_writes_the_list_anew_is_seen_by_the_noted_digest(pack, tmp_path):
    folder = unpacked(pack, tmp_path)
    forge(folder / "pack.json", lambda content: content.update(decisions=2))
    listed_anew(folder)
    assert check(folder).returncode == 0, "the list alone cannot tell: that is what the noted digest is for"
    assert pack.digest in check(folder, pack.digest).stderr


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda lines: lines[2].update(at="2020-01-01T00:00:00+00:00"), "line"),
        (lambda lines: lines[3].update(by=1_000_000), "line"),
        (lambda lines: lines[-1]["data"].update(invented=True), "line"),
        (lambda lines: lines[4].update(previous="0" * 64), "line"),
    ],
)
def test_a_forged_line_of_the_log_is_seen_though_all_files_are_listed_anew(pack, full, tmp_path, what, said):
    folder = unpacked(pack, tmp_path)
    forge(folder / f"log/{full.case.reference}.json", lambda content: what(content["lines"]))
    listed_anew(folder)
    assert said in check(folder).stderr


def test_a_line_put_in_the_place_of_another_breaks_the_chain(pack, full, tmp_path):
    """Even with its own digest recomputed: the line after it carries the digest of the true one."""
    folder, number = unpacked(pack, tmp_path), None
    path = folder / f"log/{full.case.reference}.json"
    content = json.loads(path.read_text())
    by_number = {line["number"]: line for line in content["lines"]}
    number = next(n for n in sorted(by_number) if n + 1 in by_number)
    line = by_number[number]
    line["data"]["invented"] = True
    names = ("previous", "number", "at", "by", "team", "case", "kind", "subject", "data")
    line["digest"] = building.sha(as_json([line[name] for name in names]))
    path.write_bytes(as_json(content))
    listed_anew(folder)
    assert f"line {number + 1}" in check(folder).stderr


def test_signed_content_that_was_changed_does_not_fit_its_signature(pack, full, tmp_path):
    folder = unpacked(pack, tmp_path)
    (path,) = (folder / "decisions").glob("*.json")
    forge(path, lambda content: content["signatures"][1]["signed"].update(category="III"))
    listed_anew(folder)
    assert f"signature ('{full.case.reference}'" in check(folder).stderr


def rows_of(value):
    if isinstance(value, dict):
        if "columns" in value:
            yield value
        for own in value.values():
            yield from rows_of(own)
    elif isinstance(value, list):
        for own in value:
            yield from rows_of(own)


def test_every_row_of_the_decision_is_one_that_the_log_names(pack, full, tmp_path):
    """So that nobody can say afterwards that a fact, an option or a dissent was another one."""
    folder = unpacked(pack, tmp_path)
    (path,) = (folder / "decisions").glob("*.json")
    rows = list(rows_of(json.loads(path.read_text())))
    assert {row["row"][0] for row in rows} >= {
        "cases.Proposal", "cases.Finding", "meetings.Decision", "meetings.ChosenOption", "meetings.Dissent",
        "meetings.SignOff", "meetings.NextStep", "meetings.DecisionCondition", "meetings.AttendanceMark",
        "audit.ImplementationReport", "meetings.Spoken",
    }  # fmt: skip
    assert f" {len(rows)} rows" in check(folder).stdout


def test_corrected_details_stand_in_the_pack_as_rows_that_the_log_names(full, auditor, coordinator, tmp_path):
    patient = full.case.patient
    before = patient.name
    correct_patient(case=full.case, by=coordinator, version=patient.version, reason="Misheard", name="Zebra Finch")
    folder = unpacked(made(full.meeting.team, auditor, full.meeting.local_start.date()), tmp_path)
    (path,) = (folder / "decisions").glob("*.json")
    content = json.loads(path.read_text())
    (row,) = content["corrections"]
    assert (row["row"][0], row["columns"]["before"]) == ("cases.PatientCorrection", {"name": before})
    assert "to_confirm" not in content["case"]
    assert f" {len(list(rows_of(content)))} rows" in check(folder).stdout


@pytest.mark.parametrize("table", ["cases.Proposal", "meetings.Decision", "meetings.ChosenOption", "meetings.Dissent"])
def test_a_forged_row_is_seen_though_all_files_are_listed_anew(pack, tmp_path, table):
    folder = unpacked(pack, tmp_path)
    (path,) = (folder / "decisions").glob("*.json")
    content = json.loads(path.read_text())
    row = next(row for row in rows_of(content) if row["row"][0] == table)
    name = next(name for name, value in row["columns"].items() if isinstance(value, str))
    row["columns"][name] += "."
    path.write_bytes(as_json(content))
    listed_anew(folder)
    assert f"row ('{table}'" in check(folder).stderr


def test_the_data_holds_everything_that_an_auditable_record_must(pack, full, proposal, tmp_path):
    folder = unpacked(pack, tmp_path)
    (path,) = (folder / "decisions").glob("*.json")
    content = json.loads(path.read_text())
    assert path.read_bytes() == as_json(content), "one spelling for one content"
    assert (content["case"]["reference"], content["meeting"]["reference"]) == (
        full.case.reference,
        full.meeting.reference,
    )
    [seen] = content["proposals"]
    columns = seen["columns"]
    assert (columns["facts"], columns["digest"], columns["edition"]) == (
        proposal.facts,
        proposal.digest,
        proposal.edition,
    )
    assert columns["statements"] == proposal.statements
    assert seen["outcome"] == proposal.outcome
    assert set(seen["days_old_at_meeting"]["t_category"]) == {3}
    assert len(content["findings"]) == full.case.findings.count()
    first, second = content["versions"]
    assert [each["columns"]["version"] for each in (first, second)] == [1, 2]
    assert second["columns"]["amendment_reason"] == "A vein is touched."
    assert second["columns"]["rationale"].endswith("讨论详尽。")
    parts = {
        "options": 1, "rejected_options": 1, "dissents": 1, "next_steps": 1, "condition_rows": 1,
        "implementation_reports": 1, "signature_requests": 0, "told": 0, "patient_pages": 0,
    }  # fmt: skip
    assert {name: len(second[name]) for name in parts} == parts
    assert second["sign_off"]["columns"]["digest"] == content["signatures"][1]["digest"]
    assert len(content["meeting"]["attendance_marks"]) == full.meeting.attendance_marks.count() >= 5
    assert {"lane_steps", "opinions", "reveal"} <= set(content["agenda_item"])
    assert len(content["agenda_item"]["spoken"]) == len(content["signatures"][1]["signed"]["spoken"]) == 2
    named = {person["id"] for person in json.loads((folder / "people.json").read_text())["people"]}
    assert {full.recorded_by_id, full.responsible_id, full.sign_off.signed_by_id} <= named


def test_every_line_of_the_case_is_in_the_pack_and_none_of_another(pack, full, team, coordinator, tmp_path):
    folder = unpacked(pack, tmp_path)
    own = json.loads((folder / f"log/{full.case.reference}.json").read_text())["lines"]
    assert {line["case"] for line in own} == {full.case.reference}
    made_at = [line["number"] for line in own][-1]
    stored = Event.objects.filter(case_reference=full.case.reference, number__lte=made_at)
    assert [line["digest"] for line in own] == list(stored.order_by("number").values_list("digest", flat=True))
    of_meeting = json.loads((folder / f"log/{full.meeting.reference}.json").read_text())["lines"]
    assert {"meeting-planned", "attendance-marked"} <= {line["kind"] for line in of_meeting}


def test_the_paper_of_each_decision_is_the_one_whose_digest_the_log_has(pack, full, tmp_path):
    folder = unpacked(pack, tmp_path)
    (path,) = (folder / "decisions").glob("*.pdf")
    lines = json.loads((folder / f"log/{full.case.reference}.json").read_text())["lines"]
    digests = [line["data"]["digest"] for line in lines if line["kind"] == "document-made"]
    assert building.sha(path.read_bytes()) in digests
    assert (folder / "pack.pdf").read_bytes().startswith(b"%PDF")


def test_the_worker_makes_a_period_part_by_part(team, coordinator, auditor, oncologist, monkeypatch):
    monkeypatch.setattr(actions, "ITEMS", 2)
    meeting = plan(team, coordinator)
    for _number in range(5):
        case = complete_case(make_case(team=team, by=coordinator), coordinator)
        item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
        proposal = case.latest_proposal
        content = content_for(proposal, oncologist, quorum_reason="Enough.")
        meeting_actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    work_off_due_duties()
    day = meeting.local_start.date()
    pack = actions.ask_pack(team=team, by=auditor, language="en", first_on=day, last_on=day)
    note = actions.next_part(pack_id=pack.pk)
    note()
    note()  # the worker was killed between the commit and the broker: the same part once more
    pack.refresh_from_db()
    assert (pack.state, pack.done, pack.total, pack.percent) == ("running", 2, 5, 40)
    work_off_due_duties()
    pack.refresh_from_db()
    assert (pack.state, pack.done) == ("done", 5)
    assert pack.files.filter(name__startswith="decisions/", name__endswith=".pdf").count() == 5
    assert Event.objects.get(kind=Kind.PACK_MADE).data["digest"] == pack.digest
    assert Duty.objects.get(kind="delete-pack").due_at > timezone.now() + timedelta(days=6)


def test_the_files_go_after_a_week_and_the_digest_stays(pack, auditor, client):
    Duty.objects.filter(kind="delete-pack").update(due_at=timezone.now())
    work_off_due_duties()
    digest = pack.digest
    pack.refresh_from_db()
    assert (pack.state, pack.digest, PackFile.objects.count()) == ("deleted", digest, 0)
    client.force_login(auditor)
    assert client.get(reverse("pack-file", args=[pack.pk])).status_code == 302


@pytest.mark.parametrize(
    ("duty", "said"),
    [({}, ""), ({"state": "failed"}, "was given up"), ({"due_at": datetime(2026, 1, 1, tzinfo=UTC)}, "has stopped")],
)
def test_the_page_says_why_a_pack_is_not_made(client, full, team, auditor, duty, said):
    day = full.meeting.local_start.date()
    pack = actions.ask_pack(team=team, by=auditor, language="en", first_on=day, last_on=day)
    Duty.objects.filter(kind="audit-pack").update(**{"state": "waiting"} | duty)
    client.force_login(auditor)
    page = client.get(pack.get_absolute_url())
    assert said in (page.context["trouble"] or page.context["silence"])
    assert bool(page.context["trouble"] or page.context["silence"]) == bool(said)


def test_a_cancelled_pack_keeps_no_file(full, team, auditor):
    day = full.meeting.local_start.date()
    pack = actions.ask_pack(team=team, by=auditor, language="en", first_on=day, last_on=day)
    actions.next_part(pack_id=pack.pk)()
    actions.cancel_pack(pack=pack, by=auditor)
    work_off_due_duties()
    pack.refresh_from_db()
    assert (pack.state, PackFile.objects.count()) == ("cancelled", 0)
    with pytest.raises(actions.ActionError):
        actions.cancel_pack(pack=pack, by=auditor)


def test_a_period_without_a_decision_makes_no_pack(team, auditor, client):
    client.force_login(auditor)
    answer = client.post(
        reverse("packs"), {"team": team.pk, "first_on": "2020-01-01", "last_on": "2020-02-01", "language": "en"}
    )
    assert answer.status_code == 422
    assert "No decision in this period." in answer.content.decode()
    assert not AuditPack.objects.exists()


@pytest.mark.parametrize("last_on", ["2019-12-31", "2029-01-01", "x"])
def test_a_period_that_cannot_be_is_refused(team, auditor, client, last_on):
    client.force_login(auditor)
    answer = client.post(
        reverse("packs"), {"team": team.pk, "first_on": "2020-01-01", "last_on": last_on, "language": "en"}
    )
    assert answer.status_code == 422


def test_an_auditor_makes_the_pack_of_a_decision_on_its_page_and_takes_it_away(client, full, auditor, tmp_path):
    client.force_login(auditor)
    page = client.get(reverse("decision", args=[full.meeting.reference, full.case.reference, full.version]))
    ask = reverse("pack-ask", args=[full.meeting.reference, full.case.reference])
    assert ask in page.content.decode()
    answer = client.post(ask, follow=True)
    pack = answer.context["pack"]
    assert pack.digest in answer.content.decode()
    answer = client.get(reverse("pack-file", args=[pack.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        archive.extractall(tmp_path)
    assert check(tmp_path / pack.filename, pack.digest).returncode == 0
    line = Event.objects.get(kind=Kind.PACK_OPENED)
    assert (line.by, line.data["cases"], line.data["digest"]) == (auditor, [full.case.reference], pack.digest)


def test_two_zips_of_one_pack_are_the_same(pack):
    from mdt.audit.packs.page import zip_of

    with zip_of(pack) as one, zip_of(pack) as two:
        assert one.read() == two.read()


@pytest.mark.parametrize(
    ("persona", "code"), [("chair", 403), ("surgeon", 403), ("coordinator", 403), ("admin", 403), ("outsider", 404)]
)
def test_only_an_auditor_of_the_team_asks_for_and_reads_packs(client, request, full, pack, persona, code):
    client.force_login(request.getfixturevalue(persona))
    assert client.get(reverse("packs")).status_code == 403
    for name in ("pack", "pack-file"):
        assert client.get(reverse(name, args=[pack.pk])).status_code == code
    for name in ("pack-cancel", "pack-delete"):
        assert client.post(reverse(name, args=[pack.pk])).status_code == code
    assert client.post(reverse("pack-ask", args=[full.meeting.reference, full.case.reference])).status_code == code
    assert AuditPack.objects.get().state == "done"


def test_an_auditor_of_another_team_cannot_ask_about_this_one(client, full, other_team):
    from tests.builders import make_user

    client.force_login(make_user("stranger", team=other_team, roles=("auditor",)))
    day = full.meeting.local_start.date()
    answer = client.post(
        reverse("packs"), {"team": full.meeting.team_id, "first_on": day, "last_on": day, "language": "en"}
    )
    assert answer.status_code == 422
    assert not AuditPack.objects.exists()
