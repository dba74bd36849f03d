"""The style page: for those who look after the system, and it shows every part that two rooms share."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from mdt.help.parts import classes_in, defined, of_one_room, used
from tests.builders import make_user


@pytest.mark.django_db
def test_it_opens_for_those_who_look_after_the_system_only(client, admin, chair, radiologist):
    for person, code in ((admin, 200), (make_user("root", is_superuser=True), 200), (chair, 403), (radiologist, 403)):
        client.force_login(person)
        assert client.get(reverse("style")).status_code == code


def test_every_class_that_two_rooms_use_is_shown():
    shown = classes_in(render_to_string("style.html"))
    shared = {name: sorted(rooms) for name, rooms in used().items() if len(rooms) > 1}
    assert len(shared) > 60
    assert {name: rooms for name, rooms in shared.items() if name not in shown} == {}, "show it in templates/style/"


def test_what_one_room_has_for_itself_is_listed():
    page = render_to_string("style.html", {"inventory": of_one_room()})
    assert all(f"<code>{name}</code>" in page for _room, names in of_one_room() for name in names)


def test_classes_are_read_past_the_tags_of_a_template():
    text = '<p class="state {% if x %}state-ready{% else %}muted{% endif %} {{ more }}"><b class="num">'
    assert classes_in(text) == {"state", "state-ready", "muted", "num"}
    assert {"panel", "state", "termtip"} <= defined()
