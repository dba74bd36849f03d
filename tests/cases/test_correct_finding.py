"""Corrections: a new row beside the old one, with a reason and a history that people can read."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Finding
from mdt.events.append_only import AppendOnlyError
from mdt.events.kinds import Kind
from mdt.events.models import Event
from tests.builders import make_case, make_finding
from tests.cases.forms_helper import controls, fields_of, findings_data
from tests.remembered import remembered

FIRST = {
    "t_category": {"one_of": ["T3", "T4a"]}, "nodes_beyond_d2": {"one_of": [[], ["16a1", "16b1"]]},
    "liver_lesions": [{"segments": ["4a"], "diameter_mm": {"at_least": 12}, "nature": "metastasis"}, {}],
    "distant_sites": [{"site": "lung", "count": {"at_least": 2}, "laterality": {"one_of": ["left", "right"]}}],
}  # fmt: skip


@pytest.fixture
@remembered
def finding(case, radiologist):
    return make_finding(case, radiologist, FIRST, report_text="First report.", impression="First.")


@pytest.fixture
def url(case, finding):
    return reverse("finding-correct", args=[case.reference, finding.pk])


@pytest.fixture
def signed_in(client, radiologist):
    client.force_login(radiologist)
    return client


def filled(finding, facts, **other):
    return findings_data(
        finding.case, finding.discipline, facts,
        **{"report_text": finding.report_text, "impression": finding.impression, "reason": "Misread.",
           "examined_on": finding.examined_on, **other},
    )  # fmt: skip


def test_the_form_is_filled_with_the_finding(signed_in, url, finding):
    page = signed_in.get(url).content.decode()
    assert "First report." in page
    assert 'name="liver_lesions-1-diameter" value="≥12"' in page
    assert "as recorded: looked for, none or" in page
    assert finding.examined_on.isoformat() in page


def test_what_the_form_shows_is_what_it_stores(signed_in, url, finding):
    """Every control as the page drew it, sent back with one change: all the rest stays as it was."""
    form = signed_in.get(url).context["form"]
    posted = {"reason": "Date.", "examined_on": "2026-01-01", "report_text": "First report.", "impression": "First."}
    for name, field in form.facts.items():
        posted |= controls(field, FIRST.get(name))
    assert signed_in.post(url, posted).status_code == 302
    assert finding.superseded_by.facts == FIRST
    assert finding.superseded_by.examined_on.isoformat() == "2026-01-01"


def test_it_supersedes_and_keeps_the_earlier_finding(signed_in, url, case, finding, radiologist):
    facts = {**FIRST, "t_category": "T3"}
    response = signed_in.post(url, filled(finding, facts))
    correction = Finding.objects.get(supersedes=finding)
    assert response.url == case.get_absolute_url()
    assert (correction.facts, correction.correction_reason, correction.discipline) == (facts, "Misread.", "radiology")
    assert Finding.objects.get(pk=finding.pk).facts == FIRST
    assert list(case.findings.current()) == [correction]
    assert case.latest_proposal.facts["t_category"] == "T3"
    event = Event.objects.get(kind=Kind.FINDING_CORRECTED)
    assert (event.by, event.data["supersedes"], event.data["reason"]) == (radiologist, finding.pk, "Misread.")


def test_a_finding_is_never_changed(finding):
    finding.impression = "Second."
    with pytest.raises(AppendOnlyError):
        finding.save()


def test_everything_may_be_taken_back(signed_in, url, case, finding):
    signed_in.post(url, filled(finding, {}, report_text="", impression="", reason="Entered in the wrong case."))
    assert finding.superseded_by.facts == {}
    assert case.latest_proposal.statements == {}


def test_the_history_is_a_readable_before_and_after(signed_in, url, case, finding):
    signed_in.post(url, filled(finding, {**FIRST, "t_category": "T3"}, impression="Second."))
    correction = Finding.objects.get(supersedes=finding)
    signed_in.post(
        reverse("finding-correct", args=[case.reference, correction.pk]),
        filled(correction, {"t_category": "T2"}, reason="Seen again."),
    )
    for shown in Finding.objects.all():
        page = signed_in.get(reverse("finding", args=[case.reference, shown.pk]))
        first, second = page.context["history"][1]["changes"], page.context["history"][0]["changes"]
        assert first == [
            {"label": "T category", "before": "T3 or T4a", "after": "T3"},
            {"label": "Impression for the meeting", "before": "First.", "after": "Second."},
        ]
        assert {"label": "T category", "before": "T3", "after": "T2"} in second
        assert next(change for change in second if change["label"] == "Liver lesions")["after"] == ""
        assert "Misread." in page.content.decode()
        assert "Seen again." in page.content.decode()
    assert (
        "This finding was corrected."
        in signed_in.get(reverse("finding", args=[case.reference, finding.pk])).content.decode()
    )


def test_reading_a_finding_is_logged(client, auditor, case, finding):
    client.force_login(auditor)
    assert client.get(reverse("finding", args=[case.reference, finding.pk])).status_code == 200
    assert Event.objects.get(kind=Kind.CASE_OPENED).by == auditor


@pytest.mark.parametrize(
    ("posted", "said"),
    [({"reason": ""}, "Say why"), ({"reason": "x" * 401}, "at most 400"), ({"t_category": "T9"}, "T4a"),
     ({"examined_on": "2999-01-01"}, "future")],
)  # fmt: skip
def test_bad_input_stores_nothing(signed_in, url, finding, posted, said):
    response = signed_in.post(url, filled(finding, {"ascites": True}, **posted))
    assert (response.status_code, Finding.objects.count()) == (422, 1)
    assert said in response.content.decode()


def test_a_correction_that_changes_nothing_is_refused(signed_in, url, finding):
    response = signed_in.post(url, filled(finding, FIRST))
    assert (response.status_code, Finding.objects.count()) == (422, 1)
    assert "Nothing is different" in response.content.decode()


def test_the_second_of_two_corrections_is_refused_with_what_is_new(signed_in, url, finding, surgeon):
    actions.correct_finding(
        finding=finding,
        by=surgeon,
        facts={"t_category": "T2"},
        examined_on=timezone.localdate(),
        reason="First to see.",
    )
    response = signed_in.post(url, filled(finding, {"t_category": "T4b"}))
    assert (response.status_code, Finding.objects.count()) == (409, 2)
    assert "T category <b>T2</b>" in response.content.decode()
    assert signed_in.get(url).url == reverse("finding", args=[finding.case.reference, finding.superseded_by.pk])


@pytest.mark.parametrize("name", ["finding", "finding-correct"])
def test_it_hides_findings_from_an_outsider(client, outsider, case, finding, name):
    client.force_login(outsider)
    assert client.get(reverse(name, args=[case.reference, finding.pk])).status_code == 404


def test_it_refuses_members_without_the_right(client, auditor, url, finding):
    client.force_login(auditor)
    assert client.get(url).status_code == client.post(url, filled(finding, {"ascites": True})).status_code == 403
    assert Finding.objects.count() == 1


def test_a_finding_belongs_to_its_own_case(signed_in, finding, team, coordinator):
    other = make_case(team=team, by=coordinator)
    assert signed_in.get(reverse("finding", args=[other.reference, finding.pk])).status_code == 404
    assert signed_in.get(reverse("finding-correct", args=[other.reference, finding.pk])).status_code == 404


def test_every_stored_value_can_be_shown_in_the_form():
    for name, field in fields_of().items():
        assert field.typed({"not_applicable": True}).apart == ("not_applicable",), name
