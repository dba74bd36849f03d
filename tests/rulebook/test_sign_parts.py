"""Options, arguments and gates are compared and signed like editions, and proposals carry what was signed."""

import pytest
from django.urls import reverse

from mdt.rulebook import actions, library
from mdt.rulebook.models import EditionStep, Judgement
from mdt.rulebook.standing import judgements_of, progress_of, signed_parts, standing_of
from tests.builders import make_finding
from tests.rulebook.builders import judge, judge_all, sign

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


@pytest.fixture
def files():
    return {each.part: each for each in library.part_files(library.rulebook()["gclm"])}


def names(file):
    return [file.pathway, file.scheme, file.edition]


def test_each_file_is_an_edition_of_its_own_with_the_rules_that_it_holds(files):
    assert list(files) == ["options", "arguments", "gates"]
    assert [bool(list(library.citables(file))) for file in files.values()] == [False, True, True]
    (whole,) = library.part_files(library.rulebook()["hcc"])
    assert len(list(library.citables(whole))) == len(whole.arguments) + len(whole.gates) > 0


def test_two_people_bring_the_gates_to_approval_once_all_are_compared(client, files, surgeon, chair):
    gates = files["gates"]
    sign(gates, surgeon, "reviewed", "draft")
    with pytest.raises(actions.RuleRefusal, match="were not compared"):
        sign(gates, chair, "approved", "reviewed")
    judge_all(gates, surgeon)
    with pytest.raises(actions.RuleRefusal, match=r"yourself|no right"):
        sign(gates, surgeon, "approved", "reviewed")
    client.force_login(chair)
    entries = {
        "digest": gates.digest,
        "status": "approved",
        "based_on": "reviewed",
        "reason": "Read.",
        "password": PASSWORD,
    }
    assert client.post(reverse("rules-sign", args=names(gates)), entries).status_code == 302
    assert standing_of(gates).status == "approved"
    assert {each["part"]: each["status"] for each in signed_parts("gclm", "en")} == {
        "options": "draft",
        "arguments": "draft",
        "gates": "approved",
    }


def test_a_gate_that_differs_stops_the_review(files, surgeon):
    judge(files["gates"], surgeon, "gate:P-3", "differs")
    with pytest.raises(actions.RuleRefusal, match="1 rule differs"):
        sign(files["gates"], surgeon, "reviewed", "draft")


def test_options_hold_nothing_to_compare_and_are_signed_without(files, surgeon, chair):
    sign(files["options"], surgeon, "reviewed", "draft")
    sign(files["options"], chair, "approved", "reviewed")
    assert standing_of(files["options"]).signed_by == "Dr Surgeon, Dr Chair"


def test_an_argument_is_compared_on_its_page_and_the_list_shows_by_whom(client, files, surgeon):
    client.force_login(surgeon)
    file = files["arguments"]
    first, second = [each.id for each in library.citables(file)][:2]
    url = reverse("rule-compare", args=names(file))
    assert first in client.get(f"{url}?rule={first}").text
    entries = {"digest": file.digest, "verdict": "as-in-paper", "place": "table 2", "paper_says": "", "note": ""}
    assert client.post(f"{url}?rule={first}", entries).url.endswith(f"?rule={second}")
    assert Judgement.objects.get().scheme == "gclm:arguments"
    page = client.get(reverse("rules-part", args=["gclm", "arguments"])).text
    assert page.count("verified by Dr Surgeon") == 1
    assert progress_of(file, judgements_of(file.scheme, file.digest)).as_in_paper == 1


def test_a_gate_is_compared_with_what_closes_it(client, files, surgeon):
    client.force_login(surgeon)
    page = client.get(reverse("rule-compare", args=names(files["gates"])) + "?rule=gate:laparoscopy").text
    assert "closed unless" in page


def test_a_page_of_another_text_signs_nothing(client, files, surgeon):
    client.force_login(surgeon)
    entries = {"digest": "0" * 64, "status": "reviewed", "based_on": "draft", "reason": "Read.", "password": PASSWORD}
    assert client.post(reverse("rules-sign", args=names(files["gates"])), entries).status_code == 409
    assert not EditionStep.objects.exists()


@pytest.mark.parametrize("page", ["rules-edition", "rules-coverage", "rules-compare", "rules-file"])
def test_pages_that_speak_of_categories_have_none_for_a_part(client, files, surgeon, page):
    client.force_login(surgeon)
    assert client.get(reverse(page, args=names(files["gates"]))).status_code == 404


@pytest.mark.parametrize("page", ["rules-sign", "rules-checklist"])
@pytest.mark.parametrize("part", ["options", "arguments", "gates"])
def test_everybody_reads_the_pages_of_a_part(client, files, auditor, page, part):
    client.force_login(auditor)
    answer = client.get(reverse(page, args=names(files[part])))
    assert answer.status_code == 200
    assert "password" not in answer.text


def test_the_next_proposal_carries_the_status_of_its_options(case, radiologist, surgeon, files):
    make_finding(case, radiologist, {"t_category": "T3"})
    before = case.proposals.latest("number")
    sign(files["options"], surgeon, "reviewed", "draft")
    make_finding(case, radiologist, {"n_category": "N1"})
    after = case.proposals.latest("number")
    before.refresh_from_db()
    assert before.outcome["en"]["options_rules"][0]["status"] == "draft"
    assert after.outcome["zh-hans"]["options_rules"][0] == {
        "part": "options",
        "edition": files["options"].edition,
        "label": files["options"].labels("zh-hans"),
        "digest": files["options"].digest,
        "status": "reviewed",
        "verified_by": "Dr Surgeon",
    }
