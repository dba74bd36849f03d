"""Every address that takes a form is sent the same form three times, and the same entries from a second window.

The identical request counts once, whatever comes between; what a second window does stands in the table, which is
docs/concurrency-matrix.md. To write that anew after a change that is meant: `WRITE_CONCURRENCY=1 ./test` this file,
then read.
"""

import os
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.views.generic import View

from mdt import once
from mdt.events.kinds import Kind
from mdt.events.models import Event, SentForm
from mdt.people.models import Role
from tests.builders import make_team, make_user
from tests.events.tampering import undone
from tests.page_forms import form_on
from tests.sendings import BOTH, MEANT, PAGES_TWICE, SECOND, SENDINGS, TWO_PEOPLE, grown
from tests.test_urls import PAGES, address, rows, walk, world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

TABLE = settings.BASE_DIR / "docs" / "concurrency-matrix.md"
HEAD = """# What comes of each form that is sent twice

Written by a test and held by it: every address that takes a form is sent three times exactly as it was, as by a
double click, the back button or a replay. It has its effect once; later ones are led where the first was, with a
sentence that says so, also after somebody undid in between what it had done ([ADR 24](adr/0024-a-form-counts-once.md)).
Then the same entries come from a second window. `WRITE_CONCURRENCY=1 ./test tests/test_every_form_twice.py` writes the
table anew; read what changed. Two at the very same moment: `tests/test_forms_count_once.py`, `tests/test_at_once.py`.

| the same entries from a second window | |
|---|---|
"""
SENT_BEFORE = "This form had arrived before."


def methods_of(view) -> set[str] | None:
    """What the decorators of a view let through; None: everything."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            found = cell.cell_contents
            if isinstance(found, list | tuple) and found and set(found) <= {"GET", "HEAD", "POST"}:
                return set(found)
        if isinstance(getattr(view, "view_class", None), type) and issubclass(view.view_class, View):
            return {name.upper() for name in view.view_class.http_method_names if hasattr(view.view_class, name)}
        view = getattr(view, "__wrapped__", None)
    return None


def views(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns)
        else:
            yield pattern.name, pattern.callback


def test_every_address_that_takes_a_form_is_in_the_table():
    found = dict(views(get_resolver().url_patterns))
    assert {page.name for page in walk(get_resolver().url_patterns)} == set(found)
    takes = {name for name, view in found.items() if (said := methods_of(view)) is None or "POST" in said}
    assert takes == set(SENDINGS), "a new address: say in tests/sendings.py what comes of it when it is sent twice"


def test_what_may_be_repeated_is_what_the_table_says():
    assert {name for name, sending in SENDINGS.items() if sending.may_repeat} == once.MAY_BE_REPEATED


def test_the_page_is_the_table():
    routes = {page.name: page.route for page in PAGES}
    lines = [f"| {word} | {text} |" for word, text in PAGES_TWICE.items()]
    lines += ["", "| who was second | |", "|---|---|", *(f"| {word} | {text} |" for word, text in TWO_PEOPLE.items())]
    lines += ["", "| address | identical | second window | who was second |", "|---|---|---|---|"]
    for name, sending in sorted(SENDINGS.items(), key=lambda pair: routes[pair[0]]):
        same = "may be repeated" if sending.may_repeat else "the newest holds" if sending.is_unlogged else "once"
        lines.append(f"| `/{routes[name]}` | {same} | {sending.again} | {sending.two} |")
    text = HEAD + "\n".join(lines) + "\n"
    if os.environ.get("WRITE_CONCURRENCY"):
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.exists()
    assert TABLE.read_text(encoding="utf-8") == text, (
        "read the change; if it is meant: WRITE_CONCURRENCY=1 ./test this file"
    )


class Window:
    """One window of a person's browser: forms from its pages carry its own token."""

    def __init__(self, client: Client, token: str) -> None:
        self.client, self.token = client, token

    def fills(self, name: str, page, world: dict) -> tuple[str, dict]:  # noqa: F811
        sending = SENDINGS[name]
        path = sending.at(world) if sending.at else address(page, world)
        entries = sending.filled(world)
        shown = sending.page(world) if sending.page else path
        answer = self.client.get(shown)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            bare = path.partition("?")[0]
            for having in (*entries, ""):
                try:
                    own = ("",) if shown.partition("?")[0] == bare else ()
                    entries = form_on(answer.text, *own, path, bare, having=having) | entries
                    break
                except LookupError:
                    continue
        return path, entries | {"csrfmiddlewaretoken": self.token * 64}


