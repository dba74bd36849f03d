"""Posting: once for a key, in the caller's transaction, and nothing clinical to the wrong address."""

import pytest
from django.db import transaction
from django.utils.translation import override

from mdt.events.append_only import AppendOnlyError
from mdt.events.models import Event
from mdt.mail import language
from mdt.mail.actions import Attachment, post
from mdt.mail.models import Delivery, Entry, Message, Muted

pytestmark = pytest.mark.django_db
LETTER = Attachment("GC-2026-0147.pdf", "application/pdf", b"%PDF-1.7")
INVITATION = Attachment("meeting.ics", "text/calendar", b"BEGIN:VCALENDAR")


def to(person, key="k", **fields):
    return post(**{"key": key, "kind": "reminder", "to": person, "subject": "Subject", "body": "Text"} | fields)


def outside(address="bai.lu@practice.example", **fields):
    given = {"key": "k", "kind": "letter", "address": address, "subject": "Subject", "body": "Text"}
    return post(**given | fields)


def test_a_message_stands_unread_in_the_mailbox_of_the_person(surgeon, team):
    message = to(surgeon, case_reference="GC-2026-0147", team=team)
    entry = Entry.objects.get()
    assert (entry.message, entry.person, entry.opened_at) == (message, surgeon, None)
    line = Event.objects.get(kind="message-posted")
    assert (line.case_reference, line.team, line.data) == (
        "GC-2026-0147",
        team,
        {"message": "reminder", "to": "surgeon"},
    )


def test_a_key_is_posted_once_and_the_first_message_is_returned(surgeon, chair):
    first = to(surgeon, "reminder:12:radiology:2026-12-01")
    assert to(chair, "reminder:12:radiology:2026-12-01", subject="Another") == first
    assert Message.objects.get().subject == "Subject"
    assert Event.objects.filter(kind="message-posted").count() == Entry.objects.count() == 1


def test_what_the_caller_takes_back_was_never_posted(surgeon):
    with transaction.atomic():
        to(surgeon)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Entry.objects.exists()


def test_a_message_is_written_once(surgeon):
    message = to(surgeon)
    message.subject = "Forged"
    with pytest.raises(AppendOnlyError):
        message.save()


def test_a_header_cannot_be_broken_up(surgeon):
    message = to(surgeon, subject="Done\r\nBcc: thief@elsewhere.example\u2028X: y\x00", body="a\r\nb")
    assert message.subject == "Done Bcc: thief@elsewhere.example X: y"
    assert message.body == "a\nb"
    message = outside(key="l", name="Bai\nBcc: x@y.example")
    assert message.name == "Bai Bcc: x@y.example"


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: c@d.example", "no address", "博@b.example", "a@b.example,c@d.example"]
)
def test_an_address_that_no_mail_can_reach_is_refused(address, db):
    with pytest.raises(ValueError, match="no e-mail address"):
        outside(address)


def test_long_chinese_subjects_and_rare_signs_are_kept(surgeon):
    subject = "胃癌肝转移多学科会诊：" + "请补充影像学资料。" * 20
    message = to(surgeon, subject=subject, body="𠮷 㐱 🙂")
    message.refresh_from_db()
    assert (message.subject, message.body) == (subject, "𠮷 㐱 🙂")
    assert len(to(surgeon, "other", subject="长" * 300).subject) == 250


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "gossip"},
        {"to": None},
        {"address": "a@b.example"},
        {"subject": " "},
        {"body": ""},
        {"key": ""},
        {"attachments": [LETTER]},
    ],
)
def test_what_makes_no_message_is_refused(fields, surgeon):
    with pytest.raises(ValueError, match=r"."):
        to(surgeon, **fields)


def test_somebody_of_the_team_is_given_the_document(surgeon, team):
    message = to(surgeon, attachments=[LETTER], team=team)
    assert [(file.name, bytes(file.content), file.is_clinical) for file in message.enclosures.all()] == [
        ("GC-2026-0147.pdf", b"%PDF-1.7", True)
    ]


def test_somebody_of_another_team_is_given_a_notice_instead(outsider, admin, team):
    """Nor is an administrator, who sees no patient."""
    for person in (outsider, admin):
        message = to(person, person.username, attachments=[LETTER, INVITATION], team=team)
        assert [file.name for file in message.enclosures.all()] == ["meeting.ics"]
        assert "cannot be sent to this address" in message.body


def test_an_outside_address_is_given_the_document_only_where_its_domain_is_listed(team, settings):
    settings.MAIL_CLINICAL_DOMAINS = ["Hospital.example"]
    listed = outside("a@hospital.EXAMPLE", key="a", attachments=[LETTER], team=team)
    other = outside("a@evil-hospital.example", key="b", attachments=[LETTER], team=team)
    below = outside("a@x.hospital.example", key="c", attachments=[LETTER], team=team)
    assert [message.enclosures.count() for message in (listed, other, below)] == [1, 0, 0]


def test_the_notice_is_in_the_language_of_the_recipient(outsider, team):
    outsider.language = "zh-hans"
    message = to(outsider, attachments=[LETTER], team=team)
    assert (message.language, "临床内容" in message.body) == ("zh-hans", True)
    with override("zh-hans"):
        assert outside(attachments=[LETTER], team=team, key="other").language == "zh-hans"


def test_a_file_name_leads_into_no_folder_and_no_header(surgeon):
    wrong = Attachment('../../etc/"passwd\r\nX: y', "text/calendar", b"x")
    assert to(surgeon, attachments=[wrong]).enclosures.get().name == "etc-passwd-X- y"
    with pytest.raises(ValueError, match="media type"):
        Attachment("a", "text/html\nX: y", b"")


def test_a_switched_off_kind_stands_in_the_mailbox_without_a_mark(surgeon):
    Muted.objects.create(person=surgeon, kind="reminder")
    Muted.objects.create(person=surgeon, kind="invitation")
    to(surgeon, "a")
    to(surgeon, "b", kind="invitation")
    assert [entry.message.kind for entry in Entry.objects.unread()] == ["invitation"]
    assert Entry.objects.count() == 2


def test_without_a_mail_server_what_is_for_outside_says_so(surgeon, settings):
    settings.SMTP = {}
    outside()
    to(surgeon, "l")
    delivery = Delivery.objects.get()
    assert (delivery.message.address, delivery.state, delivery.reason) == (
        "bai.lu@practice.example",
        "failed",
        "no-server",
    )


def test_a_person_is_written_to_in_their_language(surgeon, settings):
    assert language.of(surgeon) == "en"
    settings.LANGUAGE_CODE = "zh-hans"
    assert language.of(surgeon) == "zh-hans"
    surgeon.language = "en"
    assert language.of(surgeon) == "en"
