"""What is copied is what was built, belongs to one test alone, and is built anew where it could come out otherwise."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import transaction
from django.test import override_settings
from django.utils import timezone, translation

from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.people.models import Role, User
from tests import remembered
from tests.builders import complete_case, make_case, make_finding, make_team, make_user

pytestmark = pytest.mark.django_db
built = []  # the names of those who were really built


@remembered.remembered
def person(name, *, by=None):
    built.append(name)
    return make_user(name, team=make_team("gc"), roles=(Role.MEMBER, Role.CHAIR))


@pytest.fixture
def next_test(request):
    """`with next_test() as patch`: a test of its own, rolled back at its end, with its own `monkeypatch`."""
    built.clear()
    remembered._kept.clear()

    @contextmanager
    def begin():
        with pytest.MonkeyPatch.context() as patch, transaction.atomic(), remembered.watched(request.node, patch):
            yield patch
            transaction.set_rollback(True)

    return begin


def everything():
    """All rows of all tables."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return {table: remembered.rows(table) for table in tables}


def test_a_copy_is_the_same_in_every_row_and_object_and_all_goes_on_from_it(next_test):
    seen = []
    for _test in range(3):
        with next_test():
            chair = person("chair")
            case = complete_case(make_case(team=make_team("gc"), by=chair), chair)
            seen.append((everything(), vars(chair)["password"], case.reference, case.latest_proposal.outcome))
            make_finding(case, chair, {"her2_ihc": "3+"}, discipline="pathology")
            assert verify().is_whole
            assert not Event.objects.filter(kind="rows-named").exists()
    assert built == ["chair", "chair"], "the third time it was copied"
    assert seen[1] == seen[2]
    assert seen[0] != seen[1], "other salts, other times"


def test_no_test_sees_what_another_one_made_of_it(next_test):
    for _test in range(4):
        with next_test():
            chair = person("chair")
            assert (chair.title, User.objects.get().title) == ("Dr", "Dr")
            chair.title = "Changed in memory"
            User.objects.update(title="Changed in the database")
    assert built == ["chair", "chair"]


def test_what_belongs_to_the_arguments_is_theirs_again(next_test):
    for _test in range(3):
        with next_test():
            chair = person("chair")
            case = make_case(team=make_team("gc"), by=chair)
            complete = complete_case(case, chair)
            assert complete is case
            assert case.is_ready


def other_row(patch):
    make_team("xy", name="Not by a remembered builder").delete()
    User.objects.create(username="other")


def patched(patch):
    patch.setattr(User, "__str__", lambda self: "patched")


def clock_set(patch):
    patch.setattr(timezone, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))


def grown_old(patch):
    patch.setattr(remembered, "FRESH_SECONDS", -1)


def undone(patch):
    with transaction.atomic():
        person("somebody")
        transaction.set_rollback(True)


@pytest.mark.parametrize("reason", [other_row, patched, clock_set, grown_old, undone])
def test_it_is_built_where_it_could_come_out_otherwise(next_test, reason):
    for _test in range(3):
        with next_test():
            person("chair")
    with next_test() as patch:
        reason(patch)
        built.clear()
        person("chair")
    assert built == ["chair"]
    built.clear()
    with next_test():
        person("chair")
    assert built == [], "and the copy is still there"


def test_another_language_or_setting_is_another_question(next_test):
    for _test in range(3):
        with next_test():
            person("chair")
    built.clear()
    with next_test(), translation.override("zh-hans"):
        person("chair")
    with next_test(), override_settings(LANGUAGE_CODE="zh-hans"):
        person("chair")
    assert built == ["chair", "chair"]


def test_a_database_that_is_not_empty_is_not_known(next_test):
    make_team("aa")
    for _test in range(4):
        with next_test():
            person("chair")
    assert len(built) == 4


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_builds(next_test):
    for _test in range(4):
        with next_test():
            person("chair")
    assert len(built) == 4


def test_what_the_fixtures_of_a_test_made_is_known(case, client):
    """Whether the watch began before the transaction of the test or in it."""
    assert remembered._running.knows_its_database()
