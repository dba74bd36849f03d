"""The privacy office of the tests. What needs models is read when a test asks: Django is not set up yet here."""

import pytest


@pytest.fixture(autouse=True)
def _outside(settings, tmp_path):
    """What is kept outside the database outlives that of a test."""
    settings.ERASURE_FILE = str(tmp_path / "erasures.txt")


@pytest.fixture
def officer(team):
    from mdt.people.models import Role
    from tests.builders import make_user

    return make_user("officer", team=team, roles=(Role.PRIVACY,))
