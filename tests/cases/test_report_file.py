"""A report that is chosen as a file: its text comes back, or goes into the draft; nothing else is stored."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.forms.report_file import WHY_NOT, words_about
from cases.models import Finding, FindingDraft
from mdt.events.models import Event
from mdt.reading import files
from mdt.reading.files import REASONS, FileText
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
    assert "A file may have up to 10 MB." in page.content.decode()


def test_no_file_is_put_on_the_disk(client, case, radiologist, pdf, monkeypatch):
    client.force_login(radiologist)
    monkeypatch.setattr("tempfile._mkstemp_inner", lambda *_: pytest.fail("a temporary file"))
    assert send(client, case, pdf + b"\n" * 4_000_000).json()["text"] == documents.ENGLISH


def test_only_who_records_findings_has_files_read(client, case, outsider, auditor, pdf):
    client.force_login(outsider)
    assert send(client, case, pdf).status_code == 404
    client.force_login(auditor)
    assert send(client, case, pdf).status_code == 403


def test_of_a_word_document_no_number_of_pages_is_said(client, case, radiologist):
    client.force_login(radiologist)
    said = send(client, case, documents.docx_of("<w:p><w:r><w:t>No ascites.</w:t></w:r></w:p>")).json()["said"]
    assert said == "Read from the file. Compare it with the file before you record it."
    nothing = send(client, case, documents.docx_of("<w:p/>")).json()["refused"]
    assert nothing == "Nothing was taken: this file holds no text. Type or paste it."
    old = send(client, case, bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 999).json()["refused"]
    assert old.startswith("Nothing was taken: the file is protected by a password or in an older Word format.")


def test_letters_that_are_not_seen_and_pages_with_large_pictures_are_said():
    read = FileText("Ascites", pages=2, pictured_pages=1, unseen=31)
    assert words_about(read) == (
        "Read from the file: 2 pages. 1 page holds a large picture that was not read. "
        "31 letters that cannot be seen on the page were left out. Compare it with the file before you record it."
    )


def test_every_reason_has_its_words():
    assert set(WHY_NOT) == REASONS


def test_while_two_files_are_read_a_third_is_asked_to_come_again(client, case, radiologist, pdf, monkeypatch):
    client.force_login(radiologist)
    monkeypatch.setattr("mdt.reading.files._seats", threading.BoundedSemaphore(1))
    with files._seats:
        refused = send(client, case, pdf).json()["refused"]
    assert refused == "Nothing was taken: other files are being read just now. Try again in a moment."
    assert send(client, case, pdf).json()["text"] == documents.ENGLISH
