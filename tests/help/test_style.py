"""The style page: for those who look after the system, and it holds every class that a template uses."""

import pytest
from django.urls import reverse

from tests.builders import make_user


@pytest.mark.django_db
def test_it_opens_for_those_who_look_after_the_system_only(client, admin, chair, radiologist):
    for person, code in ((admin, 200), (make_user("root", is_superuser=True), 200), (chair, 403), (radiologist, 403)):
        client.force_login(person)
        assert client.get(reverse("style")).status_code == code
