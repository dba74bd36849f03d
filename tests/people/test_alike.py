"""Markup that is the same for everybody is rendered once, and never stands for other content."""

import pytest
from django.template import engines
from django.utils import translation

from mdt.people import alike

TEMPLATE = "meetings/_seat_shown.html"


@pytest.fixture(autouse=True)
def nothing_kept():
    alike._kept.clear()


def seat(**changed):
    shown = {
        "name": "Dr Bai", "discipline": "surgery", "is_chair": False, "is_present": True, "is_remote": False,
        "stands_in_for": "", "covered_by": "", "left_at": None,
    }  # fmt: skip
    return {"seat": shown | changed}


def test_the_same_content_is_rendered_once():
    first = alike.rendered(TEMPLATE, seat())
    assert alike.rendered(TEMPLATE, seat()) is first


@pytest.mark.parametrize("changed", [{"name": "Dr Bo"}, {"is_present": False}, {"is_chair": True}])
def test_other_content_is_rendered_anew(changed):
    assert alike.rendered(TEMPLATE, seat()) != alike.rendered(TEMPLATE, seat(**changed))


def test_each_language_has_its_own():
    with translation.override("en"):
        english = alike.rendered(TEMPLATE, seat())
    with translation.override("zh-hans"):
        assert alike.rendered(TEMPLATE, seat()) != english


def test_a_name_is_never_markup():
    assert "<script>" not in alike.rendered(TEMPLATE, seat(name="<script>alert(1)</script>"))


@pytest.mark.django_db
def test_what_cannot_be_told_by_its_content_is_refused(surgeon):
    with pytest.raises(TypeError):
        alike.rendered(TEMPLATE, {"seat": surgeon})


def test_it_never_grows_without_end(monkeypatch):
    monkeypatch.setattr(alike, "MOST", 3)
    for number in range(10):
        alike.rendered(TEMPLATE, seat(name=f"Dr {number}"))
    assert len(alike._kept) <= 3


def test_no_request_reaches_such_a_template(rf):
    template = engines["django"].from_string('{% load looks %}{% alike "meetings/_seat_who.html" seat=seat %}')
    assert "Dr Bai" in template.render(seat(), rf.get("/"))
