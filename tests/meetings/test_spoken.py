"""What somebody said in the room has its place: noted by name, never a committed opinion, and never lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.duties.models import Duty
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions import Refused
from mdt.meetings.actions.signed_shapes import digest_of
from mdt.meetings.documents.chart_record import record_data
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.history.timeline import timeline_of
from mdt.meetings.models import Decision, Spoken
from mdt.meetings.opinions import agreement_on
from mdt.meetings.room.pulse import words_of
from mdt.people.templatetags.looks import day
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db
WORDS = "The vein is free on the left"


@pytest.fixture
def note(item, chair, coordinator):
    def note(**fields) -> Spoken:
        return actions.note_spoken(**{"item": item, "by": coordinator, "text": WORDS, "person": chair, **fields})

    return note


def url(name, item, *more) -> str:
    return reverse(name, args=[item.meeting.reference, item.case.reference, *more])


def pages(client, item, who) -> str:
    client.force_login(who)
    return client.get(url("room", item)).text + client.get(url("room-spoken", item)).text


def test_a_note_names_who_said_it_and_who_noted_it_and_the_log_has_no_words(full_room, note, item, chair, coordinator):
    spoken = note()
    assert (spoken.person, spoken.noted_by, spoken.discipline) == (chair, coordinator, "surgery")
    assert spoken.was_present
    assert not spoken.is_own_note
    event = Event.objects.get(kind=Kind.SPOKEN_NOTED)
    assert (event.by, event.case_reference) == (coordinator, item.case.reference)
    assert WORDS not in str(event.data)


def test_a_discipline_may_speak_without_a_name_and_who_was_not_marked_is_said_to_be_so(note, item):
    spoken = note(person=None, discipline="radiology")
    assert (spoken.person, spoken.was_present) == (None, False)


def test_a_note_is_no_opinion(note, item):
    note()
    assert agreement_on(item).stands == []
    assert not item.opinions.exists()


def test_the_same_words_said_again_are_a_note_of_their_own_and_a_form_sent_twice_counts_once(
    client, item, note, chair, coordinator
):
    assert note() != note()
    client.force_login(coordinator)
    for page in ("m", "m", "n"):
        entries = {"csrfmiddlewaretoken": page * 64, "spoken-who": chair.pk, "spoken-text": WORDS}
        client.post(url("spoken-note", item), entries, headers={"HX-Request": "true"})
    assert Spoken.objects.filter(text=WORDS).count() == 4


def test_a_thousand_characters_in_lines_are_a_thousand(client, item, chair, coordinator):
    client.force_login(coordinator)
    text = "\n".join(["abcdefghi"] * 100)
    for who, words in ((chair.pk, text), ("surgery", text)):
        client.post(url("spoken-note", item), {"spoken-who": who, "spoken-text": words.replace("\n", "\r\n")})
    assert {row.text for row in Spoken.objects.all()} == {text}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"person": None}, "who"),
        ({"person": None, "discipline": "astrology"}, "who"),
        ({"said_at": timezone.now() + timedelta(days=3000)}, "said_at"),
    ],
)
def test_what_cannot_be_noted_is_refused_with_its_field(note, fields, field):
    with pytest.raises(Refused) as refused:
        note(**fields)
    assert refused.value.field == field
    assert not Spoken.objects.exists()


def test_nobody_from_outside_is_quoted(note, outsider):
    with pytest.raises(actions.ActionError, match="does not belong"):
        note(person=outsider)


def test_a_note_that_is_taken_back_stays_beside_what_took_it_back(note, item, coordinator, client):
    spoken = note()
    actions.take_back_spoken(spoken=spoken, by=coordinator, reason="Somebody else said it")
    with pytest.raises(actions.ActionError, match="already"):
        actions.take_back_spoken(spoken=spoken, by=coordinator)
    text = pages(client, item, coordinator)
    assert WORDS in text
    assert "Somebody else said it" in text


def test_a_note_is_taken_back_only_at_its_own_meeting(client, team, item, note, chair, coordinator, ready_case):
    spoken = note()
    actions.unlist_case(item=item, by=coordinator, reason="Not today")
    other = actions.list_case(meeting=plan(team, coordinator, chair=chair), case=ready_case, by=coordinator)
    client.force_login(coordinator)
    assert client.post(url("spoken-take-back", other, spoken.pk)).status_code == 404
    assert not Spoken.objects.get(pk=spoken.pk).is_taken_back


def test_nothing_is_noted_on_a_case_that_was_taken_off(note, item, coordinator):
    actions.unlist_case(item=item, by=coordinator, reason="Not today")
    with pytest.raises(actions.ActionError, match="not on the agenda"):
        note()
    assert not Spoken.objects.exists()


def test_notes_stay_in_the_room_when_a_case_was_taken_off_and_listed_again(client, item, note, coordinator):
    spoken = note()
    actions.unlist_case(item=item, by=coordinator, reason="By mistake")
    again = actions.list_case(meeting=item.meeting, case=item.case, by=coordinator)
    before = words_of(again.meeting, again)["spoken"]
    assert WORDS in pages(client, again, coordinator)
    assert client.post(url("spoken-take-back", again, spoken.pk)).status_code == 302
    assert Spoken.objects.get(pk=spoken.pk).is_taken_back
    assert words_of(again.meeting, again)["spoken"] != before


def test_a_time_is_refused_before_the_table_began_and_where_the_day_is_not_known(
    client, item, note, chair, coordinator
):
    client.force_login(coordinator)
    entries = {"spoken-who": chair.pk, "spoken-text": WORDS, "spoken-said_at": "00:00"}
    answer = client.post(url("spoken-note", item), entries, headers={"HX-Request": "true"})
    assert "not known on which day" in answer.text
    actions.put_on_table(item=item, by=chair)
    with pytest.raises(Refused, match="The meeting began at"):
        note(said_at=timezone.now() - timedelta(minutes=2))
    assert not Spoken.objects.exists()
    client.post(
        url("spoken-note", item),
        entries | {"spoken-said_at": f"{timezone.localtime(timezone=item.meeting.team.zone):%H:%M}"},
    )
    said_at = Spoken.objects.get().said_at
    assert timedelta(0) <= timezone.now() - said_at < timedelta(minutes=2)


def test_reading_the_notes_by_their_own_address_is_in_the_log_as_the_room_is(client, item, note, pathologist):
    note()
    client.force_login(pathologist)
    client.get(url("room-spoken", item))
    opened = Event.objects.get(kind=Kind.CASE_OPENED, by=pathologist)
    assert (opened.case_reference, opened.data["page"]) == (item.case.reference, f"meeting {item.meeting.reference}")
    client.get(url("room-spoken", item), headers={"HX-Request": "true"})
    assert Event.objects.filter(kind=Kind.CASE_OPENED, by=pathologist).count() == 1


def test_a_note_that_was_taken_back_is_not_counted(client, item, note, coordinator):
    spoken = note()
    note(text="And on the right")
    actions.take_back_spoken(spoken=spoken, by=coordinator)
    assert '<span class="num" id="spoken-count" hx-swap-oob="true">1</span>' in pages(client, item, coordinator)


# --- In the room ----------------------------------------------------------------------------------------------------


def test_the_recorder_notes_at_the_desk_and_everybody_reads_it(client, item, chair, coordinator, pathologist):
    client.force_login(coordinator)
    entries = {"spoken-who": chair.pk, "spoken-text": WORDS, "spoken-said_at": ""}
    answer = client.post(url("spoken-note", item), entries, headers={"HX-Request": "true"})
    assert WORDS in answer.text
    assert "noted by" in answer.text
    assert WORDS in pages(client, item, pathologist)


def test_what_was_typed_comes_back_where_nobody_was_named(client, item, coordinator):
    client.force_login(coordinator)
    entries = {"spoken-who": "", "spoken-text": WORDS}
    for headers in ({}, {"HX-Request": "true"}):
        assert WORDS in client.post(url("spoken-note", item), entries, headers=headers).text
    assert not Spoken.objects.exists()


def test_a_member_reads_and_notes_nothing_for_others(client, item, chair, pathologist, note):
    client.force_login(pathologist)
    assert client.post(url("spoken-note", item), {"spoken-who": chair.pk, "spoken-text": "x"}).status_code == 403
    assert "spoken-text" not in pages(client, item, pathologist)
    assert client.post(url("spoken-take-back", item, note().pk)).status_code == 403


def test_whose_words_were_noted_may_say_that_they_were_not(client, item, note, pathologist):
    spoken = note(person=pathologist)
    client.force_login(pathologist)
    client.post(url("spoken-take-back", item, spoken.pk), {"reason": "I asked it, I did not say it"})
    assert Spoken.objects.get(pk=spoken.pk).taken_back_by.noted_by == pathologist


def test_before_the_table_is_open_only_who_noted_and_who_spoke_read_the_words(
    client, team, coordinator, chair, pathologist, surgeon, ready_case
):
    meeting = plan(team, coordinator, chair=chair, opinions_first=True)
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator)
    spoken = actions.note_spoken(item=item, by=coordinator, person=surgeon, text=WORDS)
    assert spoken.is_before_reveal
    assert WORDS in pages(client, item, coordinator)
    assert WORDS in pages(client, item, surgeon)
    for who in (pathologist, chair):
        text = pages(client, item, who)
        assert WORDS not in text
        assert "1 note of others is shown once the table is open" in text
        assert not [one for one in timeline_of(ready_case) if WORDS in one["entry"].text]
        assert WORDS not in client.get(reverse("case-decisions", args=[ready_case.reference])).text
    assert WORDS not in str(minutes_data(meeting, "en"))
    actions.unlist_case(item=item, by=coordinator, reason="By mistake")
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator)
    assert not [one for one in timeline_of(ready_case) if WORDS in one["entry"].text]
    assert WORDS not in str(minutes_data(meeting, "en"))
    assert WORDS not in pages(client, item, pathologist)
    actions.reveal_opinions(item=item, by=chair)
    assert WORDS in pages(client, item, pathologist)
    assert "before the opening" in pages(client, item, pathologist)
    assert [one for one in timeline_of(ready_case) if WORDS in one["entry"].text]


# --- On paper and under the signature ---------------------------------------------------------------------------------


def test_minutes_chart_record_and_decision_show_it_as_noted(client, full_room, note, decision, chair):
    note()
    client.force_login(chair)
    page = client.get(url("decision", decision.agenda_item, 1)).text
    assert WORDS in page
    assert "noted by" in page
    for data in (minutes_data(decision.meeting, "en"), record_data(decision, "en")):
        assert WORDS in str(data)
        assert "noted by" in str(data)


def test_a_note_in_lines_is_one_quoted_line_on_paper_and_no_line_of_another_person(full_room, note, decision):
    note(text="I agree.\n\u2028Dr Fang Rui, pathology: “type IV” (noted by Dr Chair, 10:03)\r\n")
    note(text="So do I.")
    for data in (
        minutes_data(decision.meeting, "en")["cases"]["blocks"][0]["details"],
        record_data(decision, "en")["discussion"]["lines"],
    ):
        said = [line["text"] for line in data if line["label"] == "Said in the room:"]
        assert len(said) == 2
        assert "“I agree. / Dr Fang Rui, pathology: ‘type IV’ (noted by Dr Chair, 10:03)” (noted by" in said[0]
        assert not any("\n" in line for line in said)


def test_papers_and_history_say_who_took_a_note_back_and_why(full_room, note, decision, chair):
    row = actions.take_back_spoken(spoken=note(), by=chair, reason="Somebody else\r\nsaid it")
    history = [one["entry"].text for one in timeline_of(decision.case)]
    for data in (minutes_data(decision.meeting, "en"), record_data(decision, "en"), history):
        assert f"taken back by {chair.display_name}, {day(row.noted_at, 'time')}: “Somebody else / said it”" in str(
            data
        )


def test_a_discipline_whose_words_were_noted_is_not_called_silent(full_room, decision, note):
    def silent() -> str:
        lines = record_data(Decision.objects.get(), "en")["discussion"]["lines"]
        return next(line["text"] for line in lines if line["label"].startswith("Present, no opinion"))

    assert "Surgery" in silent()
    note()
    assert "Surgery" not in silent()


def test_the_minutes_lose_no_words_about_a_case_that_was_not_decided(note, item):
    note()
    assert WORDS in str(minutes_data(item.meeting, "en")["left"])


def test_words_before_the_signature_are_signed_and_words_after_leave_it_whole(note, decision, chair, client):
    shown = digest_of(decision)
    note()
    with pytest.raises(actions.StaleForm, match="said in the room"):
        actions.sign_decision(decision=decision, by=chair, digest=shown)
    actions.sign_decision(decision=Decision.objects.get(), by=chair)
    signed = Decision.objects.get().sign_off.digest
    Duty.objects.all().delete()
    later = note(text="The vein is not free")
    actions.take_back_spoken(spoken=later, by=chair)
    assert digest_of(Decision.objects.get()) == signed
    assert Duty.objects.filter(kind="prepare-letters").exists()
    client.force_login(chair)
    assert "added after the signature" in client.get(url("decision", decision.agenda_item, 1)).text


def test_words_after_a_signature_become_part_of_the_amendment_that_follows(signed, note, content, chair):
    before = digest_of(Decision.objects.get())
    note()
    amended = actions.amend_decision(decision=signed, by=chair, amendment_reason="Typing error", content=content)
    actions.sign_decision(decision=amended, by=chair)
    first, second = Decision.objects.order_by("version")
    assert digest_of(first) == before
    assert digest_of(second) == second.sign_off.digest
    assert any(row["text"] == WORDS for row in _covered(second))
    assert _covered(first) == []


def _covered(decision) -> list:
    from mdt.meetings.actions.signed_shapes import signed_content

    return signed_content(decision).get("spoken", [])
