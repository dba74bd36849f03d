"""The sign-in offers only people whom the data holds."""

import pytest
from django.contrib.auth import get_user_model

from mdt.demo_access import usernames

pytestmark = pytest.mark.django_db


def test_people_whom_an_older_demo_does_not_hold_are_not_offered(client, settings):
    settings.DEMO = True
    for name, is_active in (("chair", True), ("surgeon", True), ("nurse", False), ("somebody", True)):
        get_user_model().objects.create_user(name, is_active=is_active)
    assert usernames() == ["surgeon", "chair"]
    page = client.get("/sign-in/").content.decode()
    assert 'data-fills="id_username">chair<' in page
    assert ">privacy<" not in page
    assert ">nurse<" not in page
