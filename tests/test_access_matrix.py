"""Every address, for every persona, by every method: the answers are those of docs/access-matrix.md, read by people.

After a change that is meant: `WRITE_ACCESS_MATRIX=1 ./test tests/test_access_matrix.py`, then read what changed.
"""

import os
from copy import deepcopy

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from mdt.people.models import Role, User
from tests.builders import make_user
from tests.test_urls import PAGES, address, world  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.long]

TABLE = settings.BASE_DIR / "docs" / "access-matrix.md"
PERSONAS = {  # column → fixture or user name
    "nobody signed in": "",
    "member": "surgeon",
    "coordinator": "coordinator",
    "chair": "chair",
    "auditor": "auditor",
    "administrator": "admin",
    "privacy officer": "officer",
    "superuser": "superuser",
    "in no team": "stranger",
    "another hospital": "outsider",
}
ASKED_OF_ALL = ("GET", "POST")
NEVER = ("PUT", "PATCH", "DELETE")
HEAD = """# Who gets what answer

Written by a test and held by it: every address, by every method, for every persona. Left out are lines that nobody may
use: every signed-in person gets 405, 403 or 404. PUT, PATCH and DELETE are asked by the chair and by somebody of
another hospital, and nobody may use them anywhere. To write the table anew after a change that is meant:
`WRITE_ACCESS_MATRIX=1 ./test tests/test_access_matrix.py`, then read what changed.

The case, the meeting and the people behind the addresses belong to the team of the first six. POST is sent without any
field: *yes* means that the right is there, and that what is missing is asked for.

| word | means |
|---|---|
| yes | the page, or the action (200, 204, 302, 409, 422) |
| no | 403: they know that it exists, and may not |
| – | 404: to them it does not exist, or, by POST, what they should name does not |
| sign in | led to the sign-in |
| 405 | not by this method |

"""


def word(answer) -> str:
    code = answer.status_code
    if code == 302 and answer.url.startswith("/sign-in/?next="):
        return "sign in"
    return {403: "no", 404: "–", 405: "405"}.get(code) or ("yes" if code in (200, 204, 302, 409, 422) else str(code))


@pytest.fixture
def clients(world, auditor, admin, outsider):  # noqa: F811
    """A browser for each persona."""
    make_user("officer", team=world["team"], roles=(Role.PRIVACY,))
    make_user("superuser", is_superuser=True)
    make_user("stranger", discipline="surgery")
    found = {}
    for persona, username in PERSONAS.items():
        found[persona] = Client(raise_request_exception=False)
        if username:
            found[persona].force_login(User.objects.get(username=username))
    return found


def asked(client, method, url) -> str:
    """What this client is answered; whatever it did is undone, here and in the browser: signing out is one of them."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, url)
        transaction.set_rollback(True)
    client.cookies = cookies
    return word(answer)


def lines(clients, world):  # noqa: F811
    """The table's lines: one for an address and a method that somebody may use."""
    for page in sorted(PAGES, key=lambda page: page.route):
        url = address(page, world)
        for method in ASKED_OF_ALL:
            cells = [asked(client, method, url) for client in clients.values()]
            if not set(cells[1:]) <= {"405", "no", "–"}:
                yield f"| `/{page.route}` | {method} | {' | '.join(cells)} |"


def test_every_answer_is_the_one_of_the_table(clients, world):  # noqa: F811
    head = ["address", "method", *PERSONAS]
    rows = [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines(clients, world)]
    text = HEAD + "\n".join(rows) + "\n"
    if os.environ.get("WRITE_ACCESS_MATRIX"):
        TABLE.write_text(text, encoding="utf-8")
    kept = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    new = [line for line in text.splitlines() if line not in kept]
    gone = [line for line in kept if line not in text.splitlines()]
    assert (new, gone) == ([], []), "read the change; if it is meant: WRITE_ACCESS_MATRIX=1 ./test this file"


def test_no_other_method_does_anything(clients, world):  # noqa: F811
    few = [clients["nobody signed in"], clients["chair"], clients["another hospital"]]
    done = {
        f"{method} {page.route}": said
        for page in PAGES
        for method in NEVER
        for said in [{asked(client, method, address(page, world)) for client in few}]
        if not said <= {"405", "no", "–", "sign in"}
    }
    assert done == {}
