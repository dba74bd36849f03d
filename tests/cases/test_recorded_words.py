"""After recording, the message says what that changed: the type, what is still missing, where sources differ."""

import html

import pytest

from cases.models import Case
from cases.recorded_words import Stood, _changes
from tests.builders import make_finding
from tests.cases.forms_helper import post_findings

pytestmark = pytest.mark.django_db
LIVER = {"liver_lesion_count": 1, "liver_max_diameter_mm": 30, "liver_lobes": "right", "liver_metastasis": "clinical"}


def message(client, case, facts, discipline="radiology") -> str:
    page = client.get(post_findings(client, case, discipline, facts).url).text
    begins = page.index("The findings are recorded.")
    return " ".join(html.unescape(page[begins : begins + 900]).partition("</")[0].split())


def test_the_message_names_the_type_before_and_after_and_what_is_still_missing(client, radiologist, case):
    client.force_login(radiologist)
    before = len([item for item in case.readiness if item["state"] == "missing"])
    said = message(client, case, LIVER | {"t_category": "T3", "nodes_beyond_d2": []})
    case.refresh_from_db()
    after = [item for item in case.readiness if item["state"] == "missing"]
    assert "Type: open: " in said.replace("no proposal", "open: ")
    assert " → provisionally Type I." in said
    assert f"Still missing: {before} → {len(after)} (" in said
    assert before > len(after) > 0


def test_what_changes_nothing_is_said_to_change_nothing(client, radiologist, case):
    client.force_login(radiologist)
    message(client, case, LIVER)
    said = message(client, case, {"ascites": False})
    assert "Type as before: " in said
    assert "Still missing: " in said
    assert " → " not in said


def test_a_sealed_case_says_only_what_is_missing(client, radiologist, case):
    make_finding(case, radiologist, {"t_category": "T2"})
    Case.objects.filter(pk=case.pk).update(is_sealed=True)
    client.force_login(radiologist)
    said = message(client, case, LIVER)
    assert "Still missing: " in said
    assert "Type" not in said
    assert "resected" not in said


def test_a_contradiction_that_the_record_makes_is_named_at_once(client, radiologist, surgeon, case):
    make_finding(case, surgeon, {"ascites": True})
    client.force_login(radiologist)
    assert "Sources now differ: Ascites." in message(client, case, {"ascites": False})
    assert "Sources now differ" not in message(client, case, {"t_category": "T3"})


def test_a_case_that_lacks_nothing_says_so():
    one = Stood(type="Type I", now="", lacks=("T",), differs=())
    said = list(_changes(one, Stood(type="Type I", now="", lacks=(), differs=()), is_sealed=False))
    assert said == ["Type as before: Type I.", "Nothing required is missing."]
