"""The personas of a tumour board, as fixtures: the same names as the demo's sign-ins."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from mdt.people.models import Role
from tests.builders import make_case, make_team, make_user


@pytest.fixture
def team(db):
    return make_team("gc")


@pytest.fixture
def other_team(db):
    return make_team("xy")


def _persona(name, discipline, *roles):
    @pytest.fixture(name=name)
    def persona(team):
        return make_user(name, discipline=discipline, team=team, roles=roles)

    return persona


coordinator = _persona("coordinator", "coordination", Role.COORDINATOR)
surgeon = _persona("surgeon", "surgery", Role.MEMBER)
hepatobiliary = _persona("hepatobiliary", "hepatobiliary", Role.MEMBER)
oncologist = _persona("oncologist", "oncology", Role.MEMBER)
radiologist = _persona("radiologist", "radiology", Role.MEMBER)
pathologist = _persona("pathologist", "pathology", Role.MEMBER)
interventionalist = _persona("interventionalist", "interventional", Role.MEMBER)
chair = _persona("chair", "surgery", Role.CHAIR)
auditor = _persona("auditor", "", Role.AUDITOR)
admin = _persona("admin", "", Role.ADMINISTRATOR)


@pytest.fixture
def outsider(other_team):
    """Right role, other team: must get 404 everywhere."""
    return make_user("outsider", discipline="surgery", team=other_team, roles=(Role.CHAIR, Role.COORDINATOR))


@pytest.fixture
def case(team, coordinator):
    return make_case(team=team, by=coordinator)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for all tests of a file and taken out again; what each of them does is undone.

    Its people's password is `correct-horse-battery`.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("MDT_DEMO_PASSWORD", "correct-horse-battery")
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)
