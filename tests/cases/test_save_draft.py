"""Drafts: saved while somebody types, right or wrong, theirs alone, and never taken for a finding."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Finding, FindingDraft, Proposal
from mdt.events.kinds import Kind
from mdt.events.models import Event
from tests.builders import make_case, make_finding
from tests.cases.forms_helper import findings_data

HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(case):
    return reverse("draft-save", args=[case.reference, "radiology"])


@pytest.fixture
def page(case):
    return reverse("finding-record", args=[case.reference, "radiology"])


@pytest.fixture
def signed_in(client, radiologist):
    client.force_login(radiologist)
    return client


def save(client, url, data):
    return client.post(url, data, headers=HTMX)


def test_it_keeps_what_was_typed_and_says_when(signed_in, url, case, radiologist):
    proposals = Proposal.objects.count()
    response = save(signed_in, url, findings_data(case, "radiology", {"t_category": "T3"}))
    draft = FindingDraft.objects.get()
    assert f"Draft saved {timezone.localtime(draft.saved_at):%H:%M}" in response.content.decode()
    assert (draft.author, draft.discipline, draft.entries["t_category"]) == (radiologist, "radiology", ["T3"])
    assert (Finding.objects.count(), Proposal.objects.count()) == (0, proposals)
    assert Event.objects.get(kind=Kind.DRAFT_SAVED).by == radiologist


def test_every_save_replaces_the_last_and_only_the_first_is_logged(signed_in, url):
    for value in ("T2", "T3"):
        save(signed_in, url, {"t_category": value})
    assert FindingDraft.objects.get().entries == {"t_category": ["T3"]}
    assert Event.objects.filter(kind=Kind.DRAFT_SAVED).count() == 1


def test_wrong_entries_are_kept_as_typed_and_come_back(signed_in, url, page):
    typed = {
        "liver_max_diameter_mm": "5,4 c", "examined_on": "2026-13-1", "t_category": ["T3", "T9"], "made_up": "x",
        "liver_lesions-4-diameter": "big", "liver_lesions-4-nature": "benign", "report_text": "Line 1\r\nLine 2",
    }  # fmt: skip
    assert save(signed_in, url, typed).status_code == 200
    shown = signed_in.get(page).content.decode()
    for value in (
        "5,4 c",
        "2026-13-1",
        'value="T3" checked',
        'value="big"',
        'value="benign" selected',
        "Line 1\r\nLine 2",
    ):
        assert value in shown, value
    assert "Your draft of" in shown
    assert "Nothing was stored" not in shown


def test_an_untouched_form_leaves_no_draft(signed_in, url):
    response = save(signed_in, url, {"examined_on": "2026-01-01", "based_on": "0", "t_category": ""})
    assert "No draft yet" in response.content.decode()
    assert not FindingDraft.objects.exists()


def test_emptied_entries_leave_an_existing_draft_empty(signed_in, url):
    save(signed_in, url, {"t_category": "T3"})
    save(signed_in, url, {"t_category": ""})
    assert FindingDraft.objects.get().entries == {}


def test_it_says_what_is_still_open_and_what_follows_from_the_list(signed_in, url):
    before = save(signed_in, url, {"ascites": "no"}).content.decode()
    after = save(
        signed_in, url,
        {"n_category": "N1", "liver_lesions-1-segments": ["3"], "liver_lesions-1-diameter": "12",
         "liver_lesions-1-nature": "metastasis", "liver_lesions_complete": "yes"},
    ).content.decode()  # fmt: skip
    assert "8 facts still open" in before
    assert "Largest liver metastasis: 12 mm" in after
    assert "Lobes involved: Left" in after
    assert "N category" not in after


def test_a_draft_is_its_authors_alone(signed_in, url, page, client, surgeon):
    save(signed_in, url, {"report_text": "Only mine"})
    client.force_login(surgeon)
    assert "Only mine" not in client.get(page).content.decode()
    draft = FindingDraft.objects.get()
    discard = reverse("draft-discard", args=[draft.case.reference, draft.pk])
    assert client.get(discard).status_code == client.post(discard).status_code == 404
    assert FindingDraft.objects.exists()


def test_a_draft_that_a_colleague_overtook_shows_what_is_new_beside_it(signed_in, url, page, case, surgeon):
    save(signed_in, url, findings_data(case, "radiology", {"ascites": True}))
    make_finding(case, surgeon, {"t_category": "T2"}, discipline="radiology")
    shown = signed_in.get(page).content.decode()
    assert "New since you began" in shown
    assert "T category <b>T2</b>" in shown
    assert 'name="ascites" value="yes" checked' in shown
    assert f'name="based_on" value="{Finding.objects.get().pk}"' in shown


def test_a_late_request_does_not_revive_a_recorded_draft(signed_in, url, page, case):
    data = findings_data(case, "radiology", {"ascites": True})
    assert signed_in.post(page, data).status_code == 302
    response = save(signed_in, url, data)
    assert response.status_code == 422
    assert "you recorded these findings" in response.content.decode()
    assert not FindingDraft.objects.exists()


def test_a_text_beyond_all_measure_is_not_kept(signed_in, url):
    response = save(signed_in, url, {"report_text": "x" * 1_000_000})
    assert response.status_code == 422
    assert "Draft not saved" in response.content.decode()
    assert not FindingDraft.objects.exists()


def test_without_scripts_a_draft_is_left_and_rows_are_added(signed_in, url, page, case):
    assert signed_in.post(url, {"ascites": "yes", "leave": "1"}).url == case.get_absolute_url()
    more = signed_in.post(url, {"ascites": "yes", "liver_lesions-1-diameter": "7", "more": "9"}).url
    assert more == f"{page}?rows=9#liver_lesions"
    assert signed_in.get(more).content.decode().count("data-spare") == 9


def test_a_correction_has_a_draft_of_its_own(signed_in, url, page, case, radiologist):
    finding = make_finding(case, radiologist, {"t_category": "T3"}, report_text="Old.")
    save(signed_in, url, {"corrects": str(finding.pk), "report_text": "Corrected.", "reason": "Typing"})
    assert FindingDraft.objects.get().corrects == finding
    assert "Corrected." not in signed_in.get(page).content.decode()
    shown = signed_in.get(reverse("finding-correct", args=[case.reference, finding.pk])).content.decode()
    assert "Corrected." in shown
    assert "Old." not in shown


def test_a_correction_of_another_case_is_no_draft(signed_in, url, team, coordinator, radiologist):
    finding = make_finding(make_case(team=team, by=coordinator), radiologist, {"t_category": "T3"})
    assert save(signed_in, url, {"corrects": str(finding.pk), "ascites": "yes"}).status_code == 404


def test_it_is_discarded_after_a_question(signed_in, url, page, case, radiologist):
    save(signed_in, url, {"ascites": "yes"})
    discard = reverse("draft-discard", args=[case.reference, FindingDraft.objects.get().pk])
    assert "Discard this draft?" in signed_in.get(discard).content.decode()
    assert FindingDraft.objects.exists()
    assert signed_in.post(discard).url == page
    assert not FindingDraft.objects.exists()
    assert Event.objects.get(kind=Kind.DRAFT_DISCARDED).by == radiologist


def test_it_only_takes_posts(signed_in, url):
    assert signed_in.get(url).status_code == 405


def test_it_refuses_members_without_the_right(client, auditor, url):
    client.force_login(auditor)
    assert save(client, url, {"ascites": "yes"}).status_code == 403
    assert not FindingDraft.objects.exists()


@pytest.mark.parametrize("number", ["²", "9" * 30, "9" * 5000, "x", "-1"])
def test_numbers_that_no_page_of_ours_posts_are_not_found_and_break_nothing(signed_in, url, number):
    assert signed_in.post(url, {"corrects": number, "t_category": "T3"}).status_code == 404
    assert not FindingDraft.objects.exists()
    assert signed_in.post(url, {"more": number, "t_category": "T3"}).status_code == 302


def test_a_nul_is_left_out(signed_in, url):
    """PostgreSQL cannot store one."""
    save(signed_in, url, {"t_cat\x00egory": "T\x003", "report_text": "Liver\x00."})
    assert FindingDraft.objects.get().entries == {"t_category": ["T3"], "report_text": ["Liver."]}


def test_what_follows_from_the_list_stands_for_its_own_fields_and_the_way_out_comes_with_the_draft(
    signed_in, url, page
):
    lesions = {
        "liver_lesions-1-segments": ["6"],
        "liver_lesions-1-diameter": "22",
        "liver_lesions-1-nature": "metastasis",
    }
    closed = save(signed_in, url, lesions | {"liver_lesions_complete": "yes"})
    follows = json.loads(closed.context["following"])
    assert follows["liver_max_diameter_mm"] == ["22 mm", "follows from the list of lesions"]
    assert follows["liver_lobes"][0] == "Right (5 to 8)"
    assert reverse(
        "draft-discard", args=[FindingDraft.objects.get().case.reference, FindingDraft.objects.get().pk]
    ) in (closed.content.decode())
    open_list = json.loads(save(signed_in, url, lesions).context["following"])
    assert "liver_lesion_count" not in open_list  # a list that may go on says nothing of the number
    typed = json.loads(
        save(signed_in, url, lesions | {"liver_lesions_complete": "yes", "liver_lobes": "left"}).context["following"]
    )
    assert "liver_lobes" not in typed  # what somebody says is not written over
    assert "data-following" in signed_in.get(page).content.decode()
