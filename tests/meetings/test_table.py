"""What lies on the table and since when, how long each case lay there, and who was present for it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.events.append_only import AppendOnlyError
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.meeting_page import agenda_of
from mdt.meetings.models import AgendaItem, AttendanceMark, Decision, Meeting, Sitting
from mdt.meetings.remarks import remarks_of
from mdt.meetings.room.clock import progress_of
from mdt.meetings.room.presence import at_case
from mdt.meetings.room.table import Table, presence_for
from tests.builders import complete_case, make_case
from tests.clock import Clock
from tests.meetings.builders import content_for, plan

pytestmark = pytest.mark.django_db
BEGIN = datetime(2027, 3, 9, 15, 50, tzinfo=UTC)  # ten to midnight in Shanghai


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock(BEGIN)
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def items(clock, team, coordinator, chair):
    """Two cases on the agenda of a meeting that begins now."""
    meeting = plan(team, coordinator, chair=chair, starts_at=BEGIN, cut_off_at=BEGIN)
    cases = [complete_case(make_case(team=team, by=coordinator), coordinator) for _ in range(2)]
    return [actions.list_case(meeting=meeting, case=case, by=coordinator) for case in cases]


def mark(meeting, person, by, *, is_present=True, **more):
    return actions.mark_attendance(meeting=meeting, person=person, is_present=is_present, by=by, **more)


def minutes(spent: timedelta) -> float:
    return spent / timedelta(minutes=1)


class TestTheClock:
    def test_before_anything_is_on_the_table_no_time_is_used(self, items):
        table = Table(items[0].meeting)
        assert (table.has_begun, table.item, table.is_break, table.used) == (False, None, False, {})

    def test_a_meeting_that_runs_before_its_day_ends_by_the_real_clock_and_is_called_begun(
        self, client, items, clock, chair
    ):
        meeting = items[0].meeting
        Meeting.objects.filter(pk=meeting.pk).update(
            starts_at=BEGIN + timedelta(days=5), cut_off_at=BEGIN + timedelta(days=4)
        )
        meeting.refresh_from_db()
        client.force_login(chair)
        assert "Begun" not in client.get(meeting.get_absolute_url()).text
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(2)
        page = client.get(meeting.get_absolute_url()).text
        assert "Begun" in page
        assert "the meeting has begun" in page
        assert "in 4 days" not in page
        items[0].meeting = meeting
        rail = agenda_of(meeting)
        ends = progress_of(meeting, rail, Table(meeting)).ends_at
        left = sum(item.planned_minutes for item in rail) - 2
        assert ends == clock.now() + timedelta(minutes=left)

    def test_each_case_has_its_own_time_over_midnight_and_over_a_break(self, items, clock, chair):
        first, second = items
        actions.put_on_table(item=first, by=chair)
        clock.pass_minutes(8)
        actions.begin_break(meeting=first.meeting, by=chair)
        clock.pass_minutes(5)
        assert Table(first.meeting).is_break
        actions.end_break(meeting=first.meeting, by=chair)
        clock.pass_minutes(2)
        actions.put_on_table(item=second, by=chair)
        clock.pass_minutes(3)
        table = Table(first.meeting)
        assert timezone.localdate(table.spans[0].began_at) < timezone.localdate(table.now)
        assert {pk: minutes(spent) for pk, spent in table.used.items()} == {first.pk: 10, second.pk: 3}
        assert (minutes(table.paused), table.item) == (5, second.pk)

    def test_a_case_that_comes_back_goes_on_counting(self, items, clock, chair):
        first, second = items
        for item in (first, second, first):
            actions.put_on_table(item=item, by=chair)
            clock.pass_minutes(4)
        assert minutes(Table(first.meeting).used[first.pk]) == 8

    def test_the_room_of_a_held_meeting_says_neither_that_time_runs_out_nor_when_it_ends(
        self, client, items, clock, chair
    ):
        item = items[0]
        actions.put_on_table(item=item, by=chair)
        clock.pass_minutes(2)
        client.force_login(chair)
        address = reverse("room", args=[item.meeting.reference, item.case.reference])
        running = client.get(address).text
        assert "ends about" in running
        assert 'data-when="fits"' in running
        Meeting.objects.filter(pk=item.meeting_id).update(state=Meeting.State.HELD)
        held = client.get(address).text
        assert "ends about" not in held
        assert "data-when" not in held
        assert "Held" in held

    def test_two_who_press_the_same_key_move_it_once(self, items, chair, coordinator):
        actions.put_on_table(item=items[0], by=chair)
        for by in (chair, coordinator):
            actions.put_on_table(item=items[1], by=by)
        assert Sitting.objects.count() == 2
        assert Event.objects.filter(kind=Kind.TABLE_MOVED).count() == 2

    def test_closing_the_meeting_clears_the_table_and_nothing_moves_after_it(self, items, clock, chair):
        meeting = items[0].meeting
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(6)
        meeting.refresh_from_db()
        onward = {item.pk: actions.Onward(None, AgendaItem.LeftBecause.TIME) for item in items}
        actions.finish_meeting(meeting=meeting, by=chair, version=meeting.version, onward=onward)
        clock.pass_minutes(60)
        assert minutes(Table(meeting).used[items[0].pk]) == 6
        with pytest.raises(actions.ActionError):
            actions.put_on_table(item=items[1], by=chair)

    def test_a_case_taken_off_the_agenda_is_refused_and_a_break_does_not_go_back_to_it(self, items, chair):
        actions.put_on_table(item=items[0], by=chair)
        actions.begin_break(meeting=items[0].meeting, by=chair)
        actions.unlist_case(item=items[0], by=chair, reason="Patient has died")
        with pytest.raises(actions.ActionError):
            actions.put_on_table(item=items[0], by=chair)
        assert actions.end_break(meeting=items[0].meeting, by=chair).what == Sitting.What.NOTHING

    def test_there_is_no_break_to_end_before_the_meeting(self, items, chair):
        with pytest.raises(actions.ActionError):
            actions.end_break(meeting=items[0].meeting, by=chair)

    def test_what_was_on_the_table_is_never_rewritten(self, items, chair):
        sitting = actions.put_on_table(item=items[0], by=chair)
        with pytest.raises(AppendOnlyError):
            sitting.delete()


class TestPresence:
    def test_who_came_late_or_left_early_is_told_for_each_case_apart(
        self, items, clock, chair, surgeon, oncologist, hepatobiliary
    ):
        meeting = items[0].meeting
        mark(meeting, chair, chair)
        mark(meeting, hepatobiliary, chair)
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(2)
        mark(meeting, oncologist, chair, is_remote=True)
        clock.pass_minutes(4)
        mark(meeting, hepatobiliary, chair, is_present=False)
        clock.pass_minutes(2)
        actions.put_on_table(item=items[1], by=chair)
        clock.pass_minutes(5)
        found = {each.person: each for each in presence_for(items[0])}
        assert {person: minutes(each.was_there) for person, each in found.items()} == {
            chair: 8,
            hepatobiliary: 6,
            oncologist: 6,
        }
        assert found[chair].is_whole
        assert found[hepatobiliary].left_at == BEGIN + timedelta(minutes=6)
        assert (found[oncologist].came_at, found[oncologist].is_remote) == (BEGIN + timedelta(minutes=2), True)
        assert [each.person for each in presence_for(items[1])] == [chair, oncologist]
        assert surgeon not in found

    def test_a_case_that_was_never_discussed_had_nobody(self, items, chair):
        mark(items[0].meeting, chair, chair)
        assert presence_for(items[0]) == []

    def test_a_deputy_speaks_for_the_member_whom_they_cover(self, items, surgeon, hepatobiliary, chair):
        item = items[0]
        mark(item.meeting, surgeon, chair, stands_in_for=hepatobiliary)
        actions.put_on_table(item=item, by=chair)
        presence = presence_for(item)[0]
        assert (presence.discipline, presence.stands_in_for) == ("hepatobiliary", hepatobiliary)
        seat = next(seat for seat in at_case(item).seats if seat.person == hepatobiliary)
        assert (seat.is_present, seat.covered_by) == (False, surgeon)

    @pytest.mark.parametrize("wrong", ["themselves", "a stranger"])
    def test_nobody_covers(self, items, surgeon, chair, outsider, wrong):
        covered = surgeon if wrong == "themselves" else outsider
        with pytest.raises(actions.ActionError):
            mark(items[0].meeting, surgeon, chair, stands_in_for=covered)

    def test_a_mark_made_late_holds_from_when_it_says(self, items, clock, chair, radiologist):
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(10)
        mark(items[0].meeting, radiologist, chair, holds_from=BEGIN)
        presence = presence_for(items[0])[0]
        assert (minutes(presence.was_there), presence.is_whole) == (10, True)
        with pytest.raises(actions.ActionError):
            mark(items[0].meeting, radiologist, chair, holds_from=BEGIN + timedelta(days=1))

    def test_a_mark_taken_back_never_counted(self, items, clock, chair, radiologist):
        meeting = items[0].meeting
        actions.put_on_table(item=items[0], by=chair)
        mistake = mark(meeting, radiologist, radiologist)
        clock.pass_minutes(3)
        actions.take_back_mark(mark=mistake, by=radiologist)
        assert presence_for(items[0]) == []
        assert AttendanceMark.objects.count() == 2, "nothing is erased"
        with pytest.raises(actions.ActionError):
            actions.take_back_mark(mark=mistake, by=radiologist)

    def test_a_mark_of_long_ago_is_not_taken_back(self, items, clock, chair, radiologist):
        old = mark(items[0].meeting, radiologist, radiologist)
        clock.pass_minutes(11)
        with pytest.raises(actions.ActionError):
            actions.take_back_mark(mark=old, by=radiologist)


class TestWhatADecisionKeeps:
    def decide(self, item, by, oncologist):
        proposal = item.case.latest_proposal
        content = content_for(proposal, oncologist, quorum_reason="Nobody else could come")
        return actions.record_decision(item=item, by=by, proposal=proposal, content=content)

    def test_recorded_after_the_meeting_moved_on_it_keeps_who_was_there_then(
        self, items, clock, chair, oncologist, hepatobiliary
    ):
        meeting = items[0].meeting
        for person in (chair, hepatobiliary):
            mark(meeting, person, chair)
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(6)
        actions.put_on_table(item=items[1], by=chair)
        clock.pass_minutes(1)
        mark(meeting, hepatobiliary, chair, is_present=False)
        mark(meeting, oncologist, chair)
        decision = self.decide(items[0], chair, oncologist)
        assert {entry["person"] for entry in decision.present} == {chair.pk, hepatobiliary.pk}
        assert decision.quorum_missing == ["oncology", "radiology", "pathology", "interventional"]

    def test_who_left_in_the_middle_is_printed_with_the_time_and_counts_no_more(
        self, items, clock, chair, oncologist, hepatobiliary
    ):
        meeting = items[0].meeting
        for person in (chair, hepatobiliary):
            mark(meeting, person, chair)
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(6)
        mark(meeting, hepatobiliary, chair, is_present=False)
        decision = self.decide(items[0], chair, oncologist)
        left = next(entry for entry in decision.present if entry["person"] == hepatobiliary.pk)
        assert datetime.fromisoformat(left["left_at"]) == clock.now()
        assert "hepatobiliary" in decision.quorum_missing

    def test_before_the_meeting_begins_and_by_somebody_who_is_away_it_says_so(
        self, team, chair, coordinator, oncologist
    ):
        meeting = plan(team, coordinator, chair=chair)
        case = complete_case(make_case(team=team, by=coordinator), coordinator)
        item = actions.list_case(meeting=meeting, case=case, by=coordinator)
        mark(meeting, chair, chair)
        decision = self.decide(item, coordinator, oncologist)
        assert decision.remarks == ["before_start", "by_absent"]
        assert actions.sign_decision(decision=decision, by=chair).remarks == ["before_start"]
        kinds = (Kind.DECISION_RECORDED, Kind.DECISION_SIGNED)
        assert [event.data["remarks"] for event in Event.objects.filter(kind__in=kinds).order_by("number")] == [
            ["before_start", "by_absent"],
            ["before_start"],
        ]

    def test_what_is_to_be_said_of_record_and_signature_is_said_once(self, team, chair, coordinator, oncologist):
        meeting = plan(team, coordinator, chair=chair)
        case = complete_case(make_case(team=team, by=coordinator), coordinator)
        item = actions.list_case(meeting=meeting, case=case, by=coordinator)
        mark(meeting, chair, chair)
        decision = self.decide(item, coordinator, oncologist)
        assert len(remarks_of(decision)) == 2
        actions.sign_decision(decision=decision, by=chair)
        early, absent = remarks_of(Decision.objects.get())
        assert early == "Recorded and signed before the meeting’s starting time."
        assert absent == "Recorded by somebody who was not marked as present for this case."

    def test_in_the_meeting_by_somebody_present_there_is_nothing_to_remark(self, items, clock, chair, oncologist):
        mark(items[0].meeting, chair, chair)
        actions.put_on_table(item=items[0], by=chair)
        clock.pass_minutes(1)
        decision = self.decide(items[0], chair, oncologist)
        assert decision.remarks == []
        assert actions.sign_decision(decision=decision, by=chair).remarks == []
