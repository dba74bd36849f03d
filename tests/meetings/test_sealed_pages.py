"""While opinions are open, no page of the meeting says what the rules propose: the server does not send it."""

import re

import pytest
from django.urls import reverse

from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.calendar.coming import coming_to
from mdt.meetings.models import AgendaItem, Opinion
from mdt.meetings.room.page import PARTS
from tests.builders import complete_case, make_case, make_finding
from tests.meetings.builders import desk_entries, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(team, coordinator, chair):
    return plan(team, coordinator, chair=chair, opinions_first=True)


def room(item, **query) -> str:
    return reverse("room", args=[item.meeting.reference, item.case.reference], query=query or None)


def url(name, item) -> str:
    return reverse(name, args=[item.meeting.reference, item.case.reference])


def told(text: str, item) -> list[str]:
    """What of the proposal stands in a page: the answer of a scheme, an option, an argument, a verdict."""
    proposal = item.case.latest_proposal
    answer = proposal.outcome["en"]
    secrets = [option["label"] for option in answer["options"]]
    secrets += [argument["text"] for option in answer["options"] for argument in option["for"] + option["against"]]
    secrets += [system["label"] for name, system in answer["systems"].items() if name != proposal.system]
    secrets += ["Provisionally", "as proposed", "data-proposed", "data-possible", "typemark", "edition", "resectable"]
    return [secret for secret in secrets if secret in text]


def sealed_addresses(item) -> list[str]:
    meeting, case = item.meeting, item.case
    steps = [room(item, step=step) for step in ("", "opinions", "proposal", "decide", "sign")]
    return [
        *steps,
        url("room-opinions", item),
        url("desk-news", item),
        url("room-pulse", item),
        *(reverse("room-part", args=[meeting.reference, case.reference, part]) for part in PARTS),
        reverse("meeting", args=[meeting.reference]),
        reverse("queue") + f"?search={case.reference}",
        reverse("meeting-next"),
    ]


@pytest.mark.parametrize("who", ["radiologist", "chair", "coordinator", "auditor"])
def test_no_page_of_the_meeting_tells_the_proposal_also_to_who_has_committed(client, item, request, who):
    person = request.getfixturevalue(who)
    client.force_login(person)
    if person.discipline in ("radiology", "surgery"):
        actions.commit_opinion(item=item, by=person, category="III")
    for address in sealed_addresses(item):
        for headers in ({}, {"HX-Request": "true"}):
            text = client.get(address, headers=headers).text
            assert told(text, item) == [], address
            assert not re.search(r"Type I\s*<", text), address
            assert "I, II" not in text, address


def test_who_will_be_missing_does_not_hint_at_the_options_of_a_sealed_case(
    item, meeting, team, coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist
):
    """The proposal of one case opens an ablation, that of the other opens nothing: the list says the same of both."""
    bare = make_case(team=team, by=coordinator)
    other = plan(team, coordinator, chair=chair, opinions_first=True)
    actions.list_case(meeting=other, case=bare, by=coordinator, late_reason="Wanted now")

    def missing(at):
        return [(gap.discipline, len(gap.cases), len(gap.perhaps)) for gap in coming_to([at])[at.pk].missing]

    assert missing(meeting) == missing(other) == [("interventional", 0, 1)]
    actions.reveal_opinions(item=item, by=chair)
    assert missing(meeting) == [("interventional", 1, 0)]
    assert missing(other) == [("interventional", 0, 1)]


def test_the_queue_by_category_does_not_find_a_sealed_case(client, item, chair):
    client.force_login(chair)
    possible = item.case.types_possible.split()
    address = reverse("queue", query={"category": possible[0]})
    assert item.case.reference not in client.get(address).text
    actions.reveal_opinions(item=item, by=chair)
    assert item.case.reference in client.get(address).text


COVERED = (
    "case",
    "case-history",
    "case-findings",
    "case-decisions",
    "case-follow-up",
    "psychosocial",
    "finding-record",
)
COVERED = (*COVERED, "finding", "finding-correct")


@pytest.mark.parametrize("name", COVERED)
def test_the_pages_of_the_case_tell_no_more_than_the_queue_until_they_are_asked(client, item, radiologist, name):
    client.force_login(radiologist)
    finding = item.case.findings.get(discipline="radiology")
    more = {"finding-record": ["radiology"], "finding": [finding.pk], "finding-correct": [finding.pk]}
    address = reverse(name, args=[item.case.reference, *more.get(name, ())])
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.text
    # words of the questions of a form stand on that of a case of which nothing is known, too
    bare = reverse("finding-record", args=[make_case(team=item.case.team).reference, "radiology"])
    asked = told(client.get(bare).text, item) if name in ("finding-record", "finding-correct") else []
    assert [words for words in told(text, item) if words not in asked] == []
    assert not re.search(r"Type I\s*<", text)
    assert reverse("proposal", args=[item.case.reference, 1]) not in text
    actions.commit_opinion(item=item, by=radiologist, category="III")
    assert not Opinion.objects.get().had_seen_proposal


