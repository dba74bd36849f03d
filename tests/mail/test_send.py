"""The e-mail of a message over a real SMTP server: what arrives, and what the server's answers lead to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.models import Event
from mdt.mail import outgoing
from mdt.mail.actions import Attachment, post
from mdt.mail.actions.delivery import GIVEN_UP_AFTER, note_failed, try_again
from mdt.mail.models import Delivery, Muted
from tests.builders import make_user
from tests.mail.server import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with mail_server() as (keeper, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.SMTP = {"host": "127.0.0.1"}
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.MAIL_FROM, settings.PUBLIC_URL = "mdt@hospital.example", "https://mdt.hospital.example"
        yield keeper


def to(person, key="k", **fields):
    given = {"key": key, "kind": "reminder", "to": person, "subject": "Subject", "body": "Text"}
    return post(**given | fields)


@pytest.fixture
def reader(team):
    return make_user("reader", team=team, name='㐱小明 🙂, "the" <b@c.example>', email="reader@hospital.example")


def later() -> None:
    """All waits are over."""
    Duty.objects.filter(state="waiting").update(due_at=timezone.now())
    work_off_due_duties()


def test_what_arrives_is_what_was_written(server, reader, team):
    subject, body = "胃癌肝转移多学科会诊：" + "请补充影像学资料。" * 20, "㐱 🙂 " + "长" * 2000 + "\n.\nend"
    picture = Attachment("图像 🙂.png", "image/png", bytes(range(256)), is_clinical=False)
    calendar = Attachment("m.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\nX:\xe6\x9d\x8e\r\n")
    message = to(reader, subject=subject, body=body, attachments=[picture, calendar])
    work_off_due_duties()
    (mail,) = server.arrived
    assert server.recipients == ["reader@hospital.example"]
    assert (mail["Subject"].strip(), mail["Message-ID"]) == (subject, message.internet_id)
    assert [(to.display_name, to.addr_spec) for to in mail["To"].addresses] == [(reader.name, reader.email)]
    assert mail["From"].addresses[0].addr_spec == "mdt@hospital.example"
    assert (mail["Auto-Submitted"], mail["Bcc"], mail["Cc"]) == ("auto-generated", None, None)
    assert abs(mail["Date"].datetime - message.posted_at) < timedelta(seconds=1)
    text, png, ics = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().replace("\r\n", "\n").startswith(body + "\n")
    assert f"https://mdt.hospital.example/mail/{message.pk}/" in text.get_content()
    assert (png.get_filename(), png.get_content()) == ("图像 🙂.png", bytes(range(256)))
    assert (ics.get_content_type(), ics["Content-Type"].params["method"]) == ("text/calendar", "REQUEST")
    assert "X:李" in ics.get_content()


def test_it_is_sent_after_the_commit_once_and_says_so(server, reader):
    message = to(reader)
    assert (server.arrived, message.delivery.state) == ([], "queued")
    work_off_due_duties()
    later()
    message.delivery.refresh_from_db()
    assert (len(server.arrived), message.delivery.state, message.delivery.attempts) == (1, "sent", 1)
    assert message.delivery.sent_to == "reader@hospital.example"
    assert Event.objects.get(kind="message-sent").data == {"message": "reminder", "to": "reader"}


def test_no_transaction_is_open_while_the_server_is_spoken_to(server, reader, monkeypatch, transactional_db):
    seen, send = [], outgoing.send
    monkeypatch.setattr(outgoing, "send", lambda *given: seen.append(connection.in_atomic_block) or send(*given))
    to(reader)
    work_off_due_duties()
    assert (seen, len(server.arrived)) == ([False], 1)


def test_a_crash_after_the_server_took_it_repeats_it_under_the_same_id(server, reader):
    """The power goes between the server's 250 and our commit: the row still says waiting."""
    to(reader)
    delivery = Delivery.objects.get()
    outgoing.send(delivery.message, reader.email)
    work_off_due_duties()
    assert len(server.arrived) == 2
    assert len({mail["Message-ID"] for mail in server.arrived}) == 1
    assert server.arrived[0].as_bytes() == server.arrived[1].as_bytes()


def test_a_refusal_for_good_is_shown_and_not_tried_again(server, reader):
    to(reader)
    server.on_recipient = "550 5.1.1 User unknown\r\n"
    later()
    later()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.reason, delivery.attempts) == ("failed", "550 5.1.1 User unknown", 1)
    assert Event.objects.get(kind="message-failed").data["reason"] == "550 5.1.1 User unknown"
    assert not Duty.objects.open().exists()


