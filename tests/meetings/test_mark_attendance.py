"""Who is in the room, and what that means for the quorum."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.attendance import seats_of
from mdt.meetings.models import AttendanceMark, CoreMember, Meeting, Reply, Series
from mdt.meetings.quorum import check
from mdt.people.models import Role, User
from tests.builders import make_user
from tests.meetings.builders import plan


def quorum_now(meeting, required):
    return check((seat.discipline for seat in seats_of(meeting) if seat.is_present), required)


NEEDED = ["surgery", "hepatobiliary", "oncology", "radiology", "pathology"]


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        ([], NEEDED),
        (NEEDED, []),
        ([*NEEDED, "surgery", "nursing", ""], []),
        (["pathology", "surgery"], ["hepatobiliary", "oncology", "radiology"]),
    ],
)
def test_quorum_names_the_missing_in_the_order_of_the_pathway(present, missing):
    found = check(present, NEEDED)
    assert (found.is_quorate, found.missing) == (not missing, missing)


def test_a_pathway_that_asks_for_nobody_is_always_quorate():
    assert check([], []).is_quorate


@pytest.mark.django_db
class TestMarks:
    def post(self, client, meeting, person, mark, **more):
        url = reverse("attendance-mark", args=[meeting.reference])
        return client.post(url, {"person": person.pk, "mark": mark, **more})

    def test_one_click_marks_and_logs(self, client, meeting, surgeon, coordinator):
        client.force_login(coordinator)
        answer = self.post(client, meeting, surgeon, "remote")
        assert answer.status_code == 302
        mark = AttendanceMark.objects.get()
        assert (mark.person, mark.discipline, mark.is_present, mark.is_remote) == (surgeon, "surgery", True, True)
        event = Event.objects.get(kind=Kind.ATTENDANCE_MARKED)
        assert (event.by, event.data["person"]) == (coordinator, surgeon.pk)

    def test_who_was_never_marked_is_not_said_to_be_away(self, client, meeting, surgeon, radiologist, coordinator):
        client.force_login(radiologist)  # who sees the others as they are shown and marks nobody but themselves

        def shown():
            lines = client.get(meeting.get_absolute_url()).text.partition('id="attendance"')[2]
            return lines.count("not marked"), lines.count("bi-slash-circle"), lines.count('aria-pressed="true"')

        unmarked = shown()[0]
        assert unmarked
        assert shown() == (unmarked, 0, 0)
        for is_present in (True, False):
            actions.mark_attendance(meeting=meeting, person=surgeon, is_present=is_present, by=coordinator)
        assert shown() == (unmarked - 1, 1, 0)

    def test_once_one_is_marked_the_others_are_not_marked_and_nobody_is_said_to_be_away(
        self, client, item, surgeon, radiologist, oncologist, pathologist, hepatobiliary, coordinator
    ):
        def bar() -> str:
            text = client.get(reverse("room", args=[item.meeting.reference, item.case.reference])).text
            return re.sub(r"\s+", " ", text.partition('id="presence"')[2].partition('id="quorum-why"')[0])

        def mark(person, is_present):
            actions.mark_attendance(meeting=item.meeting, person=person, is_present=is_present, by=coordinator)

        client.force_login(coordinator)
        mark(surgeon, True)
        said = bar()
        for name in ("Radiology", "Oncology", "Pathology", "Hepatobiliary surgery", "Chair"):
            assert f"{name}: not marked" in said
            assert f"{name} away" not in said
        mark(radiologist, False)
        mark(oncologist, True)
        mark(oncologist, False)
        said = bar()
        assert "Radiology away" in said, "somebody said so"
        assert "Oncology left" in said
        assert "Radiology left" not in said, "who never came did not leave"
        assert "Pathology: not marked" in said

    def test_of_two_of_a_discipline_the_one_whom_nobody_marked_may_be_there(
        self, client, team, item, surgeon, radiologist, coordinator
    ):
        make_user("second-radiologist", discipline="radiology", team=team, name="Song Jia")
        actions.mark_attendance(meeting=item.meeting, person=radiologist, is_present=False, by=coordinator)
        client.force_login(coordinator)
        text = client.get(reverse("room", args=[item.meeting.reference, item.case.reference])).text
        assert "Radiology away" not in re.sub(r"\s+", " ", text)

    def test_where_no_chair_was_chosen_nobody_is_called_chair_who_only_may(self, client, meeting, chair, coordinator):
        client.force_login(coordinator)
        assert '<span class="tag">chair</span>' in client.get(meeting.get_absolute_url()).content.decode()
        actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, chair=None)
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert '<span class="tag">chair</span>' not in page
        assert '<span class="tag">may chair</span>' in page

    def test_the_newest_mark_holds_and_a_repeated_one_is_not_written(self, meeting, surgeon, coordinator):
        for is_present in (True, True, False):
            actions.mark_attendance(meeting=meeting, person=surgeon, is_present=is_present, by=coordinator)
        assert AttendanceMark.objects.count() == 2
        seat = next(seat for seat in seats_of(meeting) if seat.person == surgeon)
        assert (seat.is_present, seat.has_left) == (False, True)

    def test_somebody_may_stand_in_for_another_discipline(self, meeting, surgeon, coordinator):
        actions.mark_attendance(
            meeting=meeting, person=surgeon, is_present=True, by=coordinator, discipline="radiology"
        )
        assert quorum_now(meeting, ["radiology", "surgery"]).missing == ["surgery"]

    def test_a_stranger_is_refused(self, client, meeting, outsider, coordinator):
        client.force_login(coordinator)
        answer = client.post(
            reverse("attendance-mark", args=[meeting.reference]), {"person": outsider.pk, "mark": "here"}, follow=True
        )
        assert "does not belong to this team" in answer.text
        assert not AttendanceMark.objects.exists()

    def test_a_person_without_discipline_is_a_guest_and_counts_for_nothing(self, meeting, auditor, coordinator):
        actions.mark_attendance(meeting=meeting, person=auditor, is_present=True, by=coordinator)
        assert quorum_now(meeting, NEEDED).missing == NEEDED

    def test_a_mark_stays_when_the_person_leaves_the_team(self, meeting, team, coordinator):
        locum = make_user("locum", discipline="radiology", team=team)
        actions.mark_attendance(meeting=meeting, person=locum, is_present=True, by=coordinator)
        locum.memberships.all().delete()
        assert quorum_now(meeting, ["radiology"]).is_quorate

    def test_from_the_room_it_answers_with_the_presence_only(self, client, item, surgeon, coordinator):
        client.force_login(coordinator)
        url = reverse("attendance-mark", args=[item.meeting.reference])
        entries = {"person": surgeon.pk, "mark": "here", "case": item.case.reference}
        answer = client.post(url, entries, headers={"HX-Request": "true"})
        assert 'id="presence"' in answer.text
        assert 'data-quorate="no"' in answer.text
        assert "<html" not in answer.text

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_it_leads_back_only_into_the_system(self, client, meeting, surgeon, coordinator, wanted):
        client.force_login(coordinator)
        assert self.post(client, meeting, surgeon, "here", next=wanted).url == meeting.get_absolute_url()

    @pytest.mark.parametrize("person", ["", "x", "9" * 30])
    def test_a_broken_person_is_not_found(self, client, meeting, coordinator, person):
        client.force_login(coordinator)
        url = reverse("attendance-mark", args=[meeting.reference])
        assert client.post(url, {"person": person, "mark": "here"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("on_the_day")
class TestAllWhoSaidTheyCome:
    """One click for those who answered that they come, and for nobody else."""

    @pytest.fixture
    def on_the_day(self, request, meeting):
        if "item" in request.fixturenames:
            request.getfixturevalue("item")  # listed in good time
        self.move(meeting, timezone.now() + timedelta(seconds=5))

    def move(self, meeting, starts_at):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, cut_off_at=starts_at - timedelta(days=2))
        meeting.refresh_from_db()

    @pytest.fixture
    def replies(self, meeting, surgeon, radiologist, oncologist, pathologist):
        for person, answer in ((surgeon, "comes"), (radiologist, "video"), (oncologist, "cannot")):
            Reply.objects.create(meeting=meeting, person=person, answer=answer, replied_by=person)
        return meeting

    def post(self, client, meeting, **headers):
        return client.post(reverse("attendance-mark", args=[meeting.reference]), {"mark": "replies"}, headers=headers)

    def test_they_are_here_as_they_said_with_one_line_of_the_log_each(
        self, client, replies, surgeon, radiologist, coordinator
    ):
        client.force_login(coordinator)
        assert "All 2 who said that they come are here" in client.get(replies.get_absolute_url()).text
        self.post(client, replies)
        marks = {mark.person: mark.is_remote for mark in AttendanceMark.objects.all()}
        assert marks == {surgeon: False, radiologist: True}
        assert all(mark.is_present for mark in AttendanceMark.objects.all())
        assert Event.objects.filter(kind=Kind.ATTENDANCE_MARKED).count() == 2
        self.post(client, replies)
        assert AttendanceMark.objects.count() == 2, "a second click writes nothing"
        assert "who said that they come" not in client.get(replies.get_absolute_url()).text

    def test_who_was_marked_before_keeps_that_mark(self, replies, surgeon, coordinator):
        actions.mark_attendance(meeting=replies, person=surgeon, is_present=False, by=coordinator)
        assert surgeon not in {mark.person for mark in actions.mark_those_who_come(meeting=replies, by=coordinator)}
        assert not next(seat for seat in seats_of(replies) if seat.person == surgeon).is_present

    def test_who_left_the_team_is_passed_over(self, replies, surgeon, radiologist, coordinator):
        surgeon.memberships.all().delete()
        assert [mark.person for mark in actions.mark_those_who_come(meeting=replies, by=coordinator)] == [radiologist]

    def test_a_deputy_who_comes_takes_the_place_of_who_does_not(self, meeting, team, oncologist, coordinator):
        locum = make_user("locum", discipline="surgery", team=team)
        Reply.objects.create(meeting=meeting, person=oncologist, answer="deputy", deputy=locum, replied_by=oncologist)
        assert actions.mark_those_who_come(meeting=meeting, by=coordinator) == [], "the locum has not answered"
        Reply.objects.create(meeting=meeting, person=locum, answer="comes", replied_by=locum)
        [mark] = actions.mark_those_who_come(meeting=meeting, by=coordinator)
        assert mark.person == locum
        assert (mark.stands_in_for, mark.discipline) == (oncologist, "oncology")
        assert quorum_now(meeting, ["surgery", "oncology"]).missing == ["surgery"]

    def test_a_deputy_takes_no_place_of_a_member_who_is_here_after_all(self, meeting, team, oncologist, coordinator):
        locum = make_user("locum", discipline="surgery", team=team)
        Reply.objects.create(meeting=meeting, person=oncologist, answer="deputy", deputy=locum, replied_by=oncologist)
        Reply.objects.create(meeting=meeting, person=locum, answer="comes", replied_by=locum)
        actions.mark_attendance(meeting=meeting, person=oncologist, is_present=True, by=coordinator)
        [mark] = actions.mark_those_who_come(meeting=meeting, by=coordinator)
        assert (mark.person, mark.stands_in_for, mark.discipline) == (locum, None, "surgery")

    def test_a_core_member_speaks_for_the_discipline_for_which_the_series_asks_them(
        self, meeting, team, surgeon, coordinator
    ):
        series = Series.objects.create(
            team=team,
            number=1,
            name="Tuesday board",
            rule="FREQ=WEEKLY;BYDAY=TU",
            starts_on=timezone.localdate(),
            begins_at=time(14, 0),
            cut_off_time=time(12, 0),
            created_by=coordinator,
        )
        Meeting.objects.filter(pk=meeting.pk).update(series=series)
        CoreMember.objects.create(series=series, person=surgeon, discipline="hepatobiliary", added_by=coordinator)
        Reply.objects.create(meeting=meeting, person=surgeon, answer="comes", replied_by=surgeon)
        [mark] = actions.mark_those_who_come(meeting=meeting, by=coordinator)
        assert (mark.person, mark.discipline) == (surgeon, "hepatobiliary")

    def test_meeting_team_and_marks_are_read_once_for_any_number_of_people(self, replies, team, coordinator):
        def reads() -> list[int]:
            with CaptureQueriesContext(connection) as queries:
                marked = actions.mark_those_who_come(meeting=replies, by=coordinator)
            assert len(marked) >= 2
            asked = [each["sql"] for each in queries if each["sql"].startswith("SELECT")]
            tables = ('FROM "meetings_meeting"', 'FROM "people_membership"')
            return [sum(table in sql for sql in asked) for table in tables]

        few = reads()
        for number in range(5):
            person = make_user(f"late-{number}", discipline="surgery", team=team)
            Reply.objects.create(meeting=replies, person=person, answer="comes", replied_by=person)
        assert reads() == few

    def test_before_the_day_nobody_is_here_at_one_click(self, client, replies, surgeon, coordinator):
        self.move(replies, timezone.now() + timedelta(days=3))
        client.force_login(coordinator)
        assert 'id="all-here"' not in client.get(replies.get_absolute_url()).text
        answer = client.post(reverse("attendance-mark", args=[replies.reference]), {"mark": "replies"}, follow=True)
        assert "The day of this meeting has not come" in answer.text
        assert not AttendanceMark.objects.exists()

    def test_a_meeting_that_is_held_before_its_day_may_be_marked_at_one_click(
        self, replies, surgeon, pathologist, coordinator
    ):
        self.move(replies, timezone.now() + timedelta(days=3))
        actions.mark_attendance(meeting=replies, person=pathologist, is_present=True, by=coordinator)
        assert len(actions.mark_those_who_come(meeting=replies, by=coordinator)) == 2

    def test_one_click_takes_back_what_that_click_wrote_and_nothing_else(
        self, client, replies, pathologist, chair, coordinator
    ):
        actions.mark_attendance(meeting=replies, person=pathologist, is_present=True, by=coordinator)
        client.force_login(coordinator)
        assert 'id="all-back"' not in client.get(replies.get_absolute_url()).text
        assert 'id="all-back"' in self.post(client, replies, **{"HX-Request": "true"}).text
        client.force_login(chair)
        assert 'id="all-back"' not in client.get(replies.get_absolute_url()).text, "somebody else's click"
        client.force_login(coordinator)
        assert "Take back these 2 marks" in client.get(replies.get_absolute_url()).text
        client.post(reverse("attendance-mark", args=[replies.reference]), {"mark": "replies-undo"})
        assert {seat.person for seat in seats_of(replies) if seat.is_present} == {pathologist}
        assert Event.objects.filter(kind=Kind.ATTENDANCE_TAKEN_BACK).count() == 2
        page = client.get(replies.get_absolute_url()).text
        assert 'id="all-back"' not in page
        assert "All 2 who said that they come are here" in page

    def test_a_member_may_not(self, client, replies, surgeon):
        client.force_login(surgeon)
        assert self.post(client, replies).status_code in (403, 404)
        assert not AttendanceMark.objects.exists()

    def test_the_answer_is_the_part_and_the_agenda_not_the_page(self, client, item, coordinator):
        client.force_login(coordinator)
        answer = self.post(client, item.meeting, **{"HX-Request": "true"})
        assert answer.text.strip().startswith("<section")
        assert 'id="agenda"' in answer.text
        assert 'hx-swap-oob="true"' in answer.text
        assert "<html" not in answer.text

    def test_in_the_room_too(self, client, item, replies, coordinator, surgeon):
        page = reverse("room", args=[item.meeting.reference, item.case.reference])
        said = "All 2 who said that they come are here"
        client.force_login(surgeon)
        assert said not in client.get(page).text, "they may mark only themselves"
        client.force_login(coordinator)
        assert said in client.get(page).text
        url, entries = reverse("attendance-mark", args=[item.meeting.reference]), {"mark": "replies"}
        part = client.post(url, {**entries, "case": item.case.reference}, headers={"HX-Request": "true"}).text
        assert 'id="presence"' in part
        assert said not in part
        assert AttendanceMark.objects.count() == 2

    def test_nobody_is_said_to_be_away_before_somebody_said_so(self, client, replies, pathologist, coordinator):
        client.force_login(coordinator)
        page = client.get(replies.get_absolute_url()).text
        assert re.search(r'name="mark" value="away"\s+aria-pressed="true"', page) is None
        for words in ("said: comes", "said: by video", "said: cannot come", "has not answered"):
            assert words in page, words
        actions.mark_attendance(meeting=replies, person=pathologist, is_present=False, by=coordinator)
        assert re.search(r'value="away"\s+aria-pressed="true"', client.get(replies.get_absolute_url()).text)

    def test_on_the_day_attendance_stands_above_the_agenda(self, client, team, coordinator, chair):
        later, today = plan(team, coordinator), plan(team, coordinator, starts_at=timezone.now() + timedelta(seconds=5))
        client.force_login(coordinator)
        first = [client.get(meeting.get_absolute_url()).text for meeting in (later, today)]
        assert [page.index('id="attendance"') < page.index('id="agenda"') for page in first] == [False, True]


@pytest.mark.django_db
class TestOffices:
    """Auditor, administrator, privacy officer: they hold an office in the team, and no seat in its meetings."""

    @pytest.fixture
    def offices(self, team, auditor, admin):
        return {auditor, admin, make_user("officer", team=team, roles=(Role.PRIVACY,))}

    def test_they_have_no_seat_until_they_come(self, meeting, offices, auditor, coordinator):
        assert not offices & {seat.person for seat in seats_of(meeting)}
        actions.mark_attendance(meeting=meeting, person=auditor, is_present=True, by=coordinator)
        assert {auditor} == offices & {seat.person for seat in seats_of(meeting)}

    def test_who_is_also_a_member_has_one(self, meeting, team):
        both = make_user("both", team=team, roles=(Role.AUDITOR, Role.MEMBER))
        nurse = make_user("nurse-of-care", team=team, roles=(Role.SUPPORTIVE,))
        assert {both, nurse} <= {seat.person for seat in seats_of(meeting)}

    def test_who_answered_an_invitation_has_one(self, meeting, offices, auditor):
        Reply.objects.create(meeting=meeting, person=auditor, answer=Reply.Answer.COMES, replied_by=auditor)
        assert {auditor} == offices & {seat.person for seat in seats_of(meeting)}

    def test_one_who_comes_is_marked_on_the_page(self, meeting, offices, auditor, coordinator, client):
        client.force_login(coordinator)
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert "Somebody else of the team came" in page
        form = {"person": auditor.pk, "mark": "here"}
        client.post(reverse("attendance-mark", args=[meeting.reference]), form)
        assert next(seat for seat in seats_of(meeting) if seat.person == auditor).is_present


@pytest.mark.django_db
def test_until_somebody_is_present_the_agenda_tells_the_quorum_of_those_expected(
    client, team, item, surgeon, radiologist, oncologist, pathologist, coordinator
):
    for discipline in ("hepatobiliary", "interventional"):  # the second is asked for because of an option
        make_user(f"one-{discipline}", discipline=discipline, team=team)

    def shown():
        client.force_login(coordinator)
        page = client.get(item.meeting.get_absolute_url())
        return page.context["rows"][0].quorum.missing, page.text

    missing, text = shown()
    assert missing == []
    assert "Quorum expected" in text
    assert "expected complete" not in text, "silence is no answer"
    assert "nobody has declined" in text
    assert re.search("no answer yet: [^<]*Oncology[^<]*Radiology", text)
    for person in User.objects.filter(memberships__team=team).exclude(discipline__in=("", "oncology")):
        Reply.objects.create(meeting=item.meeting, person=person, answer="comes", replied_by=person)
    assert re.search(r"no answer yet: Oncology\s*<", shown()[1])
    Reply.objects.create(meeting=item.meeting, person=oncologist, answer="video", replied_by=oncologist)
    missing, text = shown()
    assert "expected complete" in text
    assert "no answer yet" not in text
    Reply.objects.create(meeting=item.meeting, person=oncologist, answer="cannot", replied_by=oncologist)
    missing, text = shown()
    assert missing == ["oncology"]
    assert "lacks: Oncology" in text
    assert "not marked as present:" not in text
    actions.mark_attendance(meeting=item.meeting, person=surgeon, is_present=True, by=coordinator)
    missing, text = shown()
    assert missing == ["hepatobiliary", "oncology", "radiology", "pathology", "interventional"]
    assert "Quorum now" in text
    assert "not marked as present: Hepatobiliary surgery" in text