def test_who_asks_for_the_proposal_reads_it_and_is_marked_as_having_seen_it(client, item, radiologist, chair):
    client.force_login(radiologist)
    address = item.case.get_absolute_url()
    assert f'href="{address}?proposal=shown"' in client.get(address).text
    assert len(told(client.get(f"{address}?proposal=shown").text, item)) > 5
    actions.commit_opinion(item=item, by=radiologist, category="III")
    assert Opinion.objects.get().had_seen_proposal
    actions.reveal_opinions(item=item, by=chair)
    assert len(told(client.get(address).text, item)) > 5


def test_the_page_says_whom_a_sealed_case_may_ask_for(client, item, meeting, coordinator):
    client.force_login(coordinator)
    page = client.get(meeting.get_absolute_url()).text
    assert "<b>Interventional radiology</b> will be missing. 1 sealed case may ask for it once its proposal is" in page


def test_the_same_pages_tell_it_once_the_table_is_open(client, item, chair):
    """The test above looks for what is really there."""
    actions.reveal_opinions(item=item, by=chair)
    client.force_login(chair)
    assert len(told(client.get(room(item, step="decide")).text, item)) > 5


def test_an_answer_to_a_refused_or_forged_post_is_sealed_too(client, item, proposal, chair, oncologist, full_room):
    client.force_login(chair)
    posts = [
        ("decision-record", desk_entries(proposal, oncologist)),
        ("decision-record", {}),
        ("opinion-commit", {}),
        ("desk-draft", desk_entries(proposal, oncologist)),
        ("decision-sign", {"password": "x"}),
        ("dissent-record", {"dissent-reason": "x"}),
    ]
    for name, entries in posts:
        answer = client.post(url(name, item), entries, follow=True)
        assert told(answer.text, item) == [], name
    assert not item.decisions.exists()


def test_what_others_think_is_sealed_as_well_but_not_that_they_have_committed(client, item, oncologist, radiologist):
    actions.commit_opinion(item=item, by=oncologist, category="III", text="Peritoneal seeding suspected")
    client.force_login(radiologist)
    text = client.get(room(item)).text
    assert "Peritoneal seeding suspected" not in text
    assert re.search(r"Oncology</b></p>\s*<span[^>]*>\s*<i[^>]*></i>\s*Committed", text)
    assert re.search(r"Radiology</b></p>\s*<span[^>]*>\s*<i[^>]*></i>\s*Waiting", text)


def test_the_event_log_tells_no_category_of_an_opinion(client, item, oncologist, auditor):
    client.force_login(auditor)
    address = reverse("case-events", args=[item.case.reference])
    before = client.get(address).text.count("III")
    actions.commit_opinion(item=item, by=oncologist, category="III")
    text = client.get(address).text
    assert "committed an opinion" in text
    assert text.count("III") == before


def test_a_member_commits_from_the_room_and_the_sealed_room_is_no_page_with_the_proposal(client, item, radiologist):
    client.force_login(radiologist)
    client.get(room(item))
    answer = client.post(
        url("opinion-commit", item), {"own-category": "II", "own-text": "One vein", "own-confidence": "sure"}
    )
    assert answer.status_code == 302, answer.text
    opinion = Opinion.objects.get()
    assert (opinion.category, opinion.text, opinion.confidence) == ("II", "One vein", "sure")
    assert not opinion.had_seen_proposal
    assert Event.objects.filter(data__page=f"sealed meeting {item.meeting.reference}").exists()


def test_a_wrong_opinion_is_answered_beside_its_field_with_what_was_typed(client, item, radiologist):
    client.force_login(radiologist)
    answer = client.post(url("opinion-commit", item), {"own-text": "Typed and kept"})
    assert answer.status_code == 422
    assert "Choose a type, or say that you cannot" in answer.text
    assert "Typed and kept" in answer.text
    assert not Opinion.objects.exists()


def test_an_auditor_gives_no_opinion_and_a_member_opens_no_table(client, item, auditor, surgeon, outsider):
    client.force_login(auditor)
    assert client.post(url("opinion-commit", item), {"own-category": "II"}).status_code == 403
    client.force_login(surgeon)
    assert client.post(url("opinions-reveal", item)).status_code == 403
    client.force_login(outsider)
    assert client.post(url("opinion-commit", item), {"own-category": "II"}).status_code == 404