def stored():
    """Everything but the mark of the form itself, and how long sessions live."""
    found = {table: found for table, found in rows().items() if table not in ("events_sentform", "axes_accessattempt")}
    return found | {"events_event": Event.objects.writes().exclude(kind=Kind.PATIENT_LOOKED_UP).count()}


def differences(before: dict, after: dict) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def test_each_counts_once(world):  # noqa: F811
    """All in one world, each undone before the next: a list of what is wrong, with the address in front."""
    neighbours = make_team("nb", hospital=world["team"].hospital)
    neighbour = make_user("neighbour", discipline="surgery", team=neighbours, roles=(Role.MEMBER,))
    world = grown(world)
    founder = make_user("founder", is_superuser=True)
    people = {"everybody": world["everybody"], "neighbour": neighbour, "founder": founder}
    wrong: list[str] = []
    for page in PAGES:
        if page.name in SENDINGS and (only := os.environ.get("ONLY", page.name)) and page.name in only.split():
            with undone():
                try:
                    wrong += [f"{page.name}: {each}" for each in sent_again(page, world, people)]
                except Exception as error:  # noqa: BLE001 - the other addresses are still to be asked
                    wrong.append(f"{page.name}: {error!r}")
    assert wrong == [], "\n" + "\n".join(wrong)


def sent_again(page, world: dict, people: dict) -> list[str]:  # noqa: F811
    sending, wrong = SENDINGS[page.name], []
    if sending.before:
        sending.before(world)
    client = Client(raise_request_exception=False)
    if sending.by:
        client.force_login(people[sending.by])
    window, other = Window(client, "a"), Window(client, "b")
    path, form = window.fills(page.name, page, world)
    _path, same = other.fills(page.name, page, world)
    before, taken = stored(), SentForm.objects.count()
    first = client.post(path, form)
    after = stored()
    if sending.writes and (first.status_code >= 400 or not differences(before, after)):
        said = re.findall(r"(?:invalid-feedback|alert-danger|notice late)[^>]*>(.*?)</(?:p|div|ul)>", first.text, re.S)
        return [f"did nothing: {first.status_code} {said}"]
    if not sending.writes and not sending.may_repeat and differences(before, after):
        wrong.append(f"writes {differences(before, after)}")
    if page.name in ("password-change", "sign-in", "sign-out"):
        return wrong  # the session is another one now, and with it every token
    is_taken = SentForm.objects.count() > taken
    for _time in range(2):
        again = client.post(path, form)
        if again.status_code >= 400 and sending.writes:
            wrong.append(f"the same again: {again.status_code}")
        if not (sending.may_repeat or sending.is_unlogged) and (changed := differences(after, stored())):
            wrong.append(f"the same again: {changed}")
        if is_taken and not sending.may_repeat and again.status_code == 302:
            shown = client.get(again.url, follow=True)
            if SENT_BEFORE not in shown.text:
                wrong.append(f"does not say so at {again.url}: {shown.status_code}")
    answer = client.post(path, same)
    changed = differences(after, stored())
    if answer.status_code >= 500:
        wrong.append(f"from a second window: {answer.status_code}")
    if sending.writes and not sending.may_repeat and bool(changed) != (sending.again == MEANT):
        wrong.append(f"from a second window, said to be {sending.again}: {answer.status_code} {changed}")
    if sending.two == BOTH and sending.again == SECOND and answer.status_code not in (409, 422):
        wrong.append(f"from a second window: {answer.status_code}, and no page with both")
    return wrong
