"""The standard-of-care lane: signed protocols, two triagers, pulling back, outcomes recorded and signed in one list."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from classification import RulebookError
from classification.standard_of_care import load_protocols, read_protocols
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.lane.page import figures_of
from mdt.meetings.models import AgendaItem, LaneStep
from tests.builders import COMPLETE_FACTS, make_case, make_finding
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

PROTOCOL = "supportive-care"
PASSWORD = "correct-horse-battery"


def draft(name: str = PROTOCOL):
    return next(protocol for protocol in load_protocols("gclm") if protocol.id == name)


@pytest.fixture
@remembered
def signed(team, chair):
    """The chair has signed one protocol."""
    return actions.sign_protocol(
        team=team, pathway="gclm", protocol=PROTOCOL, digest=draft().digest, owner="Prof. Wei Zhong", by=chair
    )


@pytest.fixture
@remembered
def item(team, coordinator, chair):
    case = make_case(team=team, by=coordinator)
    make_finding(case, coordinator, {k: v for facts in COMPLETE_FACTS.values() for k, v in facts.items()})
    case.refresh_from_db()
    return actions.list_case(meeting=plan(team, coordinator, chair=chair), case=case, by=coordinator)


def triage(item, *people):
    for person in people:
        item = actions.triage_case(item=item, protocol=PROTOCOL, reason=f"Agreed by {person.username}", by=person)
    return item


def test_the_shipped_protocols_are_drafts_that_nobody_can_use(item, oncologist):
    with pytest.raises(actions.ActionError, match="not signed by your chair"):
        triage(item, oncologist)


def test_only_a_chair_signs_a_protocol_and_only_the_text_that_was_read(team, chair, surgeon):
    text = draft()
    given = {"team": team, "pathway": "gclm", "protocol": PROTOCOL, "owner": "Prof. Wei"}
    with pytest.raises(actions.ActionError, match="Only a chair"):
        actions.sign_protocol(**given, digest=text.digest, by=surgeon)
    with pytest.raises(actions.StaleForm, match="another text"):
        actions.sign_protocol(**given, digest="0" * 64, by=chair)
    with pytest.raises(actions.ActionError, match="answers for"):
        actions.sign_protocol(**given | {"owner": " "}, digest=text.digest, by=chair)


def test_two_different_clinicians_are_needed_and_both_are_recorded(item, signed, oncologist, radiologist):
    item = triage(item, oncologist)
    assert item.lane == AgendaItem.Lane.DISCUSS
    with pytest.raises(actions.ActionError, match="second clinician"):
        triage(item, oncologist)
    item = triage(item, radiologist)
    assert item.lane == AgendaItem.Lane.STANDARD_OF_CARE
    assert [step.person for step in item.lane_steps.all()] == [oncologist, radiologist]
    assert [line.data["is_agreed"] for line in Event.objects.filter(kind=Kind.CASE_TRIAGED).order_by("number")] == [
        False,
        True,
    ]


def test_a_coordinator_is_no_triager(item, signed, coordinator):
    with pytest.raises(actions.ActionError, match="clinician"):
        triage(item, coordinator)


def test_a_case_that_is_not_ready_or_disputed_or_of_another_type_is_discussed(
    team, item, coordinator, chair, signed, oncologist, surgeon, hepatobiliary
):
    unready = actions.list_case(
        meeting=item.meeting, case=make_case(team=team, by=coordinator), by=coordinator, late_reason="Urgent"
    )
    with pytest.raises(actions.ActionError, match="missing or stale"):
        triage(unready, oncologist)
    text = draft("first-line-systemic")
    actions.sign_protocol(
        team=team, pathway="gclm", protocol=text.id, digest=text.digest, owner="Prof. Wei Zhong", by=chair
    )
    with pytest.raises(actions.ActionError, match="its type is open"):  # a plain type I
        actions.triage_case(item=item, protocol=text.id, reason="No surgery", by=oncologist)
    make_finding(item.case, surgeon, {"peritoneum": "P1"})
    with pytest.raises(actions.ActionError, match="readings differ"):
        triage(item, oncologist)


def test_any_member_pulls_a_case_back_in_one_action_and_may_undo_it(
    item, signed, oncologist, radiologist, pathologist, surgeon
):
    item = triage(item, oncologist, radiologist)
    item = actions.pull_back(item=item, by=pathologist)
    assert item.lane == AgendaItem.Lane.DISCUSS
    assert figures_of(item.meeting).percent_pulled_back == 100
    with pytest.raises(actions.ActionError, match="Only who pulled"):
        actions.undo_pull_back(item=item, by=surgeon)
    item = actions.undo_pull_back(item=item, by=pathologist)
    assert item.lane == AgendaItem.Lane.STANDARD_OF_CARE
    item = actions.pull_back(item=item, by=pathologist)
    item = triage(item, oncologist)
    assert item.lane == AgendaItem.Lane.DISCUSS, "after pulling back two have to agree anew"


def test_the_outcome_is_recorded_without_discussion_and_signed_in_one_list(
    item, signed, coordinator, chair, oncologist, radiologist
):
    item = triage(item, oncologist, radiologist)
    with pytest.raises(actions.ActionError, match="name who is responsible"):
        actions.record_standard_of_care(meeting=item.meeting, by=coordinator, responsible={})
    decision = actions.record_standard_of_care(meeting=item.meeting, by=coordinator, responsible={item.pk: oncologist})[
        0
    ]
    assert all(words in decision.rationale for words in ("not discussed", "未讨论")), "every reader reads their own"
    assert all(name in decision.rationale for name in (oncologist.display_name, radiologist.display_name))
    assert [option.option for option in decision.options.all()] == ["supportive_care"]
    assert (decision.is_quorate, decision.quorum_basis["reason"]["code"]) == (False, "standard-of-care")
    for language, words in (("en", "recorded without discussion"), ("zh-hans", "不讨论")):
        with override(language):
            assert words in decision.quorum_reason_words, "what the program says reads in the reader's language"
    with pytest.raises(actions.StaleForm, match="list of outcomes changed"):
        actions.sign_standard_of_care(meeting=item.meeting, by=chair, versions={item.pk: 2})
    assert actions.sign_standard_of_care(meeting=item.meeting, by=chair, versions={item.pk: 1}) == 1
    item.refresh_from_db()
    assert item.discussion_type == "soc_not_discussed"
    with pytest.raises(actions.ActionError, match="signed"):
        actions.pull_back(item=item, by=radiologist)
    rows = minutes_data(item.meeting, "en")["agenda"]["rows"]
    assert "Standard of care, not discussed" in str(rows)


def test_new_findings_that_differ_stop_the_recording(item, signed, coordinator, oncologist, radiologist, surgeon):
    item = triage(item, oncologist, radiologist)
    make_finding(item.case, surgeon, {"peritoneum": "P1"})
    with pytest.raises(actions.ActionError, match="is to be discussed"):
        actions.record_standard_of_care(meeting=item.meeting, by=coordinator, responsible={item.pk: oncologist})


def test_a_withdrawn_protocol_is_not_used_any_more(team, item, signed, chair, oncologist):
    actions.sign_protocol(
        team=team, pathway="gclm", protocol=PROTOCOL, digest=draft().digest, owner="", by=chair, withdraw=True
    )
    with pytest.raises(actions.ActionError, match="not signed"):
        triage(item, oncologist)


def test_the_pages_lead_from_the_draft_to_the_signed_outcome(
    team, item, chair, oncologist, radiologist, pathologist, coordinator, client
):
    lane = reverse("standard-of-care", args=[item.meeting.reference])
    client.force_login(chair)
    assert "every case is discussed" in client.get(lane).content.decode()
    protocols = reverse("protocols", args=[team.code])
    assert "Draft, not to be used" in client.get(protocols).content.decode()
    entries = {"pathway": "gclm", "protocol": PROTOCOL, "digest": draft().digest, "owner": "Prof. Wei", "do": "sign"}
    assert client.post(protocols, {**entries, "password": "wrong"}).status_code == 422
    assert client.post(protocols, {**entries, "password": PASSWORD}).status_code == 302
    for person in (oncologist, radiologist):
        client.force_login(person)
        address = reverse("case-triage", args=[item.meeting.reference, item.case.reference])
        client.post(address, {"protocol": PROTOCOL, "reason": "Wants no treatment"})
    client.force_login(pathologist)
    back = [item.meeting.reference, item.case.reference]
    client.post(reverse("case-pull-back", args=back))
    assert "Pulled back by" in client.get(lane).content.decode()
    client.post(reverse("case-pull-back-undo", args=back))
    client.force_login(coordinator)
    client.post(lane, {"do": "record", f"responsible-{item.pk}": oncologist.pk})
    client.force_login(chair)
    assert client.post(lane, {"do": "sign", f"version-{item.pk}": 1, "password": "no"}).status_code == 422
    client.post(lane, {"do": "sign", f"version-{item.pk}": 1, "password": PASSWORD})
    assert item.decisions.get().is_signed
    assert [step.what for step in LaneStep.objects.all()] == ["triaged", "triaged", "pulled_back", "pull_undone"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('categories = ["III"]', 'categories = ["IX"]'), "unknown category"),
        (('options = ["supportive_care"]', 'options = ["prayer"]'), "unknown category or option: prayer"),
        (('options = ["supportive_care"]', "options = []"), "no option"),
        (('intent = "supportive"', 'intent = "hope"'), "intent 'hope'"),
        (('id = "supportive-care"', 'id = "first-line-systemic"'), "stands twice"),
        (('version = "0.1-draft"', 'versio = "0.1-draft"'), "unknown key"),
    ],
)
def test_a_protocol_file_that_says_what_nobody_knows_is_refused(tmp_path, change, message):
    from classification.pathway import RULES

    path = tmp_path / "standard_of_care.toml"
    path.write_text((RULES / "gclm" / "standard_of_care.toml").read_text().replace(*change, 1))
    known = {"categories": {"I", "II", "III"}, "options": {"systemic_by_biomarker", "supportive_care"}}
    with pytest.raises(RulebookError, match=message):
        read_protocols(path, **known)
    assert read_protocols(tmp_path / "none.toml", **known) == ()


def test_a_case_that_moves_on_keeps_its_triages(team, item, signed, coordinator, chair, oncologist, radiologist):
    from datetime import timedelta

    item = triage(item, oncologist, radiologist)
    later = plan(team, coordinator, chair=chair, starts_at=item.meeting.starts_at + timedelta(days=7))
    item.meeting.refresh_from_db()
    onward = {item.pk: actions.Onward(later, "time")}
    actions.finish_meeting(meeting=item.meeting, by=chair, version=item.meeting.version, onward=onward)
    place = later.agenda.get()
    assert place.lane == AgendaItem.Lane.STANDARD_OF_CARE
    assert AgendaItem.objects.get(pk=item.pk).discussion_type == "not_discussed"
    decision = actions.record_standard_of_care(meeting=later, by=chair, responsible={place.pk: oncologist})[0]
    assert oncologist.display_name in decision.rationale
