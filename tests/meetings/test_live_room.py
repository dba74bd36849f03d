"""The live room from the server's side: the pulse, who may move the table, who marks whom, and the quorum of a case."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mdt.meetings import actions
from mdt.meetings.attendance import seats_of
from mdt.meetings.models import Sitting
from mdt.meetings.quorum import quorum_for
from mdt.meetings.room import pulse
from tests.builders import complete_case, make_case, make_finding
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Every beat looks for itself."""
    monkeypatch.setattr(pulse, "FRESH_FOR", -1)


@pytest.fixture
@remembered
def second(meeting, team, coordinator):
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    return actions.list_case(meeting=meeting, case=case, by=coordinator)


def room(name, item, *more):
    return reverse(name, args=[item.meeting.reference, item.case.reference, *more])


def of_meeting(name, item):
    return reverse(name, args=[item.meeting.reference])


class TestPulse:
    def beat(self, client, item, seen):
        return client.get(room("room-pulse", item), {"seen": seen})

    def test_where_nothing_changed_the_answer_is_empty(self, client, item, radiologist):
        client.force_login(radiologist)
        first = self.beat(client, item, "").json()
        assert first["parts"] == list(pulse.PARTS)
        answer = self.beat(client, item, first["seen"])
        assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize("part", ["presence", "table", "stage", "agenda"])
    def test_it_names_the_part_that_changed(self, client, item, second, radiologist, coordinator, part):
        client.force_login(radiologist)
        seen = self.beat(client, item, "").json()["seen"]
        if part == "presence":
            actions.mark_attendance(meeting=item.meeting, person=radiologist, is_present=True, by=coordinator)
        elif part == "table":
            actions.put_on_table(item=second, by=coordinator)
        elif part == "stage":
            make_finding(item.case, radiologist, {"n_category": "N2"})
        else:
            order = [second.pk, item.pk]
            item.meeting.refresh_from_db()
            actions.order_agenda(meeting=item.meeting, by=coordinator, order=order, version=item.meeting.version)
        answer = self.beat(client, item, seen).json()
        assert answer["parts"] == [part]
        assert answer["at"] == (room("room", second) if part == "table" else "")
        assert self.beat(client, item, answer["seen"]).status_code == 204

    def test_a_page_has_seen_what_it_shows(self, client, item, radiologist):
        client.force_login(radiologist)
        shown = client.get(room("room", item)).context["seen"]
        assert self.beat(client, item, shown).status_code == 204

    def test_a_full_room_is_told_to_fetch_not_all_at_once(self, client, item, team, coordinator, radiologist, chair):
        client.force_login(radiologist)
        assert self.beat(client, item, "").json()["spread"] == 0
        for person in (radiologist, chair):
            actions.mark_attendance(meeting=item.meeting, person=person, is_present=True, by=coordinator)
        assert self.beat(client, item, "").json()["spread"] == 2 * pulse.SPREAD
        assert pulse.LONGEST + 1000 + 250 < 2000, "with a beat a second, two seconds are kept"

    def test_it_costs_the_same_for_sixty_cases(
        self, client, item, team, coordinator, radiologist, django_assert_num_queries
    ):
        client.force_login(radiologist)
        with CaptureQueriesContext(connection) as of_one:
            self.beat(client, item, "")
        for _ in range(59):
            actions.list_case(
                meeting=item.meeting, case=make_case(team=team, by=coordinator), by=coordinator, late_reason="Long list"
            )
        with django_assert_num_queries(len(of_one)):
            self.beat(client, item, "")
        page = client.get(room("room", item))
        assert page.context["places"] == 60
        assert page.text.count('id="rail-') == 60

    @pytest.mark.parametrize("piece", ["presence", "table", "stage", "agenda"])
    def test_each_part_comes_without_a_frame(self, client, item, radiologist, piece):
        client.force_login(radiologist)
        answer = client.get(room("room-part", item, piece))
        assert answer.status_code == 200
        assert "<html" not in answer.text

    def test_another_part_is_not_found(self, client, item, radiologist):
        client.force_login(radiologist)
        assert client.get(room("room-part", item, "desk")).status_code == 404


