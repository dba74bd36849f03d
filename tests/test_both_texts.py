"""Two people have the same form open, both save: the second sees both texts, nothing is lost, and says what stands.

One test walks every form that edits what is stored. A form belongs here as soon as its page holds what is stored.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions as case_actions
from cases.models import Case, PsychosocialNote
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.models import ConditionStep, Meeting, PatientPage, Series
from mdt.people.models import Membership, User
from tests.events.tampering import undone
from tests.page_forms import form_on
from tests.test_urls import world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Edit:
    """One form: its page, what the first person saves and the second, and how what is stored is read.

    `first` and `second` change the same field; `joined` is what stands after "both", "" where there is no both.
    """

    page: str
    name: str
    first: str
    second: str
    stored: object
    joined: str = ""
    action: str = ""
    more: dict = field(default_factory=dict)
    first_words: str = ""
    second_words: str = ""


def edits(world):  # noqa: F811
    case, meeting, series, entry = (world[name] for name in ("case", "meeting", "series", "entry"))
    decision = world["step"].decision
    tomorrow = timezone.localdate() + timedelta(days=1)
    person = reverse("person", args=["gc", "surgeon"])
    surgeon = User.objects.get(username="surgeon")
    texts = {"decided": "An operation.", "next": "A talk.", "ask": "Your doctor"}
    return {
        "referral-change": Edit(
            reverse("referral-change", args=[case.reference]), "summary", "Ascites since May.", "No ascites.",
            lambda: Case.objects.get(pk=case.pk).summary, "Ascites since May.\nNo ascites.",
        ),
        "patient-correct": Edit(
            reverse("patient-correct", args=[case.reference]), "name", "Gao Jianguo", "Gao Jianguang",
            lambda: type(case.patient).objects.get(pk=case.patient_id).name, more={"reason": "Misheard"},
        ),
        "meeting-change": Edit(
            reverse("meeting-change", args=[meeting.reference]), "place", "Room 7", "Room 8",
            lambda: Meeting.objects.get(pk=meeting.pk).place,
        ),
        "series-change": Edit(
            reverse("series-change", args=[series.reference]), "name", "Tuesdays", "The big board",
            lambda: Series.objects.get(pk=series.pk).name, more={"do": "save"},
        ),
        "team-calendar": Edit(
            reverse("team-calendar", args=["gc"]), "time_zone", "Europe/Berlin", "Asia/Tokyo",
            lambda: type(world["team"]).objects.get(pk=world["team"].pk).time_zone,
        ),
        "person-change": Edit(
            person, "name", "Shen Yi", "Shen Y.", lambda: User.objects.get(pk=surgeon.pk).name,
            action=reverse("person-change", args=["gc", "surgeon"]),
        ),
        "roles-change": Edit(
            person, "roles", "chair", "coordinator",
            lambda: "\n".join(sorted(Membership.objects.filter(user=surgeon).values_list("role", flat=True))),
            "chair\ncoordinator", action=reverse("roles-change", args=["gc", "surgeon"]),
            first_words="Chair: what a coordinator may", second_words="Coordinator: what a member may",
        ),
        "account": Edit(
            reverse("account"), "title", "Prof", "PD", lambda: User.objects.get(username="everybody").title,
        ),
        "follow-up-correct": Edit(
            reverse("follow-up-correct", args=[case.reference, entry.pk]), "text", "Seen at the clinic", "By telephone",
            lambda: FollowUpEvent.objects.standing().get().text, more={"reason": "Was left out"},
        ),
        "psychosocial-write": Edit(
            reverse("psychosocial", args=[case.reference]), "text", "Lives alone.", "Lives with a son.",
            lambda: PsychosocialNote.objects.filter(superseded_by=None).get().text,
            "Lives alone.\nLives with a son.", action=reverse("psychosocial-write", args=[case.reference]),
        ),
        "patient-page": Edit(
            reverse("patient-page", args=[meeting.reference, case.reference, 1]) + "?language=en",
            "decided", "We plan an operation.", "You will have an operation.",
            lambda: PatientPage.objects.filter(decision=decision, language="en").order_by("-number").first().decided,
            "We plan an operation.\nYou will have an operation.", more={"release": "1"} | texts,
        ),
        "condition-postpone": Edit(
            reverse("condition-postpone", args=[case.reference, world["condition"].pk]), "reason",
            "The scan is late", "The patient is away",
            lambda: ConditionStep.objects.exclude(kind="due").order_by("-pk").first().reason,
            "The scan is late\nThe patient is away", more={"next_on": tomorrow.isoformat()},
        ),
    }  # fmt: skip


NAMES = [
    *(
        "referral-change",
        "patient-correct",
        "meeting-change",
        "series-change",
        "team-calendar",
        "person-change",
        "roles-change",
    ),
    *("account", "follow-up-correct", "psychosocial-write", "patient-page", "condition-postpone"),
]


def opened(client, edit) -> dict:
    """The form as the page shows it now; of a page with several, the one that holds the field."""
    path = edit.page.partition("?")[0]
    return form_on(client.get(edit.page).text, edit.action or "", edit.action or path, having=edit.name)


@pytest.mark.parametrize("name", NAMES)
def test_the_second_sees_both_texts_and_says_what_stands(world, name):  # noqa: F811
    if name == "psychosocial-write":
        case_actions.write_note(case=world["case"], by=world["everybody"], text="Anxious.")
    edit = edits(world)[name]
    for taken in ("mine", "theirs", *(["both"] if edit.joined else [])):
        with undone():
            says_what_stands(world["everybody"], edit, taken)


def says_what_stands(everybody, edit, taken):
    one, two = Client(), Client()
    for client in (one, two):
        client.force_login(everybody)
    ours, theirs = opened(one, edit), opened(two, edit)
    path = edit.action or edit.page.partition("?")[0]
    assert two.post(path, theirs | edit.more | {edit.name: edit.first}).status_code == 302
    assert edit.stored() == edit.first
    typed = ours | edit.more | {edit.name: edit.second}
    late = one.post(path, typed)
    assert late.status_code == 409, late.text
    assert edit.stored() == edit.first, "nothing is stored over it"
    section = late.text.partition('id="conflict"')[2].partition("</section>")[0]
    assert (edit.first_words or edit.first) in section
    assert (edit.second_words or edit.second) in section
    assert (f'value="both" id="take_{edit.name}-both"' in section) == bool(edit.joined)
    assert edit.second in late.text.partition("</section>")[2], "what was typed stands in the form"

    again = form_on(late.text, "", path, having=edit.name)
    of_the_section = {"conflict_with": section.partition('name="conflict_with" value="')[2].partition('"')[0]}
    unanswered = one.post(path, again | edit.more | {edit.name: edit.second} | of_the_section)
    assert unanswered.status_code == 409
    assert "Say which of the two stands." in unanswered.text
    assert edit.stored() == edit.first

    answers = of_the_section | answered(section, taken)
    assert one.post(path, again | edit.more | {edit.name: edit.second} | answers).status_code == 302
    assert edit.stored() == {"mine": edit.second, "theirs": edit.first, "both": edit.joined}[taken]


def answered(section: str, taken: str) -> dict[str, str]:
    """Every part answered: both where it is offered, else mine."""
    parts = {each.partition('"')[0] for each in section.split('name="take_')[1:]}
    return {
        f"take_{part}": taken if taken != "both" or f'id="take_{part}-both"' in section else "mine" for part in parts
    }
