"""Search from anywhere: only what the person may open, by the queue's own search, in both languages."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from mdt.help.doors import DOORS
from mdt.help.search import MOST_CASES, search
from tests.builders import make_case
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(team, coordinator):
    return make_case(team=team, by=coordinator, name="Wang Unmistakable", hospital_number="778899")


@pytest.mark.parametrize("asked", ["Unmistakable", "unmist", "778899", "wang unmistakable"])
def test_a_case_is_found_by_name_or_number(case, radiologist, asked):
    assert search(radiologist, asked).cases == [case]


def test_a_case_is_found_by_its_reference(case, radiologist):
    assert search(radiologist, case.reference).cases == [case]


def test_a_case_of_another_team_is_not_found(case, outsider):
    for asked in ("Unmistakable", case.reference, "778899", ""):
        assert search(outsider, asked).cases == []


def test_somebody_who_sees_no_case_finds_none(case, admin):
    assert search(admin, "Unmistakable").cases == []


def test_one_latin_letter_asks_for_no_case_and_one_chinese_character_does(case, team, coordinator, radiologist):
    chinese = make_case(team=team, by=coordinator, name="林美华", hospital_number="1")
    assert search(radiologist, "W").cases == []
    assert search(radiologist, "林").cases == [chinese]


def test_without_words_the_own_cases_stand_there_and_no_more_than_fit(team, coordinator):
    for number in range(MOST_CASES + 2):
        make_case(team=team, by=coordinator, hospital_number=str(number))
    assert len(search(coordinator, "").cases) <= MOST_CASES
    assert len(search(coordinator, team.code).cases) == MOST_CASES


def test_a_meeting_is_found_by_reference_team_and_day(team, coordinator, radiologist, outsider):
    meeting = plan(team, coordinator)
    for asked in (meeting.reference, meeting.reference.lower(), team.name, f"{meeting.local_start:%Y-%m-%d}"):
        assert meeting in search(radiologist, asked).meetings, asked
        assert search(outsider, asked).meetings == [], asked


@pytest.mark.parametrize(("language", "asked"), [("en", "待补"), ("en", "worklist"), ("zh-hans", "worklist")])
def test_a_page_is_found_in_either_language(radiologist, language, asked):
    with override(language):
        assert [door.page for door in search(radiologist, asked).doors] == ["worklist"]


def test_only_doors_that_open_are_shown(client, radiologist, auditor, admin, coordinator):
    for person in (radiologist, auditor, admin, coordinator):
        client.force_login(person)
        for door in search(person, "").doors + [
            door for each in DOORS for door in search(person, str(each.label)).doors
        ]:
            answer = client.get(door.url, follow=True)
            assert answer.status_code == 200, (person, door.page)


def test_a_word_is_found_and_leads_to_its_place_in_the_glossary(client, radiologist):
    client.force_login(radiologist)
    assert 'href="/help/glossary/#omec"' in client.get(reverse("search"), {"q": "omec"}).content.decode()
    assert 'id="omec"' in client.get(reverse("glossary")).content.decode()


def test_the_glossary_shows_the_words_that_fit_in_either_language_or_by_their_meaning(client, radiologist):
    client.force_login(radiologist)
    for asked in ("omec", "OMEC consensus", "共识"):
        page = client.get(reverse("glossary"), {"q": asked}).text
        assert 'id="omec"' in page, asked
        assert 'id="recist"' not in page, asked
    page = client.get(reverse("glossary"), {"q": "<b>xyzzy"}).text
    assert "No word fits" in page
    assert "<b>xyzzy" not in page


def test_what_nothing_fits_says_where_it_was_looked_for(client, radiologist):
    client.force_login(radiologist)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("search"), {"q": "xyzzy"}, headers=headers).content.decode()
        assert "hospital and case numbers" in page


def test_what_is_typed_is_shown_as_text(client, radiologist):
    client.force_login(radiologist)
    for headers in ({}, {"HX-Request": "true"}):
        assert "<b>&" not in client.get(reverse("search"), {"q": "<b>&"}, headers=headers).content.decode()