def test_a_refusal_of_the_text_for_good_is_shown_too(server, reader):
    to(reader)
    server.on_text = "554 5.7.1 Message rejected"
    later()
    assert Delivery.objects.get().reason == "554 5.7.1 Message rejected"


@pytest.mark.parametrize(("place", "answer"), [("on_recipient", "450 4.2.0 Greylisted"), ("on_text", "")])
def test_a_refusal_for_now_waits_longer_each_time_and_then_arrives(server, reader, place, answer):
    to(reader)
    setattr(server, place, answer)
    waits = []
    for _ in range(3):
        later()
        waits.append(Duty.objects.get().due_at - timezone.now())
    assert Delivery.objects.get().attempts == 3
    assert Delivery.objects.get().reason
    assert waits[0] < waits[1] < waits[2]
    setattr(server, place, "250 OK")
    later()
    assert (len(server.arrived), Delivery.objects.get().state, Delivery.objects.get().reason) == (1, "sent", "")


def test_a_text_that_the_server_hangs_up_on_does_not_hold_up_the_others(server, reader):
    to(reader, "a")
    server.on_text = ""
    work_off_due_duties()
    server.on_text = "250 OK"
    to(reader, "b")
    work_off_due_duties()
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["queued", "sent"]


def test_a_server_that_is_away_is_asked_once_a_round_and_everything_arrives_in_the_end(server, reader, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for number in range(5):
        to(reader, str(number))
    assert work_off_due_duties() == 1
    assert sum(Delivery.objects.values_list("attempts", flat=True)) == 1
    settings.EMAIL_PORT = port
    later()
    assert len(server.arrived) == 5
    assert len({mail["Message-ID"] for mail in server.arrived}) == 5


def test_after_three_days_in_vain_it_is_given_up_and_can_be_tried_again(server, reader, coordinator, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    to(reader)
    Delivery.objects.update(queued_at=timezone.now() - GIVEN_UP_AFTER - timedelta(minutes=1))
    work_off_due_duties()
    delivery = Delivery.objects.get()
    assert (delivery.state, "Error" in delivery.reason) == ("failed", True)
    settings.EMAIL_PORT = port
    try_again(delivery=delivery, by=coordinator)
    try_again(delivery=delivery, by=coordinator)
    work_off_due_duties()
    assert (len(server.arrived), Delivery.objects.get().state) == (1, "sent")
    assert Event.objects.filter(kind="message-retried").count() == 1


def test_what_was_sent_is_neither_failed_nor_tried_again(server, reader, coordinator):
    to(reader)
    work_off_due_duties()
    delivery = Delivery.objects.get()
    note_failed(delivery=delivery, reason="late")
    try_again(delivery=delivery, by=coordinator)
    later()
    assert (Delivery.objects.get().state, len(server.arrived)) == ("sent", 1)


def test_it_goes_to_the_address_that_is_right_when_it_is_sent(server, reader):
    to(reader)
    reader.email = "new@hospital.example"
    reader.save()
    work_off_due_duties()
    assert server.recipients == ["new@hospital.example"]
    to(reader, "b")
    reader.email = ""
    reader.save()
    work_off_due_duties()
    assert Delivery.objects.latest("pk").reason == "no-address"


def test_clinical_attachments_leave_only_for_listed_domains(server, reader, team, settings):
    letter = Attachment("letter.pdf", "application/pdf", b"%PDF")
    message = to(reader, attachments=[letter], team=team)
    work_off_due_duties()
    settings.MAIL_CLINICAL_DOMAINS = ["hospital.example"]
    to(reader, "b", attachments=[letter], team=team)
    work_off_due_duties()
    without, having = server.arrived
    assert not without.is_multipart()
    assert f"Open it here: https://mdt.hospital.example/mail/{message.pk}/" in without.get_content()
    assert [part.get_filename() for part in having.iter_attachments()] == ["letter.pdf"]
    assert message.enclosures.count() == 1, "it stands in the mailbox all the same"


def test_who_has_no_address_is_switched_off_or_has_left_gets_no_e_mail(server, reader, surgeon):
    to(surgeon)
    Muted.objects.create(person=reader, kind="reminder")
    to(reader, "b")
    reader.is_active = False
    to(reader, "c", kind="letter")
    assert not Delivery.objects.exists()


def test_what_stands_under_an_e_mail_is_in_its_language(server, reader):
    reader.language = "zh-hans"
    reader.save()
    to(reader)
    work_off_due_duties()
    assert "由程序发送" in server.arrived[0].get_content()
