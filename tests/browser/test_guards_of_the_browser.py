"""The browser fixtures themselves: each of the things they watch for is seen, and a good page passes."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_passes_a_page_of_ours(page, live_server, axe):
    page.goto(live_server.url + reverse("sign-in"))
    axe(page)


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('seen')", "seen"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("document.body.innerHTML = '<p style=\"color: red\">x</p>'", "Content Security Policy"),
        ("fetch('https://elsewhere.example/').catch(() => 0)", "elsewhere.example"),
    ],
)
def test_it_notices(page, live_server, script, complaint):
    page.goto(live_server.url + reverse("sign-in"))
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert any(complaint in problem for problem in page.problems)
    page.problems.clear()


def test_axe_names_what_is_wrong(page, live_server, axe):
    page.goto(live_server.url + reverse("sign-in"))
    page.evaluate("document.body.appendChild(document.createElement('img')).src = 'data:,'")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
