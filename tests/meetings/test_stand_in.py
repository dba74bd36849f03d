"""Who comes instead of somebody to one meeting, as the page of the meeting offers and shows it."""

import re

import pytest
from django.urls import reverse

from mdt.meetings.calendar import actions
from mdt.meetings.models import Reply
from tests.builders import make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


def coming(client, meeting) -> str:
    page = client.get(meeting.get_absolute_url()).text
    return page[page.index('id="coming"') :].partition("</section>")[0]


def offered(part: str, person) -> str:
    """The choice of who comes instead of this person."""
    return part.partition(f'id="instead-{person.pk}"')[2].partition("</select>")[0]


def test_the_page_offers_who_comes_instead_of_the_same_discipline_first(
    client, team, coordinator, surgeon, radiologist
):
    second = make_user("second", discipline="surgery", team=team)
    meeting = plan(team, coordinator)
    client.force_login(coordinator)
    choice = offered(coming(client, meeting), surgeon)
    places = [choice.index(f'value="deputy:{each.pk}"') for each in (second, radiologist)]
    assert choice.index("optgroup") < places[0] < choice.index("Another discipline") < places[1]
    assert f'value="deputy:{surgeon.pk}"' not in choice


def test_a_stand_in_holds_for_this_meeting_only_and_one_of_another_discipline_is_warned_about(
    client, team, coordinator, surgeon, radiologist
):
    meeting, next_one = plan(team, coordinator), plan(team, coordinator)
    client.force_login(coordinator)
    entries = {"person": surgeon.pk, "answer": f"deputy:{radiologist.pk}"}
    answer = client.post(reverse("meeting-reply", args=[meeting.reference]), entries, follow=True)
    assert "is not of surgery" in answer.text.lower()
    assert "comes from another discipline: radiology" in coming(client, meeting).lower()
    assert Reply.objects.get().meeting == meeting
    assert "another discipline: radiology" not in coming(client, next_one).lower()


def test_a_stand_in_of_the_same_discipline_is_taken_without_a_warning(client, team, coordinator, surgeon):
    second = make_user("second", discipline="surgery", team=team)
    meeting = plan(team, coordinator)
    client.force_login(coordinator)
    entries = {"person": surgeon.pk, "answer": f"deputy:{second.pk}"}
    answer = client.post(reverse("meeting-reply", args=[meeting.reference]), entries, follow=True)
    assert "make sure that somebody can speak" not in answer.text
    assert "comes from another discipline" not in answer.text


def test_who_comes_for_two_stands_once_with_both_places(client, team, coordinator, surgeon):
    second = make_user("second", discipline="surgery", team=team)
    meeting = plan(team, coordinator)
    actions.reply(meeting=meeting, person=surgeon, answer="deputy", deputy=second, by=surgeon)
    client.force_login(coordinator)
    part = coming(client, meeting)
    assert len(re.findall(rf"<b>{second.display_name}</b>", part)) == 1
    assert f"deputy of {surgeon.display_name}" in part


def test_an_answer_is_taken_back_only_where_there_is_one(client, team, coordinator, surgeon):
    meeting = plan(team, coordinator)
    client.force_login(coordinator)
    assert "Undo" not in coming(client, meeting)
    actions.reply(meeting=meeting, person=surgeon, answer="comes", by=surgeon)
    assert coming(client, meeting).count("Undo") == 1
