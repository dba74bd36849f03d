"""What a test does to the worker's database, a process each: `python -m tests.services.steps owe …`."""

import contextlib
import json
import os
import sys
import time
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  (needs the set-up)
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402  (needs the set-up)
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from mdt.duties import actions  # noqa: E402
from mdt.duties.models import Duty  # noqa: E402
from mdt.mail.actions import post  # noqa: E402
from mdt.meetings import actions as meeting_actions  # noqa: E402
from mdt.meetings.actions.chasing import remind_discipline  # noqa: E402
from mdt.meetings.calendar import actions as calendar  # noqa: E402
from mdt.people.models import Membership, Role, User  # noqa: E402
from tests.builders import complete_case, make_case, make_finding, make_team, make_user  # noqa: E402
from tests.meetings.builders import content_for, desk_entries, plan  # noqa: E402
from tests.services import handlers  # noqa: E402, F401  (registers the kinds)


def owe(kind: str, number: str) -> None:
    actions.owe(kind=kind, subject=f"tests.Note:{number}")


def ten_minutes_pass() -> None:
    """Age what is claimed, and call the worker as beat does every 30 seconds."""
    Duty.objects.filter(state="claimed").update(claimed_at=timezone.now() - timedelta(minutes=10))
    actions.wake()


def owe_reminders(number: str) -> None:
    """A case that lacks everything, and so many radiologists who are to be reminded of it now, each by a duty."""
    team = make_team()
    coordinator = make_user("coordinator", discipline="coordination", team=team, roles=(Role.COORDINATOR,))
    people = [User(username=f"radiologist-{n}", name=f"㐱 {n} 🙂", discipline="radiology") for n in range(int(number))]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(Membership(team=team, user=person, role=Role.MEMBER) for person in people)
    case = make_case(team=team, by=coordinator, target_on=timezone.localdate() + timedelta(days=2))
    remind_discipline(case=case, discipline="radiology", now=timezone.now())
    Duty.objects.exclude(kind="send-digest").delete()
    Duty.objects.update(due_at=timezone.now())


@transaction.atomic
def a_case(name: str) -> None:
    """A referred case of a patient of this name, with a finding."""
    team = make_team()
    coordinator = User.objects.filter(username="coordinator").first() or make_user(
        "coordinator", discipline="coordination", team=team, roles=(Role.COORDINATOR,)
    )
    case = make_case(team=team, by=coordinator, name=name, hospital_number=name)
    make_finding(case, coordinator, {"peritoneum": "P0"}, discipline="radiology")


@transaction.atomic
def post_letters(number: str) -> None:
    """So many letters to outside addresses, each by e-mail."""
    for n in range(int(number)):
        post(
            key=f"letter:{n}",
            kind="letter",
            address=f"doctor-{n}@practice.example",
            name=f"㐱 {n} 🙂",
            subject=f"胃癌肝转移多学科会诊结果 {n}",
            body=f"Outcome {n}",
        )


def owe_messages(number: str) -> None:
    """As many reminders as letters, mixed."""
    owe_reminders(number)
    post_letters(number)
    by_kind = [Duty.objects.filter(kind=kind).order_by("pk") for kind in ("send-digest", "send-message")]
    began = timezone.now() - timedelta(hours=1)
    for place, pair in enumerate(zip(*by_kind, strict=True)):
        Duty.objects.filter(pk__in=[duty.pk for duty in pair]).update(due_at=began + timedelta(seconds=place))


def owe_condition() -> None:
    """A signed decision whose condition is due today; its duty is brought forward from the morning to now."""
    team = make_team()
    coordinator = make_user("coordinator", discipline="coordination", team=team, roles=(Role.COORDINATOR,))
    chair = make_user("chair", discipline="surgery", team=team, roles=(Role.CHAIR,))
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    item = meeting_actions.list_case(meeting=plan(team, coordinator, chair=chair), case=case, by=coordinator)
    proposal = case.latest_proposal
    condition = meeting_actions.Condition("Restage", "courses", timezone.localdate())
    content = content_for(proposal, chair, condition_rows=[condition], quorum_reason="Only for this test")
    decision = meeting_actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    meeting_actions.sign_decision(decision=decision, by=chair)
    Duty.objects.exclude(kind="review-condition").delete()
    subject = Duty.objects.get().subject
    actions.owe(kind="review-condition", subject=subject, due_at=timezone.now())


