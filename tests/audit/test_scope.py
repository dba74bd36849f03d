"""Which rows a figure counts: what an address asks for, what the person may see, and what is left out is said."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from mdt.audit.scope import EARLIEST, Scope, usual_begin
from mdt.people.models import Role
from tests.builders import make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def scope(person, text=""):
    return Scope.of(person, QueryDict(text), TODAY)


def test_without_a_word_it_is_twelve_months_of_all_teams_one_may_audit(chair, auditor, team):
    for person in (chair, auditor):
        found = scope(person)
        assert (found.teams, found.first_on, found.last_on) == ((team.pk,), date(2025, 12, 1), TODAY)
        assert found.ignored == ()


def test_nobody_else_counts_anything(surgeon, coordinator, admin):
    for person in (surgeon, coordinator, admin):
        assert scope(person).teams == ()
        assert not scope(person).rows().exists()


def test_a_team_that_is_not_ones_own_is_left_out_and_said(chair, team, other_team):
    found = scope(chair, f"team={other_team.pk}&team={team.pk}")
    assert found.teams == (team.pk,)
    assert found.ignored == (f"team={other_team.pk}",)
    assert scope(chair, f"team={other_team.pk}").teams == (team.pk,)


def test_two_teams_count_together_or_apart(chair, team, other_team):
    both = make_user("both", team=team, roles=(Role.AUDITOR,))
    both.memberships.create(team=other_team, role=Role.CHAIR)
    assert scope(both).teams == tuple(sorted((team.pk, other_team.pk)))
    assert scope(both, f"team={other_team.pk}").teams == (other_team.pk,)


def test_a_synthetic_team_counts_only_where_it_is_asked_for_and_is_labelled(team, other_team, client):
    both = make_user("both", team=team, roles=(Role.AUDITOR,))
    both.memberships.create(team=other_team, role=Role.AUDITOR)
    other_team.is_synthetic = True
    other_team.save()
    assert scope(both).teams == (team.pk,)
    assert not scope(both).has_synthetic
    alone = scope(both, f"team={other_team.pk}")
    assert alone.teams == (other_team.pk,)
    assert "(synthetic data)" in alone.in_words()
    client.force_login(both)
    usual, apart = client.get(reverse("audit")).text, client.get(reverse("audit"), {"team": other_team.pk}).text
    assert f"Not counted: {other_team.name}, synthetic data" in usual
    assert "All, without synthetic data" in usual
    assert "Synthetic data are among these" not in usual
    assert "Synthetic data are among these" in apart


def test_who_audits_a_synthetic_team_alone_sees_it(other_team):
    only = make_user("only", team=other_team, roles=(Role.AUDITOR,))
    other_team.is_synthetic = True
    other_team.save()
    assert scope(only).teams == (other_team.pk,)


@pytest.mark.parametrize(
    ("text", "first", "last", "ignored"),
    [
        ("from=2026-01-01&to=2026-06-30", date(2026, 1, 1), date(2026, 6, 30), ()),
        ("from=2026-01-01", date(2026, 1, 1), TODAY, ()),
        ("to=2026-06-30", date(2025, 12, 1), date(2026, 6, 30), ()),
        ("to=2020-06-30", date(2020, 6, 30), date(2020, 6, 30), ()),
        ("from=2027-01-01", date(2027, 1, 1), date(2027, 1, 1), ()),
        ("from=2026-02-01&to=2026-01-01", date(2026, 2, 1), TODAY, ("to=2026-01-01",)),
        ("from=yesterday", date(2025, 12, 1), TODAY, ("from=yesterday",)),
        ("from=0001-01-01", date(2025, 12, 1), TODAY, ("from=0001-01-01",)),
        ("to=9999-12-31", date(2025, 12, 1), TODAY, ("to=9999-12-31",)),
    ],
)
def test_periods(chair, text, first, last, ignored):
    found = scope(chair, text)
    assert (found.first_on, found.last_on, found.ignored) == (first, last, ignored)


@pytest.mark.parametrize(
    "text", ["concordance=wrong", "implementation=0", "reason=technical", "reason=.", "only=all", "ended=x"]
)
def test_a_value_that_no_filter_has_is_left_out_and_said(chair, text):
    found = scope(chair, text)
    assert found.ignored == (text,)
    assert found.filters_in_words == []


def test_an_address_is_read_back_as_it_was_written(chair, team):
    asked = Scope(
        (team.pk,), EARLIEST, TODAY, pathway="gclm", confirmed="II", concordance="conditional", implementation="full",
        discipline="surgery", option="conversion", treatment="systemic", reason="not_done.toxicity",
        edition="c-gclm 2019", ended="decided", only="unsigned",
    )  # fmt: skip
    assert scope(chair, asked.query_string()) == asked
    assert len(asked.filters_in_words) == 11


def test_its_words_name_team_period_and_filters(chair, team):
    words = scope(chair, "confirmed=II&discipline=-").in_words()
    assert str(team) in words
    assert "1 Dec 2025 to 25 Nov 2026" in words
    assert "Responsible discipline: not known" in words
    assert "until 25 Nov 2026" in scope(chair, "from=2000-01-01").in_words()


@pytest.mark.parametrize(
    ("today", "begin"),
    [(date(2026, 12, 31), date(2026, 1, 1)), (date(2026, 1, 1), date(2025, 2, 1)), (TODAY, date(2025, 12, 1))],
)
def test_twelve_months_end_with_the_running_one(today, begin):
    assert usual_begin(today) == begin
