"""The mailbox: one's own messages only, a mark until they are read, files, and which kinds one is told of."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case
from mdt.events.models import Event
from mdt.mail.actions import Attachment, post
from mdt.mail.kinds import MUTABLE
from mdt.mail.models import Delivery, Entry
from mdt.people.models import Membership
from tests.builders import make_case

pytestmark = pytest.mark.django_db


def to(person, key="k", **fields):
    given = {
        "key": key,
        "kind": "reminder",
        "to": person,
        "subject": f"About {key}",
        "body": "Text <b> https://a.example/x",
    }
    return post(**given | fields)


def shown(client, person, name="mail", *given, **query):
    client.force_login(person)
    return client.get(reverse(name, args=given), query)


def test_the_mailbox_shows_ones_own_messages_newest_first_and_counts_the_unread(client, surgeon, chair):
    to(surgeon, "older")
    to(surgeon, "newer")
    to(chair, "secret")
    text = shown(client, surgeon).content.decode()
    assert text.index("About newer") < text.index("About older")
    assert "About secret" not in text
    assert "2 unread messages" in text


def test_reading_takes_the_mark_off(client, surgeon):
    message = to(surgeon)
    answer = shown(client, surgeon, "message", message.pk)
    assert "Text &lt;b&gt;" in answer.content.decode()
    assert 'href="https://a.example/x"' in answer.content.decode()
    assert not Entry.objects.unread().exists()
    assert "unread" not in shown(client, surgeon).content.decode()


def test_nobody_reads_the_messages_of_somebody_else(client, surgeon, chair, admin, auditor):
    message = to(surgeon, attachments=[Attachment("a.ics", "text/calendar", b"x")])
    for person in (chair, admin, auditor):
        assert shown(client, person, "message", message.pk).status_code == 404
        assert shown(client, person, "message-file", message.pk, message.enclosures.get().pk).status_code == 404
    assert Entry.objects.unread().exists()


def test_a_file_is_saved_as_it_was_sent_and_its_opening_is_logged(client, surgeon, team):
    letter = Attachment("图 1.pdf", "application/pdf", b"%PDF-1.7")
    message = to(surgeon, attachments=[letter], team=team, case_reference="GC-2026-0147")
    answer = shown(client, surgeon, "message-file", message.pk, message.enclosures.get().pk)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert (answer["Content-Type"], "attachment" in answer["Content-Disposition"]) == ("application/pdf", True)
    assert Event.objects.get(kind="attachment-opened").case_reference == "GC-2026-0147"


def test_who_left_the_team_keeps_the_message_and_not_its_clinical_file(client, surgeon, team):
    message = to(surgeon, attachments=[Attachment("a.pdf", "application/pdf", b"%PDF")], team=team)
    Membership.objects.all().delete()
    assert shown(client, surgeon, "message", message.pk).status_code == 200
    assert shown(client, surgeon, "message-file", message.pk, message.enclosures.get().pk).status_code == 404


def test_an_empty_mailbox_says_what_will_stand_there(client, surgeon, settings):
    text = shown(client, surgeon).content.decode()
    assert "No messages yet" in text
    assert "nothing leaves the machine" in text
    settings.SMTP = {"host": "mail.example"}
    assert "nothing leaves" not in shown(client, surgeon).content.decode()


def test_older_messages_are_a_page_further(client, surgeon):
    for number in range(31):
        to(surgeon, str(number))
    first = shown(client, surgeon).content.decode()
    assert ("About 30" in first, "About 0<" in first) == (True, False)
    before = Entry.objects.get(message__key="1").pk
    assert f"?before={before}" in first
    assert "About 0<" in shown(client, surgeon, before=before).content.decode()
    assert shown(client, surgeon, before="x").status_code == 200


def test_all_are_marked_as_read_at_once_and_nobody_elses(client, surgeon, chair):
    to(surgeon, "a")
    to(surgeon, "b")
    to(chair, "c")
    client.force_login(surgeon)
    client.post(reverse("mail-all-read"))
    assert [entry.person for entry in Entry.objects.unread()] == [chair]


def test_somebody_switches_off_a_kind_and_on_again(client, surgeon):
    client.force_login(surgeon)
    client.post(reverse("mail-kinds"), {"kinds": [kind for kind in MUTABLE if kind != "reminder"]})
    to(surgeon, "a")
    assert not Entry.objects.unread().exists()
    assert Event.objects.get(kind="message-kinds-chosen").data == {"muted": ["reminder"]}
    assert "checked" not in _box(client, "reminder")
    client.post(reverse("mail-kinds"), {"kinds": ["reminder"]})
    to(surgeon, "b")
    assert Entry.objects.unread().count() == 1
    assert client.post(reverse("mail-kinds"), {"kinds": ["invitation"]}).status_code == 422


def _box(client, kind):
    text = client.get(reverse("mail-kinds")).content.decode()
    return next(part for part in text.split("<input") if f'value="{kind}"' in part)


@pytest.fixture
def failed(surgeon, team):
    message = to(surgeon, case_reference="GC-2026-0147", team=team, subject="Only for the surgeon")
    return Delivery.objects.create(message=message, state="failed", reason="550 5.1.1 User unknown", attempts=1)


def test_what_was_not_sent_is_listed_with_the_reason_and_without_the_text(client, coordinator, admin, failed):
    for person in (coordinator, admin):
        text = shown(client, person, "mail-unsent").content.decode()
        assert "550 5.1.1 User unknown" in text
        assert "GC-2026-0147" in text
        assert "Only for the surgeon" not in text


def test_it_is_tried_again_by_who_looks_after_messages(client, coordinator, surgeon, outsider, failed, settings):
    settings.SMTP = {"host": "mail.example"}
    url = reverse("message-try-again", args=[failed.message_id])
    client.force_login(outsider)
    assert client.post(url).status_code == 404
    client.force_login(surgeon)
    assert client.get(reverse("mail-unsent")).status_code == 403
    assert client.post(url).status_code == 404
    client.force_login(coordinator)
    assert client.post(url).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.reason) == ("queued", "")


def test_the_unsent_of_another_team_are_not_shown(client, outsider, failed):
    assert "550 5.1.1" not in shown(client, outsider, "mail-unsent").content.decode()


def test_the_count_in_the_frame_reads_an_index(surgeon):
    to(surgeon)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            count = "SELECT COUNT(*) FROM mail_entry WHERE opened_at IS NULL AND person_id = 1"
            cursor.execute(f"EXPLAIN QUERY PLAN {count}")
            assert "mail_entry_unread" in str(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2**31, 2**63, 10**24])
def test_a_number_that_no_column_holds_names_no_message(client, coordinator, number):
    client.force_login(coordinator)
    assert client.get(f"/mail/{number}/").status_code == 404
    assert client.get(f"/mail/{number}/files/{number}/").status_code == 404
    assert client.post(f"/mail/unsent/{number}/").status_code == 404


def test_the_patient_is_named_to_who_may_see_the_case_and_to_nobody_else(client, team, coordinator, outsider, admin):
    case = make_case(team=team, by=coordinator, name="Wang Unmistakable")
    text = f"{case.reference}, cut-off Tuesday: https://mdt.example/cases/{case.reference}/"
    for person, is_named in ((coordinator, True), (outsider, False), (admin, False)):
        message = to(
            person, person.username, subject=f"{case.reference} waits", body=text, case_reference=case.reference
        )
        assert ("Wang Unmistakable" in shown(client, person).content.decode()) is is_named
        page = shown(client, person, "message", message.pk).content.decode()
        assert page.count(f"{case.reference} (Wang Unmistakable)") == (3 if is_named else 0), "title, heading, text"
        assert f'href="https://mdt.example/cases/{case.reference}/"' in page
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    assert "Unmistakable" not in shown(client, coordinator).content.decode()


def test_many_messages_are_named_by_one_query(client, team, coordinator):
    for number in range(12):
        case = make_case(team=team, by=coordinator)
        to(coordinator, f"k{number}", case_reference=case.reference)
    client.force_login(coordinator)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("mail"))
    assert sum("cases_patient" in each["sql"] for each in queries) == 1
