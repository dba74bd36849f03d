"""Each discipline commits its own category before the table sees the proposal."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions import Refused
from mdt.meetings.models import AgendaItem, Opinion, Reveal
from mdt.meetings.opinions import agreement_on, waiting_disciplines
from mdt.people.models import User
from tests.builders import make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(team, coordinator, chair):
    return plan(team, coordinator, chair=chair, opinions_first=True)


@pytest.fixture
def core(chair, hepatobiliary, oncologist, radiologist, pathologist):
    return {person.discipline: person for person in (chair, hepatobiliary, oncologist, radiologist, pathologist)}


def commit(item, person, category="II", **fields) -> Opinion:
    return actions.commit_opinion(item=item, by=person, category=category, **fields)


def test_a_new_meeting_does_as_its_team_has_it(team, coordinator):
    assert not plan(team, coordinator).opinions_first
    team.opinions_first = True
    team.save()
    assert plan(team, coordinator).opinions_first
    assert not plan(team, coordinator, opinions_first=False).opinions_first


def test_an_opinion_is_kept_with_who_when_and_why_and_its_line_tells_no_category(item, oncologist):
    opinion = commit(item, oncologist, text="Two lobes.", confidence="fairly")
    assert (opinion.person, opinion.discipline, opinion.category) == (oncologist, "oncology", "II")
    assert (opinion.text, opinion.confidence, opinion.is_after_reveal) == ("Two lobes.", "fairly", False)
    line = Event.objects.get(kind=Kind.OPINION_COMMITTED)
    assert (line.by, line.data["discipline"]) == (oncologist, "oncology")
    assert "category" not in line.data
    assert "Two lobes." not in str(line.data)


def test_who_stands_in_for_another_discipline_speaks_for_it(item, meeting, coordinator, team):
    deputy = make_user("deputy", discipline="nursing", team=team)
    actions.mark_attendance(meeting=meeting, person=deputy, is_present=True, by=coordinator, discipline="oncology")
    assert commit(item, deputy).discipline == "oncology"


def test_a_changed_mind_is_a_new_row_and_a_second_click_is_none(item, oncologist):
    commit(item, oncologist, "II")
    commit(item, oncologist, "II")
    commit(item, oncologist, "III")
    assert list(item.opinions.values_list("category", flat=True)) == ["II", "III"]
    assert agreement_on(item).stands[0].categories == ["III"]


def test_the_last_discipline_of_the_quorum_opens_the_table(item, core):
    *before, last = core.values()
    for person in before:
        commit(item, person)
    item = AgendaItem.objects.get()
    assert item.is_sealed
    assert item.case.is_sealed
    assert waiting_disciplines(item) == [last.discipline]
    commit(item, last)
    item = AgendaItem.objects.get()
    assert not item.is_sealed
    assert not item.case.is_sealed
    reveal = Reveal.objects.get()
    assert (reveal.revealed_by, reveal.waiting) == (None, [])


def test_the_chair_opens_it_before_and_who_was_waited_for_is_kept(item, chair, oncologist):
    commit(item, oncologist)
    reveal = actions.reveal_opinions(item=item, by=chair)
    assert actions.reveal_opinions(item=item, by=chair) == reveal
    assert reveal.waiting == ["surgery", "hepatobiliary", "radiology", "pathology"]
    assert Event.objects.filter(kind=Kind.OPINIONS_REVEALED).count() == 1


def test_a_later_opinion_is_marked_and_does_not_take_the_place_of_the_earlier(item, chair, oncologist, radiologist):
    commit(item, oncologist, "II")
    actions.reveal_opinions(item=item, by=chair)
    commit(item, oncologist, "I")
    commit(item, radiologist, "I")
    agreement = agreement_on(AgendaItem.objects.get())
    oncology, radiology = agreement.stands
    assert (oncology.categories, oncology.after[0].category, oncology.is_late) == (["II"], "I", False)
    assert radiology.is_late
    assert (agreement.spoken, agreement.most, agreement.agreeing) == (1, "II", 1)


def test_agreement_counts_disciplines_not_people(item, team, core, chair):
    for code, person in core.items():
        if code != "pathology":
            commit(item, person, "II")
    commit(item, make_user("second", discipline="oncology", team=team), "III")
    actions.reveal_opinions(item=item, by=chair)
    agreement = agreement_on(AgendaItem.objects.get())
    assert (agreement.most, agreement.agreeing, agreement.spoken) == ("II", 3, 4)
    assert agreement.waiting == ["pathology"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"category": "VII"}, "category"),
        ({"category": "II", "confidence": "95 %"}, "confidence"),
        ({"category": "II", "text": "x" * 401}, "text"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_field(item, oncologist, said, field):
    with pytest.raises(Refused) as refused:
        actions.commit_opinion(item=item, by=oncologist, **said)
    assert refused.value.field == field
    assert not Opinion.objects.exists()


def test_one_may_say_that_one_cannot_say(item, oncologist):
    assert commit(item, oncologist, "").category == ""


def test_who_has_no_discipline_and_a_case_taken_off_are_refused(item, team, oncologist, coordinator):
    with pytest.raises(actions.ActionError, match="no discipline"):
        commit(item, make_user("guest", team=team))
    actions.unlist_case(item=item, by=coordinator, reason="Wants to wait")
    with pytest.raises(actions.ActionError, match="not on the agenda"):
        commit(item, oncologist)
    item.case.refresh_from_db()
    assert not item.case.is_sealed


def test_a_meeting_without_opinions_seals_nothing(team, coordinator, ready_case, oncologist):
    item = actions.list_case(meeting=plan(team, coordinator), case=ready_case, by=coordinator)
    assert not item.is_sealed
    with pytest.raises(actions.ActionError, match="does not ask"):
        commit(item, oncologist)


def test_nothing_is_decided_while_opinions_are_sealed(item, chair, proposal, content, full_room):
    with pytest.raises(actions.ActionError, match="still sealed"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    actions.reveal_opinions(item=item, by=chair)
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content)


def test_changing_the_setting_seals_and_opens_the_cases_but_never_one_that_is_decided(
    team, coordinator, chair, ready_case, oncologist, full_room, meeting
):
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator)
    meeting.refresh_from_db()
    meeting = actions.change_meeting(meeting=meeting, by=chair, version=meeting.version, opinions_first=False)
    ready_case.refresh_from_db()
    assert not ready_case.is_sealed
    from tests.meetings.builders import content_for

    proposal = ready_case.latest_proposal
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content_for(proposal, oncologist))
    meeting.refresh_from_db()
    actions.change_meeting(meeting=meeting, by=chair, version=meeting.version, opinions_first=True)
    assert not AgendaItem.objects.get().is_sealed
    ready_case.refresh_from_db()
    assert not ready_case.is_sealed


# --- Had seen the proposal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "shows"),
    [
        ("case", False),
        ("case?proposal=shown", True),
        ("case-findings", False),
        ("what-if", True),
        ("case-history", False),
        ("case-history?proposal=shown", True),
        ("case-explanation", True),
    ],
)
def test_who_opened_a_page_with_the_proposal_before_had_seen_it(client, item, oncologist, page, shows):
    client.force_login(oncologist)
    name, _mark, query = page.partition("?")
    assert client.get(f"{reverse(name, args=[item.case.reference])}?{query}").status_code == 200
    opinion = commit(item, oncologist)
    assert opinion.had_seen_proposal is shows
    assert (opinion.proposal_seen_at is not None) is shows


def test_the_form_counts_as_seen_before_the_case_is_sealed_and_another_person_s_looking_never_does(
    client, meeting, ready_case, coordinator, oncologist, radiologist, surgeon
):
    client.force_login(oncologist)
    form = client.get(reverse("finding-record", args=[ready_case.reference, "oncology"])).text
    assert "cannot change the type" in form, "the form of an open case tells of its proposal"
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator)
    client.force_login(surgeon)
    client.get(f"{ready_case.get_absolute_url()}?proposal=shown")
    assert not commit(item, radiologist).had_seen_proposal
    assert commit(item, oncologist, "III").had_seen_proposal


def test_nothing_of_an_opinion_can_be_changed(item, oncologist):
    opinion = commit(item, oncologist)
    opinion.category = "I"
    with pytest.raises(TypeError):
        opinion.save()
    assert User.objects.filter(pk=oncologist.pk).exists()
