"""Facts found in a pasted report: offered beside the form, taken by a choice, their words kept with the finding."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.forms.report_found import found_in
from cases.models import Finding, FindingDraft, Quotation
from mdt.events.append_only import AppendOnlyError
from mdt.reading import Mention
from tests.builders import make_finding
from tests.cases.forms_helper import findings_data, post_findings

REPORT = "Liver metastasis in segment 6, 3.5 cm. No ascites. cT4a N2. Adrenal metastasis is suspected."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def url(case):
    return reverse("report-read", args=[case.reference, "radiology"])


@pytest.fixture
def page(case):
    return reverse("finding-record", args=[case.reference, "radiology"])


@pytest.fixture
def signed_in(client, radiologist) -> Client:
    client.force_login(radiologist)
    return client


def found(client, url, **posted) -> list:
    return client.post(url, {"report_text": REPORT, **posted}, headers=HTMX).context["found"]


def key_of(offers, fact: str) -> str:
    return next(each.key for each in offers if each.fact == fact)


def test_what_the_report_says_is_offered_with_its_words_and_nothing_is_stored(signed_in, url):
    offers = {each.fact: each for each in found(signed_in, url)}
    assert offers["liver_lesions"].words == "segment 6, 3.5 cm"
    assert offers["ascites"].how == "offered"
    assert offers["distant_sites"].how == "doubtful"
    assert (Finding.objects.count(), FindingDraft.objects.count(), Quotation.objects.count()) == (0, 0, 0)


def test_the_words_are_marked_in_the_report_and_its_own_marks_are_text(signed_in, url):
    shown = found_html(signed_in, url, report_text="<script>x</script> <b>HER2 3+</b>")
    assert "<script>x" not in shown
    assert "&lt;b&gt;<mark>HER2 3+</mark>&lt;/b&gt;" in shown


def found_html(client, url, **posted) -> str:
    return client.post(url, posted, headers=HTMX).content.decode()


def test_what_the_report_states_and_also_supposes_is_one_row_with_both_words(signed_in, url):
    offers = found(signed_in, url, report_text="胃窦癌,cT4a。考虑cT4a。")
    rows = [(each.how, each.also) for each in offers if each.fact == "t_category"]
    assert rows == [("offered", ("cT4a",))]
    offers = found(signed_in, url, report_text="胃窦癌,cT4a。考虑cT4b。")
    assert [each.how for each in offers if each.fact == "t_category"] == ["offered", "doubtful"]


def test_another_day_than_the_form_has_is_said_and_the_day_that_the_form_offers_is_none(signed_in, url, page):
    text = {"report_text": "上腹部增强CT（2025年10月30日）：未见腹水。"}
    answer = signed_in.post(url, text | {"examined_on": "2025-11-25"}, headers=HTMX)
    assert answer.context["examined"].differs
    answer = signed_in.post(url, text | {"examined_on": "2025-10-30"}, headers=HTMX)
    assert not answer.context["examined"].differs
    assert "data-offered" not in signed_in.get(page).content.decode()
    assert "data-offered" in signed_in.get(page.replace("radiology", "surgery")).content.decode()


def test_a_value_that_the_case_has_already_is_shown_beside_it(signed_in, url, case, radiologist):
    make_finding(case, radiologist, {"t_category": "T3", "ascites": False})
    offers = {each.fact: each for each in found(signed_in, url)}
    assert offers["t_category"].differs
    assert "T3" in offers["t_category"].so_far
    assert not offers["ascites"].differs
    assert offers["ascites"].so_far
    assert not offers["n_category"].so_far


def test_without_scripts_a_choice_fills_the_draft_and_the_page_comes_back_with_it(signed_in, url, page, case):
    offers = found(signed_in, url)
    data = findings_data(case, "radiology", {}, report_text=REPORT)
    answer = signed_in.post(url, data | {"take": key_of(offers, "t_category")})
    assert answer.url == f"{page}#report-found"
    draft = FindingDraft.objects.get()
    assert draft.entries["t_category"] == ["T4a"]
    signed_in.post(url, data | draft.entries | {"take": key_of(offers, "liver_lesions")})
    draft.refresh_from_db()
    assert draft.entries["liver_lesions-1-diameter"] == ["35"]
    assert draft.entries["liver_lesions-1-segments"] == ["6"]
    context = signed_in.get(page).context
    hows = {each.fact: each.how for each in found_in(context["form"])["found"]}
    assert (hows["t_category"], hows["liver_lesions"], hows["n_category"]) == ("taken", "taken", "offered")
    assert Finding.objects.count() == 0


def test_a_lesion_from_the_report_stands_beside_those_already_typed(signed_in, url, case):
    offers = found(signed_in, url)
    typed = findings_data(case, "radiology", {"liver_lesions": [{"segments": ["2"]}]}, report_text=REPORT)
    signed_in.post(url, typed | {"take": key_of(offers, "liver_lesions")})
    entries = FindingDraft.objects.get().entries
    assert entries["liver_lesions-1-segments"] == ["2"]
    assert entries["liver_lesions-2-segments"] == ["6"]


def test_what_was_put_aside_stays_aside_and_fills_nothing(signed_in, url, page, case):
    offers = found(signed_in, url)
    key = key_of(offers, "t_category")
    signed_in.post(url, findings_data(case, "radiology", {}, report_text=REPORT) | {"refuse": key})
    assert "t_category" not in FindingDraft.objects.get().entries
    assert next(each for each in found(signed_in, url, refused=[key]) if each.key == key).how == "refused"


def test_what_the_report_is_not_sure_of_cannot_be_taken(signed_in, url, case):
    offers = found(signed_in, url)
    data = findings_data(case, "radiology", {}, report_text=REPORT)
    signed_in.post(url, data | {"take": key_of(offers, "distant_sites")})
    assert "distant_sites" not in FindingDraft.objects.get().entries


def test_recording_keeps_the_words_of_what_was_taken_and_the_pages_show_them(signed_in, url, case):
    offers = found(signed_in, url)
    facts = {"t_category": "T4a", "liver_lesions": [{"segments": ["6"], "diameter_mm": 35, "nature": "metastasis"}]}
    taken = [key_of(offers, name) for name in facts]
    post_findings(signed_in, case, "radiology", facts, report_text=REPORT, taken=taken)
    finding = Finding.objects.get()
    assert {quotation.fact: quotation.words for quotation in finding.quotations.all()} == {
        "liver_lesions": "segment 6, 3.5 cm",
        "t_category": "cT4a",
    }
    for address in (
        reverse("finding", args=[case.reference, finding.pk]),
        reverse("case-findings", args=[case.reference]),
        case.get_absolute_url(),
    ):
        shown = signed_in.get(address).content.decode()
        assert "from the report: “cT4a”" in shown, address


def test_a_fact_that_was_changed_after_it_was_taken_quotes_nothing(signed_in, url, case):
    key = key_of(found(signed_in, url), "t_category")
    post_findings(signed_in, case, "radiology", {"t_category": "T3"}, report_text=REPORT, taken=[key])
    assert Finding.objects.get().facts == {"t_category": "T3"}
    assert not Quotation.objects.exists()


def test_what_was_taken_from_words_that_stand_no_more_is_asked_about_once(signed_in, url, case):
    facts, lost = {"t_category": "T4a"}, ["t_category-0", "x", ""]
    answer = post_findings(signed_in, case, "radiology", facts, report_text="Seen again.", taken=lost)
    assert answer.status_code == 422
    label = answer.context["form"].facts["t_category"].label
    assert f"The text does not say any more: {label}." in answer.content.decode()
    assert not Finding.objects.exists()
    assert 'name="taken"' not in answer.content.decode(), "once more means: as typed"
    post_findings(signed_in, case, "radiology", facts, report_text="Seen again.")
    assert Finding.objects.get().facts == facts
    assert not Quotation.objects.exists()


def test_a_lost_key_stays_with_the_form_while_the_text_is_edited(signed_in, url):
    assert 'name="taken" value="t_category-0"' in found_html(signed_in, url, report_text=REPORT, taken=["t_category-0"])


def test_a_made_up_key_of_nothing_stated_changes_nothing(signed_in, case):
    post_findings(signed_in, case, "radiology", {"t_category": "T4a"}, report_text="cT4a N2", taken=["x", ""])
    assert Finding.objects.count() == 1
    assert not Quotation.objects.exists()


def test_editing_the_report_before_the_words_keeps_what_was_taken(signed_in, url):
    key = key_of(found(signed_in, url), "t_category")
    longer = found(signed_in, url, report_text=f"Addendum of Monday.\n{REPORT}", taken=[key])
    assert next(each for each in longer if each.fact == "t_category").how == "taken"


def test_a_correction_keeps_the_words_that_still_stand(signed_in, url, case):
    offers = found(signed_in, url)
    taken = [key_of(offers, "t_category"), key_of(offers, "n_category")]
    post_findings(
        signed_in, case, "radiology", {"t_category": "T4a", "n_category": "N2"}, report_text=REPORT, taken=taken
    )
    first = Finding.objects.get()
    address = reverse("finding-correct", args=[case.reference, first.pk])
    form = signed_in.get(address).context["form"]
    assert sorted(form.chosen("taken")) == sorted(taken)
    data = findings_data(case, "radiology", {"t_category": "T4a", "n_category": "N1"}, report_text=REPORT)
    signed_in.post(address, data | {"taken": taken, "reason": "Nodes read again."})
    correction = Finding.objects.get(supersedes=first)
    assert [quotation.fact for quotation in correction.quotations.all()] == ["t_category"]
    assert first.quotations.count() == 2


def test_the_day_of_the_examination_is_offered_with_its_words_and_taken_by_a_choice_only(signed_in, url, page, case):
    text = "MRI liver, 18 Nov 2025. No ascites."
    examined = signed_in.post(url, {"report_text": text}, headers=HTMX).context["examined"]
    assert (examined.words, examined.on.isoformat()) == ("MRI liver, 18 Nov 2025", "2025-11-18")
    assert not examined.is_taken
    data = findings_data(case, "radiology", {}, report_text=text, examined_on="")
    signed_in.post(url, data)
    assert "examined_on" not in FindingDraft.objects.get().entries, "nothing is taken by itself"
    signed_in.post(url, data | {"take_day": "1"})
    assert FindingDraft.objects.get().entries["examined_on"] == ["2025-11-18"]
    assert found_in(signed_in.get(page).context["form"])["examined"].is_taken


def test_a_day_that_may_be_two_is_shown_and_cannot_be_taken(signed_in, url, case):
    text = "CT abdomen 03/04/2025."
    assert "data-take-day" not in found_html(signed_in, url, report_text=text)
    assert "May be two days" in found_html(signed_in, url, report_text=text)
    signed_in.post(url, findings_data(case, "radiology", {}, report_text=text, examined_on="") | {"take_day": "1"})
    assert "examined_on" not in FindingDraft.objects.get().entries


def test_words_outside_the_report_are_refused(case, radiologist):
    mention = Mention(0, 99, "ascites", False, "stated", "ascites")
    with pytest.raises(ValueError, match="not of this finding"):
        make_finding_with(case, radiologist, mention)
    assert not Finding.objects.exists()


def make_finding_with(case, by, mention) -> Finding:
    return actions.record_finding(
        case=case,
        by=by,
        discipline="radiology",
        facts={"ascites": False},
        examined_on=timezone.localdate(),
        report_text="No ascites.",
        quoted=[mention],
    )


def test_a_quotation_is_written_once(case, radiologist):
    finding = make_finding_with(case, radiologist, Mention(3, 10, "ascites", False, "stated", "ascites"))
    quotation = finding.quotations.get()
    assert quotation.words == "ascites"
    with pytest.raises(AppendOnlyError):
        quotation.save()


def test_an_outsider_finds_no_form_to_read_a_report_with(client, outsider, url):
    client.force_login(outsider)
    assert client.post(url, {"report_text": REPORT}, headers=HTMX).status_code == 404


def test_the_value_of_before_lies_ready_for_one_key(signed_in, page, case, radiologist):
    make_finding(case, radiologist, {"t_category": "T3"})
    html = signed_in.get(page).content.decode()
    fills = [json.loads(part.split('"')[0].replace("&quot;", '"')) for part in html.split('data-last="')[1:]]
    assert [(fill["name"], fill["values"]) for fill in fills] == [("t_category", ["T3"])]


CONCLUDED = "CT：\n肝S6低密度灶，大小约5.0cm×4.2cm，考虑转移瘤。\n诊断：肝S6单发转移瘤。"


def test_a_lesion_of_description_and_conclusion_is_one_offer_and_both_wordings_are_quoted(signed_in, url, case):
    offers = found(signed_in, url, report_text=CONCLUDED)
    (lesion,) = [each for each in offers if each.fact == "liver_lesions"]
    assert (lesion.words, lesion.concluded) == ("S6低密度灶，大小约5.0cm×4.2cm", ("S6单发转移",))
    presence = [each for each in offers if each.fact == "liver_metastasis"]
    assert [(each.how, each.also) for each in presence] == [("offered", ("考虑转移",))]
    assert "in the conclusion: “S6单发转移”" in found_html(signed_in, url, report_text=CONCLUDED)
    facts = {"liver_lesions": [{"segments": ["6"], "diameter_mm": 50, "nature": "metastasis"}]}
    post_findings(signed_in, case, "radiology", facts, report_text=CONCLUDED, taken=[lesion.key])
    quoted = Quotation.objects.filter(finding__case=case, fact="liver_lesions")
    assert [each.words for each in quoted] == ["S6低密度灶，大小约5.0cm×4.2cm", "S6单发转移"]