def test_the_chair_opens_the_table_and_the_agreement_is_shown_by_discipline(
    client, item, chair, oncologist, radiologist, pathologist
):
    for person, category in ((chair, "II"), (radiologist, "II"), (oncologist, "III"), (pathologist, "")):
        actions.commit_opinion(item=item, by=person, category=category)
    client.force_login(chair)
    sealed = client.get(url("room-opinions", item) + "?sealed")
    assert "HX-Trigger" not in sealed.headers
    client.post(url("opinions-reveal", item))
    text = client.get(room(item, step="opinions")).text
    assert "2 of 4 agree" in text
    assert re.search(r"Oncology\s+<b>III</b>", text)
    assert re.search(r"Pathology\s+<b>cannot say</b>", text)
    assert client.get(url("room-opinions", item) + "?sealed").headers["HX-Trigger"] == "table-opened"


def test_another_case_of_the_same_meeting_stays_sealed(client, item, meeting, team, coordinator, chair):
    other = complete_case(make_case(team=team, by=coordinator), coordinator)
    second = actions.list_case(meeting=meeting, case=other, by=coordinator)
    actions.reveal_opinions(item=item, by=chair)
    client.force_login(chair)
    assert told(client.get(room(second)).text, second) == []
    assert AgendaItem.objects.get(pk=second.pk).is_sealed


def test_the_case_itself_stays_readable(client, item, radiologist):
    client.force_login(radiologist)
    text = client.get(reverse("case", args=[item.case.reference])).text
    assert all(f'id="{part}"' in text for part in ("liver", "findings", "readiness", "proposal"))
    for part in ("because", "systems", "matters", "options"):
        assert f'id="{part}"' not in text
    shown = client.get(reverse("case-explanation", args=[item.case.reference])).text
    assert len(told(shown, item)) > 1


def test_a_covered_case_whose_readings_differ_leads_to_correcting_them_too(client, item, coordinator, radiologist):
    said = make_finding(item.case, radiologist, {"peritoneum": "P1"}, discipline="surgery")
    item.case.refresh_from_db()
    assert (item.case.is_disputed, item.case.is_sealed) == (True, True)
    client.force_login(coordinator)
    page = client.get(item.case.get_absolute_url()).text
    assert "Show the proposal all the same" in page
    assert f'href="{reverse("finding-correct", args=[item.case.reference, said.pk])}"' in page


@pytest.mark.parametrize(
    "name", ["case", "case-findings", "case-history", "case-decisions", "case-follow-up", "psychosocial"]
)
def test_the_paper_that_prints_the_proposal_is_a_click_away_only_where_the_proposal_is_shown(client, item, chair, name):
    client.force_login(chair)
    address, paper = (reverse(each, args=[item.case.reference]) for each in (name, "case-one-page"))
    assert paper not in client.get(address).text
    shown = client.get(f"{address}?proposal=shown").text
    assert (paper in shown) is (name in ("case", "case-history"))
    actions.reveal_opinions(item=item, by=chair)
    assert paper in client.get(address).text


def test_the_form_of_a_sealed_case_does_not_say_what_can_still_move_the_type(client, item, oncologist, chair):
    client.force_login(oncologist)
    address = reverse("finding-record", args=[item.case.reference, "oncology"])
    assert "cannot change the type" not in client.get(address).text
    actions.reveal_opinions(item=item, by=chair)
    assert "cannot change the type" in client.get(address).text


@pytest.mark.parametrize("name", ["case-events", "events"])
def test_the_log_tells_what_was_proposed_only_once_the_table_is_open(client, item, chair, auditor, name):
    client.force_login(auditor)
    address = reverse(name, args=[item.case.reference] if name == "case-events" else [])
    page = client.get(address).text
    assert "proposal" in page.lower()
    for words in (", possible:", "Possible types", "Provisional types", "<dt>possible", "provisional"):
        assert words not in page
    actions.reveal_opinions(item=item, by=chair)
    assert ", possible: I" in client.get(address).text


def test_a_covered_page_says_where_readings_differ_and_not_what_that_does_to_the_type(client, item, chair, radiologist):
    make_finding(item.case, radiologist, {"peritoneum": "P1"}, discipline="surgery")
    client.force_login(chair)
    address = item.case.get_absolute_url()
    effects = [entry["effect"] for entry in client.get(f"{address}?proposal=shown").context["contradictions"]]
    assert all(effects), effects
    covered = client.get(address)
    assert len(covered.context["contradictions"]) == len(effects)
    assert not [effect for effect in effects if effect in covered.text]
