"""Every form of the main line sent twice, as by a double click, the back button or a replay: it counts once.

Each is taken from its page as the browser has it, sent, and sent once more exactly as it was. Whatever the second
answer says, no row of what the event log names may come of it, and no page may break.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.events import rows
from mdt.meetings import actions as meetings
from mdt.meetings.models import Decision, Meeting
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_user
from tests.cases.forms_helper import findings_data
from tests.meetings.builders import desk_entries, plan
from tests.page_forms import form_on

pytestmark = pytest.mark.django_db

DAY = timezone.timedelta(days=1)


def there() -> dict[str, set[tuple[str, str]]]:
    """Every row that the log names, with its digest."""
    return {label: set(rows.digests(label, rows.columns_of(model))) for label, model in rows.named_models().items()}


class Person:
    """A browser that sends everything twice, and keeps what went wrong."""

    def __init__(self, user):
        self.user, self.client, self.wrong = user, Client(), []
        self.client.force_login(user)

    def sends(self, what: str, path: str, entries: dict):
        """Send it, send it again, and answer the first answer."""
        first = self.client.post(path, entries)
        wrong = re.findall(r"(?:invalid-feedback|alert-danger|notice late)[^>]*>(.*?)</(?:p|div|ul)>", first.text, re.S)
        assert first.status_code in (200, 204, 302), (what, first.status_code, wrong)
        before = there()
        again = self.client.post(path, entries)
        if again.status_code >= 500:
            self.wrong.append(f"{what}: {again.status_code}")
        self.wrong += [f"{what}: {label} {sorted(found - before[label])}" for label, found in there().items()
                       if found - before[label]]  # fmt: skip
        return first

    def fills(self, what: str, page: str, action: str = "", *, having: str = "", **entries):
        """The same, with the form of a page as the browser shows it."""
        fields = form_on(self.client.get(page).text, *((action,) if action else ("", page)), having=having)
        return self.sends(what, action or page, fields | entries)


@pytest.fixture
def person(team):
    """Somebody who may do all of it."""
    user = make_user("everything", discipline="radiology", team=team, roles=(Role.CHAIR, Role.MEMBER))
    user.is_superuser = False
    return Person(user)


@pytest.fixture
def quorum(team):
    return [
        make_user(f"of-{name}", discipline=name, team=team, roles=(Role.MEMBER,))
        for name in ("surgery", "hepatobiliary", "oncology", "pathology", "interventional")
    ]


def test_from_the_referral_to_the_agenda(person, team):
    today = timezone.localdate()
    entries = {
        "team": team.pk, "pathway": "gclm", "hospital_number": "4471", "name": "Lin Meihua", "born_on": "1958-02-03",
        "sex": "female", "question": "Hepatectomy now?", "reason": "new", "referrer": "Dr Bai Lu", "urgency": "routine",
        "target_on": (today + 14 * DAY).isoformat(), "summary": "",
    }  # fmt: skip
    page = person.sends("refer", reverse("case-refer"), entries).url
    case = Case.objects.get()
    facts = {"liver_metastasis": "clinical", "liver_lobes": "left"}
    person.sends("finding", reverse("finding-record", args=[case.reference, "radiology"]),
                 findings_data(case, "radiology", facts, impression="Left lobe"))  # fmt: skip
    finding = case.findings.get()
    correct = reverse("finding-correct", args=[case.reference, finding.pk])
    person.fills("correction", correct, reason="Misread", impression="Left lobe only")
    person.fills("change of the referral", reverse("referral-change", args=[case.reference]), question="Resection now?")
    person.fills(
        "restaging", reverse("restaging-open", args=[case.reference]), on=today.isoformat(), reason="After FLOT"
    )
    begin = timezone.localtime(timezone.now() + 3 * DAY)
    minute = "%Y-%m-%dT%H:%M"
    person.fills("meeting", reverse("meeting-plan"), having="starts_at", place="Room 2",
                 starts_at=begin.strftime(minute), cut_off_at=(begin - DAY).strftime(minute))  # fmt: skip
    assert Meeting.objects.count() == 1
    meeting = Meeting.objects.get()
    listing = {"case": case.reference, "planned_minutes": 6, "late_reason": "Urgent"}
    person.sends("listing", reverse("case-list", args=[meeting.reference]), listing)
    person.sends("refer once more after the listing", reverse("case-refer"), entries)
    change = reverse("meeting-change", args=[meeting.reference])
    person.fills("change of the meeting", change, having="starts_at", place="Room 3",
                 starts_at=begin.strftime(minute), cut_off_at=(begin - DAY).strftime(minute))  # fmt: skip
    assert person.client.get(page).status_code == 200
    assert person.wrong == []


def test_from_the_meeting_to_what_became_of_it(person, quorum, team):
    user = person.user
    meeting = plan(team, user, chair=user, opinions_first=True)
    cases = [complete_case(make_case(team=team, by=user), user) for _ in range(2)]
    for each in cases:
        meetings.list_case(meeting=meeting, case=each, by=user)
    case, ref = cases[0], meeting.reference

    def room(name, *more):
        return reverse(name, args=[ref, case.reference, *more])

    mark = reverse("attendance-mark", args=[ref])
    for member in (*quorum, user):
        person.sends("attendance", mark, {"person": member.pk, "mark": "here", "case": case.reference})
    person.sends("table", reverse("table-move", args=[ref]), {"to": case.reference})
    person.sends("opinion", room("opinion-commit"), {"own-category": "I", "own-text": "Operable"})
    person.sends(
        "opening of opinions", room("opinions-reveal"), {"without_reason": "Only for this test", "reason": "x"}
    )
    entries = desk_entries(case.latest_proposal, user, quorum_reason="Only for this test")
    person.sends("decision", room("decision-record"), entries | {"conditions": "If fit"})
    assert Decision.objects.count() == 1
    person.fills(
        "dissent", room("room"), room("dissent-record"), **{"dissent-reason": "Too early", "dissent-person": user.pk}
    )
    person.fills("signature", room("room"), room("decision-sign"), password="correct-horse-battery")
    decision = Decision.objects.get()
    assert decision.is_signed
    report = reverse("implementation-report", args=[ref, case.reference, 1])
    person.fills("report on the decision", report, status="not_done", reason="patient_choice", text="Told by telephone")
    person.fills("amendment", room("decision-amend"), room("decision-amend"), amendment_reason="A slip of the pen")
    assert person.wrong == []
