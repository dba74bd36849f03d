"""Each page loads what it shows: a class that has a rule in any sheet has one in a sheet that the page links."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.urls import reverse

from mdt.help.parts import STYLE_SHEETS, classes_in, defined, defined_in
from mdt.style_sheets import COMMON, OF_ROOMS, sheets_of
from tests.test_urls import PAGES, address, world  # noqa: F401  (a fixture)

BOOTSTRAP = defined_in(Path(finders.find("vendor/bootstrap/css/bootstrap.min.css")))
FROM_LIBRARIES = {"asteriskField"}  # crispy forms write it everywhere; two rooms hide it
SHEETS = settings.BASE_DIR / STYLE_SHEETS


def linked(page: str) -> list[Path]:
    return [SHEETS / name for name in re.findall(r'<link rel="stylesheet" href="/static/css/([^"]+)"', page)]


def bare(page: str) -> set[str]:
    """Classes on this page whose rules are in none of the sheets that it loads; Bootstrap has its own for some."""
    there = frozenset[str]().union(*map(defined_in, linked(page)))
    return classes_in(page) & defined() - there - BOOTSTRAP - FROM_LIBRARIES


@pytest.mark.django_db
def test_every_page_loads_the_sheets_of_what_it_shows(world, client):  # noqa: F811
    client.force_login(world["everybody"])
    missing, seen = {}, 0
    for page in PAGES:
        answer = client.get(address(page, world))
        if answer.streaming or b"<!doctype html>" not in answer.content:
            continue  # a part, a file, or a redirect
        seen += 1
        if lost := bare(answer.content.decode()):
            missing[page.name] = sorted(lost)
    assert seen > 80
    assert missing == {}, "add the sheet in mdt/style_sheets.py, or move the rule to parts.css"


@pytest.mark.django_db
def test_the_pages_before_the_sign_in_do_too(client):
    assert bare(client.get(reverse("sign-in")).content.decode()) == set()


@pytest.mark.parametrize("name", ["400", "403_csrf", "413", "429", "500", "503", "sent_again"])
def test_a_page_of_an_error_does_too(name):
    page = render_to_string(
        f"{name}.html", {"minutes": 5, "is_form": True, "fields": [("a", "b")], "texts": [("a", "b")]}
    )
    assert [sheet.stem for sheet in linked(page)] == list(COMMON)
    assert bare(page) == set()


def test_a_page_without_a_sheet_that_it_needs_is_found():
    page = '<link rel="stylesheet" href="/static/css/look.css"><p class="panel queue-group">'
    assert bare(page) == {"queue-group"}


def test_every_sheet_is_loaded_and_every_beginning_is_of_a_template():
    named = {name for names in OF_ROOMS.values() for name in names}
    assert named | set(COMMON) == {sheet.stem for sheet in SHEETS.glob("*.css")}
    folder = Path(engines["django"].dirs[0])
    names = [str(path.relative_to(folder)) for path in folder.rglob("*.html")]
    assert [each for each in OF_ROOMS if not any(name.startswith(each) for name in names)] == []


def test_the_longest_beginning_counts():
    assert sheets_of("cases/queue.html") == ["css/look.css", "css/parts.css", "css/clinical.css", "css/queue.css"]
    assert sheets_of("cases/case.html")[-1] == "css/case.css"
    assert sheets_of("404.html") == ["css/look.css", "css/parts.css"]


def test_sheets_of_a_page_keep_their_order():
    """Later sheets win: no room may load two sheets the other way round."""
    after = defaultdict(set)
    for names in OF_ROOMS.values():
        for at, name in enumerate(names):
            after[name] |= set(names[at + 1 :])
    assert [(one, two) for one in after for two in after[one] if one in after[two]] == []
