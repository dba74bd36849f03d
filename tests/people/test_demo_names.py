"""The sign-in offers only people whom the data holds."""

import re

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
    assert re.search(r'data-fills="id_username">\s*chair\s*<', page)
    assert not re.search(r">\s*privacy\s*<", page)
    assert not re.search(r">\s*nurse\s*<", page)