def owe_again(kind: str) -> None:
    """What is done already is owed once more, as after a restored backup."""
    duty = Duty.objects.filter(kind=kind).latest("pk")
    actions.owe(kind=kind, subject=duty.subject, due_at=timezone.now())


def go_back_one_migration(*rooms: str) -> None:
    """Take the newest migration of each room back, and then all forward again."""
    for room in rooms:
        numbers = sorted(path.stem for path in Path(settings.BASE_DIR).glob(f"mdt/{room}/migrations/0*.py"))
        call_command("migrate", room, numbers[-2] if len(numbers) > 1 else "zero", verbosity=0)
    call_command("migrate", verbosity=0)


@transaction.atomic
def a_board_at_night() -> None:
    """A board in Berlin that meets on Sundays at 02:30, with a member who is invited three days before, and a case that
    lacks everything, of which she is reminded now."""
    team = make_team(time_zone="Europe/Berlin")
    anna = make_user("anna", discipline="radiology", team=team, roles=(Role.COORDINATOR,), email="anna@board.example")
    series = calendar.start_series(
        team=team, by=anna, name="Night board", rule="FREQ=WEEKLY;BYDAY=SU", starts_on=timezone.localdate(),
        begins_at=clock_time(2, 30), cut_off_count=24, cut_off_unit="hours", cut_off_time=None, place="Room 2",
        weeks_ahead=2, invite_days_ahead=3,
    )  # fmt: skip
    calendar.add_core_member(series=series, by=anna, person=anna)
    case = make_case(team=team, by=anna, target_on=timezone.localdate() + timedelta(days=2))
    remind_discipline(case=case, discipline="radiology", now=timezone.now())
    Duty.objects.filter(kind="send-digest").update(due_at=timezone.now())


PEOPLE = ("anna", "bao", "chen")


@transaction.atomic
def a_world(target: str) -> None:
    """A team of people who may do everything, a meeting in progress with two cases for each, and what their browsers
    would send, as JSON."""
    team = make_team()
    makers = [make_user(name, discipline="radiology", team=team, roles=(Role.CHAIR,)) for name in PEOPLE]
    meeting = plan(team, makers[0], chair=makers[0])
    for discipline in ("surgery", "hepatobiliary", "oncology", "pathology", "interventional"):
        person = make_user(f"of-{discipline}", discipline=discipline, team=team, roles=(Role.CHAIR,))
        meeting_actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=makers[0])
    meeting_actions.mark_attendance(meeting=meeting, person=makers[0], is_present=True, by=makers[0])
    items = {}
    for maker in makers:
        for _place in range(2):
            case = complete_case(make_case(team=team, by=maker), maker)
            meeting_actions.list_case(meeting=meeting, case=case, by=maker)
            entries = desk_entries(case.latest_proposal, maker, quorum_reason="Only for this test")
            path = reverse("decision-record", args=[meeting.reference, case.reference])
            items.setdefault(maker.username, []).append({"path": path, "based_on": 0, "entries": entries})
    referral = {
        "team": team.pk, "pathway": "gclm", "born_on": "1958-02-03", "sex": "female", "question": "Resection now?",
        "reason": "new", "referrer": "Dr Bai Lu", "urgency": "routine", "summary": "",
        "target_on": (timezone.localdate() + timedelta(days=14)).isoformat(),
    }  # fmt: skip
    world = {"referral": referral, "items": items, "today": timezone.localdate().isoformat()}
    Path(target).write_text(json.dumps(world))


def write_on() -> None:
    """Owe duties and post letters, ten of each a second, and say after each commit that it is done."""
    start = os.environ["MDT_TRIAL"]
    for number in range(1_000_000):
        mark = f"{start}x{number}"
        with contextlib.suppress(DatabaseError):  # the database is being killed too: nothing is said, and it goes on
            with transaction.atomic():
                actions.owe(kind="test-note", subject=f"tests.Note:{mark}")
            print("done duty", mark, flush=True)
            with transaction.atomic():
                post(key=f"letter:{mark}", kind="letter", address="doctor@practice.example", subject=f"Outcome {mark}",
                     body="Outcome")  # fmt: skip
            print("done letter", mark, flush=True)
        connection.close_if_unusable_or_obsolete()
        time.sleep(0.1)


STEPS = (
    a_case, a_world, a_board_at_night, write_on, owe, ten_minutes_pass, owe_messages, owe_condition, owe_again,
    go_back_one_migration,
)  # fmt: skip
{step.__name__: step for step in STEPS}[sys.argv[1]](*sys.argv[2:])
