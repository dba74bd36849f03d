"""Pages of a case say which rules somebody compared with the paper, for exactly the text that gave the answer."""

import pytest
from django.urls import reverse

from mdt.rulebook import library
from mdt.rulebook.models import Judgement
from tests.builders import make_finding
from tests.remembered import remembered
from tests.rulebook.builders import judge

pytestmark = pytest.mark.django_db

RULE = "c-gclm.2019.outside.peritoneum"
SAID = "as in the paper, Dr Surgeon, "


@pytest.fixture
@remembered
def stated(case, surgeon):
    make_finding(case, surgeon, {"peritoneum": "P1"})
    return case


@pytest.fixture
def edition():
    return next(each for each in library.rulebook()["gclm"].editions if each.scheme == "c-gclm")


def shown(client, case, page):
    return client.get(reverse(page, args=[case.reference])).text


@pytest.mark.parametrize("page", ["case", "case-explanation"])
def test_a_rule_that_was_compared_says_by_whom_and_when(client, stated, surgeon, edition, page):
    client.force_login(surgeon)
    before = shown(client, stated, page)
    judge(edition, surgeon, RULE)
    after = shown(client, stated, page)
    assert SAID not in before
    assert after.count(SAID) == 1
    assert after.count("unverified") < before.count("unverified")


@pytest.mark.parametrize("verdict", ["differs", "not-found"])
def test_a_later_doubt_takes_it_back(client, stated, surgeon, edition, verdict):
    client.force_login(surgeon)
    judge(edition, surgeon, RULE)
    judge(edition, surgeon, RULE, verdict)
    assert SAID not in shown(client, stated, "case")


def test_a_comparison_of_another_text_says_nothing(client, stated, surgeon, edition):
    client.force_login(surgeon)
    Judgement.objects.create(
        pathway="gclm",
        scheme="c-gclm",
        edition="2019",
        digest="0" * 64,
        rule=RULE,
        verdict="as-in-paper",
        place="page 6",
        judged_by=surgeon,
    )
    assert SAID not in shown(client, stated, "case")


def test_an_argument_that_was_compared_says_so_beside_its_option(client, stated, surgeon):
    client.force_login(surgeon)
    arguments = next(each for each in library.part_files(library.rulebook()["gclm"]) if each.part == "arguments")
    judge(arguments, surgeon, "renaissance_negative")
    assert SAID in shown(client, stated, "case")


def test_options_show_the_status_of_the_files_that_hold_them(client, stated, surgeon):
    client.force_login(surgeon)
    text = shown(client, stated, "case")
    for file in library.part_files(library.rulebook()["gclm"]):
        assert f"{file.labels('en')} {file.edition}" in text