class TestWhatAllReadAlike:
    """Seats, agenda and newest proposal are read once for a room full of people, and anew after every change."""

    def show(self, client, item, person):
        client.force_login(person)
        with CaptureQueriesContext(connection) as spent:
            context = client.get(room("room", item)).context
        return context, len(spent)

    def test_the_second_who_asks_costs_less(self, client, item, radiologist, pathologist):
        _, first = self.show(client, item, radiologist)
        _, second = self.show(client, item, pathologist)
        assert second <= first - 4

    def test_a_mark_is_seen_at_once(self, client, item, radiologist, pathologist, coordinator):
        before, _ = self.show(client, item, radiologist)
        actions.mark_attendance(meeting=item.meeting, person=pathologist, is_present=True, by=coordinator)
        after, _ = self.show(client, item, radiologist)
        present = [[seat.person for seat in shown["seats"] if seat.is_present] for shown in (before, after)]
        assert present == [[], [pathologist]]

    def test_a_new_proposal_and_a_longer_agenda_are_seen_at_once(self, client, item, team, radiologist, coordinator):
        before, _ = self.show(client, item, radiologist)
        make_finding(item.case, radiologist, {"n_category": "N2"})
        later = make_case(team=team, by=coordinator)
        actions.list_case(meeting=item.meeting, case=later, by=coordinator, late_reason="Long list")
        after, _ = self.show(client, item, radiologist)
        assert after["proposal"].number > before["proposal"].number
        assert (before["places"], after["places"]) == (1, 2)

    def test_nobody_is_shown_as_another(self, client, item, radiologist, pathologist, coordinator):
        actions.mark_attendance(meeting=item.meeting, person=pathologist, is_present=True, by=coordinator)
        assert self.show(client, item, radiologist)[0]["own"].person == radiologist
        assert self.show(client, item, pathologist)[0]["own"].person == pathologist
        assert not self.show(client, item, pathologist)[0]["may"]["mark"]
        assert self.show(client, item, coordinator)[0]["may"]["mark"]


class TestTable:
    def test_the_chair_moves_it_and_whoever_enters_comes_to_it(self, client, item, second, chair, radiologist):
        client.force_login(chair)
        answer = client.post(of_meeting("table-move", item), {"to": second.case.reference})
        assert answer.url == room("room", second)
        client.force_login(radiologist)
        assert client.get(of_meeting("room-enter", item)).url == room("room", second)

    @pytest.mark.parametrize("who", ["radiologist", "auditor"])
    def test_nobody_else_moves_it(self, client, item, who, request):
        client.force_login(request.getfixturevalue(who))
        assert client.post(of_meeting("table-move", item), {"to": item.case.reference}).status_code == 403
        assert not Sitting.objects.exists()

    def test_whoever_looks_by_themselves_is_told_where_the_table_is(self, client, item, second, chair, radiologist):
        actions.put_on_table(item=item, by=chair)
        client.force_login(radiologist)
        page = client.get(room("room", second), {"alone": "1"})
        assert "data-alone" in page.text
        assert f"On the table now: <b>{item.case.patient.name}</b>" in page.text
        assert "Bring this case to the table" not in page.text

    def test_a_break_is_begun_and_ended(self, client, item, chair):
        actions.put_on_table(item=item, by=chair)
        client.force_login(chair)
        client.post(of_meeting("table-move", item), {"to": "break"})
        assert "Break since" in client.get(room("room", item)).text
        client.post(of_meeting("table-move", item), {"to": "on"})
        assert [row.what for row in Sitting.objects.order_by("id")] == ["case", "break", "case"]

    def test_a_case_of_another_meeting_is_not_found(self, client, item, chair):
        client.force_login(chair)
        assert client.post(of_meeting("table-move", item), {"to": "GC-1999-0001"}).status_code == 404


class TestOwnAttendance:
    def post(self, client, item, mark, **more):
        url = of_meeting("attendance-own", item)
        return client.post(url, {"mark": mark, "case": item.case.reference, **more}, headers={"HX-Request": "true"})

    def seat(self, item, person):
        return next(seat for seat in seats_of(item.meeting) if seat.person == person)

    def test_a_member_marks_themselves_and_takes_it_back(self, client, item, radiologist):
        client.force_login(radiologist)
        assert "You are marked as here: take it back" in self.post(client, item, "remote").text
        assert self.seat(item, radiologist).is_remote
        assert "I am here" in self.post(client, item, "undo").text
        assert self.seat(item, radiologist).marked_at is None

    def test_a_member_says_for_whom_they_stand_in(self, client, item, surgeon, hepatobiliary):
        client.force_login(surgeon)
        self.post(client, item, "here", stands_in_for=hepatobiliary.pk)
        assert self.seat(item, surgeon).discipline == "hepatobiliary"

    def test_a_member_may_speak_for_a_discipline_that_nobody_has(self, client, item, radiologist):
        client.force_login(radiologist)
        assert "speaks for Interventional radiology" in client.get(room("room", item)).text
        self.post(client, item, "here", stands_in_for="interventional")
        assert self.seat(item, radiologist).discipline == "interventional"

    def test_a_member_marks_nobody_else(self, client, item, radiologist, surgeon):
        client.force_login(radiologist)
        self.post(client, item, "here", person=surgeon.pk)
        assert not self.seat(item, surgeon).is_present
        url = of_meeting("attendance-mark", item)
        assert client.post(url, {"person": surgeon.pk, "mark": "here"}).status_code == 403

    def test_an_auditor_is_not_at_the_table(self, client, item, auditor):
        client.force_login(auditor)
        assert self.post(client, item, "here").status_code == 403

    def test_a_mark_that_is_gone_cannot_be_taken_back(self, client, item, radiologist):
        client.force_login(radiologist)
        assert "no mark to take back" in self.post(client, item, "undo").text


