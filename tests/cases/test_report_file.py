"""A report that is chosen as a file: its text comes back, or goes into the draft; nothing else is stored."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.models import Finding, FindingDraft
from mdt.events.models import Event
from tests.reading import documents

pytestmark = pytest.mark.django_db


def url(case) -> str:
    return reverse("report-file", args=[case.reference, "radiology"])


def send(client, case, content: bytes, *, script: bool = True, **fields):
    file = SimpleUploadedFile("ct.pdf", content, "application/pdf")
    headers = {"accept": "application/json"} if script else {}
    return client.post(url(case), {"file": file, **fields}, headers=headers)


@pytest.fixture
def pdf() -> bytes:
    return documents.pdf_of(documents.ENGLISH)


def test_the_text_comes_back_and_nothing_is_stored(client, case, radiologist, pdf):
    client.force_login(radiologist)
    events = Event.objects.count()
    answer = send(client, case, pdf).json()
    assert answer["text"] == documents.ENGLISH
    assert answer["said"] == "Read from the file: 1 page. Compare it with the file before you record it."
    assert (FindingDraft.objects.count(), Finding.objects.count(), Event.objects.count()) == (0, 0, events)


def test_without_scripts_it_stands_in_the_draft_below_what_was_typed(client, case, radiologist, pdf):
    client.force_login(radiologist)
    answer = send(client, case, pdf, script=False, report_text="Typed before.", impression="Left lobe")
    assert answer.url.endswith("/findings/record/radiology/#report-found")
    entries = FindingDraft.objects.get().entries
    assert entries["report_text"] == [f"Typed before.\n\n{documents.ENGLISH}"]
    assert "file" not in entries
    page = client.get(answer.url.partition("#")[0]).content.decode()
    assert "Read from the file: 1 page." in page
    assert "segment 6, 3.5 cm</mark>" in page


def test_what_cannot_be_read_is_said_and_what_was_typed_stays(client, case, radiologist):
    client.force_login(radiologist)
    scan = documents.pdf_of("#rect(width: 4cm, height: 4cm)")
    words = "Nothing was taken: this PDF is a picture; type or paste the text."
    assert send(client, case, scan).json() == {"refused": words}
    page = send(client, case, scan, script=False, report_text="Typed before.")
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Typed before." in page.content.decode()
    assert FindingDraft.objects.count() == 0
    nothing = client.post(url(case), headers={"accept": "application/json"}).json()
    assert nothing["refused"].startswith("Nothing was taken: no file was chosen")


def test_what_is_known_to_be_missing_is_said(client, case, radiologist):
    client.force_login(radiologist)
    half = documents.pdf_of("No ascites. #pagebreak() #rect(width: 4cm, height: 4cm)")
    assert "1 page is a picture or empty: nothing of it is here." in send(client, case, half).json()["said"]


def test_a_file_beyond_the_limit_is_refused_unread(client, case, radiologist, settings):
    client.force_login(radiologist)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    page = send(client, case, b"%PDF-" + b"a" * 1024**2)
    assert page.status_code == 413
    assert "up to 1 MB" in page.content.decode()


def test_no_file_is_put_on_the_disk(client, case, radiologist, pdf, monkeypatch):
    client.force_login(radiologist)
    monkeypatch.setattr("tempfile._mkstemp_inner", lambda *_: pytest.fail("a temporary file"))
    assert send(client, case, pdf + b"\n" * 4_000_000).json()["text"] == documents.ENGLISH


def test_only_who_records_findings_has_files_read(client, case, outsider, auditor, pdf):
    client.force_login(outsider)
    assert send(client, case, pdf).status_code == 404
    client.force_login(auditor)
    assert send(client, case, pdf).status_code == 403
