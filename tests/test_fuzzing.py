"""Hostile requests to every address (tests/fuzzing.py has a command for 100,000)."""

import os
import random

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing import Fuzzer, fuzz
from tests.test_urls import world as world_of_pages  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(world_of_pages, surgeon, outsider):  # noqa: F811 - the fixture
    return world_of_pages | {"member": surgeon, "outsider": outsider}


@settings(
    max_examples=8, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(seed=st.integers(0, 2**32))
def test_no_request_breaks_anything(world, seed):
    findings = fuzz(world, 40, random.Random(seed))
    assert findings.wrong == [], str(findings)


@pytest.mark.by_command
def test_as_many_as_asked(world):
    count, seconds, seed = os.environ["FUZZ"].split()
    findings = fuzz(world, int(count), random.Random(int(seed)), float(seconds))
    print(findings)
    assert findings.wrong == []


def test_what_was_found_stays_mended(client, surgeon):
    client.force_login(surgeon)
    for after in ("/sign-in/", "/sign-in/?next=/sign-in/"):
        assert client.post("/sign-in/", {"next": after}).url == "/"
    assert client.get(f"/meetings/protocols/{'A' * 70_000}/").status_code == 404


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HttpResponse(status=500), "an error"),
        (HttpResponse("<p><mdtxss onload=x></p>"), "markup"),
        (HttpResponse('<a href="javascript:mdtxss">'), "javascript"),
        (HttpResponse("root:x:0:0:root"), "machine"),
        (HttpResponse("name,note\r\nx,=1+1\r\n", content_type="text/csv"), "calculated"),
        (HttpResponse(status=302, headers={"Location": "//evil.example/"}), "leads to"),
        (HttpResponse(status=302, headers={"Location": "/\\evil.example"}), "leads to"),
        (HttpResponse(status=302, headers={"Location": "https://evil.example/"}), "leads to"),
        (HttpResponse(), "no policy"),
    ],
)
def test_what_is_wrong_is_seen(answer, said):
    if said != "no policy":
        answer.headers["Content-Security-Policy"] = "default-src 'none'"
    assert [wrong for wrong in Fuzzer(random.Random(), [], None, []).look_at(answer) if said in wrong]