class TestQuorum:
    FIVE = ("surgery", "hepatobiliary", "oncology", "radiology", "pathology")

    def test_an_open_local_treatment_asks_for_an_interventional_radiologist(self, item, proposal):
        assert proposal.answer_in("en")["options"], "the case has options"
        found = quorum_for(item.case, proposal, self.FIVE)
        assert found.missing == ["interventional"]
        assert [(rule.rule.id, rule.is_met) for rule in found.rules] == [("always", True), ("interventional", False)]
        sealed = quorum_for(item.case, None, self.FIVE)
        assert sealed.is_quorate, "nothing hints at a sealed proposal"
        assert [(rule.missing, rule.because) for rule in sealed.perhaps] == [(["interventional"], [])]
        assert not found.perhaps, "an open proposal says what it asks for"

    def test_attendance_says_before_the_opening_what_may_be_asked_beyond(self, client, item, chair, coordinator):
        meeting = item.meeting
        meeting.refresh_from_db()
        actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
        actions.mark_attendance(meeting=meeting, person=chair, is_present=True, by=coordinator)
        client.force_login(coordinator)
        said = "is not marked as present: 1 sealed case may ask for it once its table is open."
        assert f"<b>Interventional radiology</b> {said}" in client.get(meeting.get_absolute_url()).text
        assert (
            "Interventional radiology: not marked as present; may be asked for" in client.get(room("room", item)).text
        )
        actions.reveal_opinions(item=type(item).objects.get(pk=item.pk), by=chair)
        assert said not in client.get(meeting.get_absolute_url()).text

    @pytest.mark.parametrize(
        ("present", "meets"), [(("oncology", "radiology"), True), (("oncology", "surgery"), False), ((), False)]
    )
    def test_below_it_the_published_minimum_is_looked_at(self, item, proposal, present, meets):
        found = quorum_for(item.case, proposal, present)
        assert (found.is_quorate, found.meets_minimum) == (False, meets)

    def test_the_room_says_by_which_rule_and_what_is_unverified(self, client, item, radiologist, oncologist, chair):
        for person in (radiologist, oncologist):
            actions.mark_attendance(meeting=item.meeting, person=person, is_present=True, by=chair)
        client.force_login(chair)
        text = client.get(room("room", item)).text
        assert "below the pathway’s quorum, meets the minimum of NICE QS176 statement 2" in text
        assert "because ablation, HAIC, TACE or embolisation is an open option" in text
        headline = text[text.index("</details>", text.index('id="quorum-why"')) :].split("</div>")[0]
        assert "NICE" not in headline, "a published minimum of one country is no headline"
        assert "Interventional radiology: because" in headline
        opened = quorum_for(item.case, item.case.latest_proposal, ()).rules[-1]
        assert opened.because
        assert opened.because[0] in headline
        assert all(option in text.split('id="quorum-why"')[1] for option in opened.because)
        assert (
            "unverified"
            in text[text.index('id="quorum-why"') : text.index("</details>", text.index('id="quorum-why"'))]
        )

    def test_the_decision_keeps_the_rules_as_they_were_worded(
        self, client, item, proposal, content, oncologist, radiologist, chair
    ):
        for person in (radiologist, oncologist):
            actions.mark_attendance(meeting=item.meeting, person=person, is_present=True, by=chair)
        decision = actions.record_decision(
            item=item, by=chair, proposal=proposal, content=replace(content, quorum_reason="Heard by telephone")
        )
        assert [rule["id"] for rule in decision.quorum_basis["rules"]] == ["always", "interventional"]
        assert decision.quorum_basis["minimum"]["missing"] == []
        client.force_login(chair)
        page = client.get(reverse("decision", args=[item.meeting.reference, item.case.reference, 1]))
        assert "meets the minimum of NICE QS176 statement 2" in page.text

    def test_a_meeting_with_nobody_says_so(self, client, item, chair):
        client.force_login(chair)
        assert "Nobody is marked as present" in client.get(room("room", item)).text
        assert "0 present" in client.get(item.meeting.get_absolute_url()).text
