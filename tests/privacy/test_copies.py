"""A copy of everything that is held of a patient: whole, of them alone, for reading and for machines, and logged."""

import csv
import io
import json
import subprocess
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.actions import correct_patient, open_notes, write_note
from cases.models import Finding
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.people.models import Role
from mdt.privacy.copies.archive import zip_of
from tests.builders import COMPLETE_FACTS, make_case, make_finding, make_user
from tests.privacy.test_restriction import restrict
from tests.test_urls import world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
ASKED = {"asked_by": "patient", "reason": "In person, with the card.", "password": PASSWORD}
SECRET = "Sleeps badly since the diagnosis."


def files_of(content) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def taken(client, case, **fields):
    answer = client.post(reverse("patient-copy", args=[case.reference]), {**ASKED, **fields})
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return files_of(b"".join(answer.streaming_content))


def test_it_holds_the_patient_whole_and_nobody_else(world, chair, coordinator, client):  # noqa: F811
    case = world["case"]
    other = make_case(
        team=world["team"], by=coordinator, name="Someone Else Entirely", question="A question of theirs?"
    )
    write_note(case=case, by=chair, text=SECRET)
    client.force_login(chair)
    client.get(case.get_absolute_url())
    files = taken(client, case)
    assert {"README.txt", "record.pdf", "record.json", "who-looked.csv"} < set(files)
    everything = b"\n".join(content for name, content in files.items() if not name.endswith(".pdf")).decode()
    everything += "".join(words_of(content) for name, content in files.items() if name.endswith(".pdf"))
    for word in (other.patient.name, other.reference, other.question, other.patient.hospital_number, SECRET):
        assert word not in everything, word
    record = json.loads(files["record.json"])
    assert record["format"] == "mdt-patient-copy/1"
    assert record["patient"]["name"] == "Wang Unmistakable"
    (held,) = record["cases"]
    assert len(held["findings"]) == case.findings.count()
    assert held["proposals"][-1]["outcome"]
    decision = held["meetings"][0]["decisions"][0]
    assert decision["next_steps"]
    assert decision["sign_off"]
    assert held["follow_up"]
    names = {person["id"]: person["name"] for person in record["people"]}
    assert names[held["findings"][0]["recorded_by_id"]]
    assert not {"username", "email", "password"} & set(record["people"][0])
    paper = words_of(files["record.pdf"])
    for word in ("Wang Unmistakable", case.question[:20], "Who opened the record", "Dr Chair"):
        assert word in paper, word
    (chart,) = [name for name in files if name.startswith("decisions/")]
    assert "Wang Unmistakable" in words_of(files[chart])


def handed_out():
    return Event.objects.filter(kind=Kind.COPY_HANDED_OUT)


def test_it_says_who_opened_the_record_and_the_copy_itself_is_logged(world, chair, surgeon, client):  # noqa: F811
    case = world["case"]
    client.force_login(surgeon)
    client.get(case.get_absolute_url())
    client.force_login(chair)
    rows = list(csv.DictReader(io.StringIO(taken(client, case)["who-looked.csv"].decode("utf-8-sig"))))
    looked = {row["person"] for row in rows if row["is_only_looking"] == "yes"}
    assert {"Dr Surgeon", "Dr Chair"} <= looked
    line = handed_out().latest("number")
    assert (line.by, line.case_reference, line.data["asked_by"]) == (chair, case.reference, "patient")
    assert len(rows) == Event.objects.of_case(case.reference).count()
    assert verify().is_whole


def test_it_says_what_was_corrected_in_the_details_and_holds_no_column_of_the_queue(world, chair, client):  # noqa: F811
    case = world["case"]
    version = case.patient.version
    correct_patient(case=case, by=chair, version=version, reason="Misheard", name="Wang Corrected")
    client.force_login(chair)
    files = taken(client, case)
    record = json.loads(files["record.json"])
    (row,) = record["corrections"]
    assert (row["before"], row["after"]) == ({"name": "Wang Unmistakable"}, {"name": "Wang Corrected"})
    assert (row["reason"], row["corrected_by_id"]) == ("Misheard", chair.pk)
    assert chair.pk in {person["id"] for person in record["people"]}
    assert "to_confirm" not in record["cases"][0]
    paper = words_of(files["record.pdf"])
    assert "Wang Unmistakable → Wang Corrected" in paper
    assert "corrections" in files["README.txt"].decode()


def test_only_a_chair_hands_it_out_with_a_password_and_a_reason(world, client, surgeon, auditor, outsider, chair):  # noqa: F811
    before = handed_out().count()  # the world's own
    url = reverse("patient-copy", args=[world["case"].reference])
    officer = make_user("officer", team=world["team"], roles=(Role.PRIVACY,))
    for person, code in ((surgeon, 403), (auditor, 403), (officer, 403), (outsider, 404)):
        client.force_login(person)
        assert client.post(url, ASKED).status_code == code
    client.force_login(chair)
    for wrong in ({"password": "wrong"}, {"reason": ""}, {"reason": "Wang Unmistakable came"}):
        assert client.post(url, {**ASKED, **wrong}).status_code == 422
    assert handed_out().count() == before


def test_notes_of_few_eyes_are_in_it_only_where_who_makes_it_may_read_them(world, chair, surgeon, client):  # noqa: F811
    case = world["case"]
    write_note(case=case, by=surgeon, text=SECRET)
    client.force_login(chair)
    assert (
        "With the psychosocial notes" not in client.get(reverse("patient-copy", args=[case.reference])).content.decode()
    )
    assert SECRET not in taken(client, case, with_notes="on")["record.json"].decode()
    open_notes(case=case, by=chair, reason="The patient asks for them.")
    assert SECRET not in taken(client, case)["record.json"].decode()
    assert SECRET in taken(client, case, with_notes="on")["record.json"].decode()


def test_a_restriction_does_not_stop_the_patient_from_getting_it(world, chair, client):  # noqa: F811
    officer = make_user("officer", team=world["team"], roles=(Role.PRIVACY,))
    restrict(world["case"], officer)
    client.force_login(chair)
    assert "record.pdf" in taken(client, world["case"])


def test_in_chinese_it_reads_chinese(world, chair):  # noqa: F811
    with override("zh-hans"), zip_of(world["case"].patient, {}) as file:
        files = files_of(file.read())
    paper = words_of(files["record.pdf"])
    assert "患者" in paper
    assert "谁打开过" in paper
    assert "患者" in files["README.txt"].decode()


def test_a_large_case_stays_small_in_memory_and_whole_in_the_file(team, coordinator, radiologist):
    """A thousand findings and as many lines of the log: the paper says how many it prints, the JSON has all."""
    case = make_case(team=team, by=coordinator)
    first = make_finding(case, radiologist, COMPLETE_FACTS["radiology"])
    Finding.objects.bulk_create(
        Finding(
            case=case,
            discipline="radiology",
            facts=first.facts,
            impression="As before. " * 20,
            examined_on=timezone.localdate(),
            recorded_by=radiologist,
        )
        for _ in range(1000)
    )
    with zip_of(case.patient, {}) as file:
        content = file.read()
    files = files_of(content)
    assert len(json.loads(files["record.json"])["cases"][0]["findings"]) == 1001
    assert "400 of 1001 findings are printed" in " ".join(words_of(files["record.pdf"]).split())
    assert len(content) < 2_000_000
