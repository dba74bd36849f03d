"""A pasted text of several examinations: each fact is recorded with the day of its own, and no day is guessed."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from cases import actions
from cases.forms.report_found import found_in
from cases.forms.report_words import filled
from cases.models import Finding, FindingDraft, Proposal
from mdt.people.models import User
from tests.builders import make_finding
from tests.cases.forms_helper import controls, fields_of, findings_data, post_findings

TEXT = """Endoscopy report, 2025-11-03
Ulcerated tumour of the antrum, cT3.

CT 12.11.2025: Liver metastasis in segment 6, 3.5 cm. No ascites. cN2.

What the patient wishes: no operation if it can be avoided. ECOG 1."""
HTMX = {"HX-Request": "true"}
ENDOSCOPY, CT, TALK = date(2025, 11, 3), date(2025, 11, 12), date(2025, 11, 15)


@pytest.fixture
def signed_in(client, coordinator) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def url(case):
    return reverse("report-read", args=[case.reference, "coordination"])


def read(client, url, text=TEXT, **posted):
    return client.post(url, {"report_text": text, **posted}, headers=HTMX)


def taken_from(client, url, text=TEXT, without=()) -> dict:
    """What a browser posts after all was taken over but the patient's wish: the facts and the keys."""
    without = (*without, "patient_preference")
    found = [each for each in read(client, url, text).context["found"] if each.how == "offered"]
    found = [each for each in found if each.fact not in without]
    posted: dict = {"taken": [each.key for each in found]}
    entries: dict = {}
    for each in found:
        entries = filled(entries, json.loads(each.fill))
    return posted | entries


def post(client, case, **posted):
    data = findings_data(case, "coordination", {}, report_text=TEXT, examined_on="")
    return client.post(reverse("finding-record", args=[case.reference, "coordination"]), data | posted)


def test_all_that_is_taken_over_makes_a_finding_for_each_day_with_the_whole_text(signed_in, url, case):
    answer = post(signed_in, case, **taken_from(signed_in, url, without=["ecog"]))
    assert answer.status_code == 302
    stated = {finding.examined_on: finding for finding in Finding.objects.all()}
    assert {on: sorted(finding.facts) for on, finding in stated.items()} == {
        ENDOSCOPY: ["t_basis", "t_category", "tumour_site"],
        CT: ["ascites", "liver_lesions", "liver_metastasis", "n_category"],
    }
    assert all(finding.report_text == TEXT for finding in stated.values())
    assert {each.words for each in stated[ENDOSCOPY].quotations.all()} == {"antrum", "cT3"}
    assert "No ascites" in {each.words for each in stated[CT].quotations.all()}
    assert Proposal.objects.filter(case=case).latest("number").facts["t_category"] == "T3"


def test_each_offer_says_its_day_and_a_text_of_one_day_stays_as_it_was(signed_in, url):
    offers = {each.fact: each.of_day for each in read(signed_in, url).context["found"]}
    assert offers["t_category"] == "3 Nov 2025 · endoscopy"
    assert offers["ascites"] == "12 Nov 2025 · CT"
    assert offers["ecog"] == "no date in the text · conversation"
    answer = read(signed_in, url, "MRI liver, 18 Nov 2025. No ascites.")
    assert {each.of_day for each in answer.context["found"]} == {""}
    assert answer.context["examined"].on == date(2025, 11, 18)
    assert "several examinations" not in answer.content.decode()


def test_a_fact_of_a_part_without_a_date_is_asked_for_one_and_nothing_is_stored(signed_in, url, case):
    answer = post(signed_in, case, **taken_from(signed_in, url))
    assert answer.status_code == 422
    assert "The text gives no date for: ECOG performance status" in answer.content.decode()
    assert not Finding.objects.exists()
    post(signed_in, case, **taken_from(signed_in, url) | {"examined_on": "2025-11-15"})
    assert {finding.examined_on: "ecog" in finding.facts for finding in Finding.objects.all()} == {
        ENDOSCOPY: False,
        CT: False,
        TALK: True,
    }


def test_what_the_patient_wants_is_never_of_the_day_of_a_scan(signed_in, url, case):
    wish = controls(fields_of()["patient_preference"], "no operation")
    posted = taken_from(signed_in, url, without=["ecog"]) | wish
    answer = post(signed_in, case, **posted, examined_on="2025-11-12")
    assert answer.status_code == 422
    assert "On which day did the patient say this?" in answer.content.decode()
    assert not Finding.objects.exists()
    post(signed_in, case, **posted, examined_on="2025-11-12", said_on="2025-11-15")
    assert Finding.objects.get(examined_on=TALK).facts == {"patient_preference": "no operation"}
    assert "patient_preference" not in Finding.objects.get(examined_on=CT).facts


def test_nor_beside_a_report_of_one_day(signed_in, case):
    wish = {"patient_preference": "no operation"}
    text = "CT abdomen, 12 Nov 2025. Stomach unremarkable."
    answer = post_findings(signed_in, case, "coordination", wish, report_text=text, examined_on=CT)
    assert answer.status_code == 422
    assert not Finding.objects.exists()
    post_findings(signed_in, case, "coordination", wish, report_text=text, examined_on=CT, said_on=CT)
    assert Finding.objects.get().examined_on == CT, "the same day, once somebody says so"


def test_a_value_changed_after_it_was_taken_keeps_its_day_and_loses_the_words(signed_in, url, case):
    posted = taken_from(signed_in, url, without=["ecog", "t_basis"]) | {"t_category": "T4a"}
    post(signed_in, case, **posted, examined_on="2025-11-20")
    finding = Finding.objects.get(examined_on=ENDOSCOPY)
    assert finding.facts["t_category"] == "T4a"
    assert [each.fact for each in finding.quotations.all()] == ["tumour_site"]
    assert not Finding.objects.filter(examined_on=date(2025, 11, 20)).exists()


def test_what_is_typed_beside_and_the_impression_are_of_the_day_in_the_box(signed_in, url, case):
    typed = controls(fields_of()["histology"], "tubular") | {"impression": "For conversion."}
    posted = taken_from(signed_in, url, without=["ecog"]) | typed
    answer = post(signed_in, case, **posted)
    names = f"{fields_of()['histology'].label}; Impression for the meeting"
    assert answer.context["form"].errors.get("examined_on") == [f"The text gives no date for: {names}. Give the date."]
    post(signed_in, case, **posted, examined_on="2025-11-03")
    finding = Finding.objects.get(examined_on=ENDOSCOPY)
    assert (finding.facts["histology"], finding.impression) == ("tubular", "For conversion.")
    assert Finding.objects.count() == 2, "of the same day, the same finding"


LESIONS = "CT 12 Nov 2025: metastasis in segment 6, 3.5 cm. MRI 18 Nov 2025: metastasis in segment 8, 12 mm."
MRI = date(2025, 11, 18)


def lists(name):
    return {finding.examined_on: finding.facts[name] for finding in Finding.objects.all() if name in finding.facts}


def test_a_list_of_several_days_is_recorded_whole_with_the_newest_of_them(signed_in, url, case):
    answer = post(signed_in, case, **taken_from(signed_in, url, LESIONS), report_text=LESIONS)
    assert answer.status_code == 302
    stated = lists("liver_lesions")
    assert {on: [each["segments"] for each in value] for on, value in stated.items()} == {MRI: [["6"], ["8"]]}
    assert len(Finding.objects.get(examined_on=MRI).quotations.filter(fact="liver_lesions")) == 2
    known = Proposal.objects.filter(case=case).latest("number").facts["liver_lesions"]
    assert [each["segments"] for each in known] == [["6"], ["8"]], "none is lost to the newer one"


def test_the_page_says_that_a_list_is_recorded_whole_and_of_which_days(signed_in, url, case):
    draft = reverse("draft-save", args=[case.reference, "coordination"])
    data = findings_data(case, "coordination", {}, report_text=LESIONS, examined_on="")
    shown = signed_in.post(draft, data | taken_from(signed_in, url, LESIONS), headers=HTMX).content.decode()
    assert "the whole list (with entries of 12 Nov 2025, 18 Nov 2025)" in shown


def test_sites_of_two_examinations_stay_together(signed_in, url, case):
    text = "CT 3 Nov 2025: lung metastasis.\n\nPET-CT 12 Nov 2025: bone metastasis."
    post(signed_in, case, **taken_from(signed_in, url, text), report_text=text)
    (sites,) = lists("distant_sites").values()
    assert len(sites) == 2


def test_a_lesion_typed_beside_those_of_the_report_asks_for_the_day_in_the_box(signed_in, url, case):
    text = "CT 12 Nov 2025: metastasis in segment 6, 3.5 cm.\n\nGastroscopy 3 Nov 2025: cT3."
    posted = taken_from(signed_in, url, text) | {"report_text": text}
    posted |= {"liver_lesions-2-segments": ["2"], "liver_lesions-2-diameter": ["9"]}
    answer = post(signed_in, case, **posted)
    assert answer.status_code == 422
    assert f"The text gives no date for: {fields_of()['liver_lesions'].label}" in answer.content.decode()
    post(signed_in, case, **posted, examined_on="2025-11-20")
    ((on, value),) = lists("liver_lesions").items()
    assert (on, len(value)) == (date(2025, 11, 20), 2)


def test_a_lesion_that_was_changed_after_it_was_taken_keeps_the_day_of_the_list(signed_in, url, case):
    posted = taken_from(signed_in, url, LESIONS) | {"liver_lesions-2-diameter": ["13"]}
    post(signed_in, case, **posted, report_text=LESIONS, examined_on="2025-11-20")
    assert [*lists("liver_lesions")] == [MRI]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("CT 3 Nov 2025: metastasis in segment 6, 48 mm. MRI 12 Nov 2025: metastasis in segment 6, 50 mm.", [48]),
        ("CT 3 Nov 2025: metastasis in segment 6, 48 mm. MRI 12 Nov 2025: metastasis in segment 2, 9 mm.", []),
    ],
)
def test_a_lesion_that_a_newer_examination_may_tell_of_again_is_marked_and_not_taken_with_the_rest(
    signed_in, url, text, marked
):
    found = [each for each in read(signed_in, url, text).context["found"] if each.fact == "liver_lesions"]
    assert [json.loads(each.fill)["rows"][0]["diameter"] for each in found if each.repeats] == [
        [str(n)] for n in marked
    ]


ONE_DAY = "CT 12 Nov 2025: metastasis in segment 6, 50 mm. No ascites."


@pytest.mark.parametrize(
    "longer",
    [f"{ONE_DAY}\n\nGastroscopy 3 Nov 2025: antral tumour, cT3.", ONE_DAY.replace("12 Nov", "13 Nov")],
)
def test_what_was_taken_stays_taken_when_the_text_grows_or_its_day_is_mended(signed_in, url, case, longer):
    posted = taken_from(signed_in, url, ONE_DAY)
    found = read(signed_in, url, longer, **posted).context["found"]
    assert {each.how for each in found if each.fact in ("liver_lesions", "ascites")} == {"taken"}
    answer = post(signed_in, case, **posted, report_text=longer, examined_on="2025-11-20")
    assert answer.status_code == 302
    quoted = {each.fact for finding in Finding.objects.all() for each in finding.quotations.all()}
    assert {"liver_lesions", "ascites"} <= quoted


def test_what_has_lost_its_words_is_not_dated_by_the_box_unasked(signed_in, url, case):
    text = f"{ONE_DAY}\n\nGastroscopy 3 Nov 2025: antral tumour, cT3."
    posted = taken_from(signed_in, url, text) | {"report_text": text.replace(" No ascites.", "")}
    answer = post(signed_in, case, **posted, examined_on="2025-11-20")
    assert answer.status_code == 422
    assert f"The text does not say any more: {fields_of()['ascites'].label}." in answer.content.decode()
    assert not Finding.objects.exists()


def test_the_same_of_two_days_is_stated_of_both_and_what_differs_waits_for_a_person(signed_in, url, case):
    text = "CT 12 Nov 2025: no ascites, cT3. MRI 18 Nov 2025: no ascites, cT4a."
    found = read(signed_in, url, text).context["found"]
    assert {each.fact for each in found if each.elsewhere} == {"t_category"}
    post(signed_in, case, **taken_from(signed_in, url, text, without=["t_category", "t_basis"]), report_text=text)
    assert [finding.facts for finding in Finding.objects.order_by("examined_on")] == [{"ascites": False}] * 2


def test_the_page_says_what_will_be_recorded(signed_in, url, case):
    posted = taken_from(signed_in, url)
    draft = reverse("draft-save", args=[case.reference, "coordination"])
    data = findings_data(case, "coordination", {}, report_text=TEXT, examined_on="") | posted
    shown = signed_in.post(draft, data, headers=HTMX).content.decode()
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert "Will be recorded as 3 findings, each with its own date:" in said
    assert "The day in the date box ECOG performance status" in said
    assert FindingDraft.objects.get().entries["taken"] == posted["taken"]


def test_a_correction_is_of_one_day_and_takes_nothing_of_another(signed_in, url, case, coordinator):
    first = make_finding(
        case, coordinator, {"t_category": "T3"}, discipline="coordination", examined_on=ENDOSCOPY, report_text=TEXT
    )
    address = reverse("finding-correct", args=[case.reference, first.pk])
    hows = {each.fact: each.how for each in found_in(signed_in.get(address).context["form"])["found"]}
    assert (hows["t_category"], hows["ascites"], hows["ecog"]) == ("offered", "other", "offered")


def test_facts_from_before_a_restaging_are_not_filed_under_it(signed_in, url, case, coordinator: User):
    actions.open_restaging(case=case, by=coordinator, on=date(2025, 11, 10), reason="Response?")
    answer = post(signed_in, case, **taken_from(signed_in, url, without=["ecog"]), restaging="1")
    assert answer.status_code == 422
    assert "are from before this restaging began" in answer.content.decode()
    assert not Finding.objects.exists()


def test_below_the_offers_stands_what_has_to_be_entered_by_hand(signed_in, url):
    answer = read(signed_in, url, "Antral tumour, T3. Lungs <clear>. Spleen normal.")
    assert answer.context["unread"] == ["Lungs <clear>", "Spleen normal"]
    shown = re.sub(r"\s+", " ", answer.content.decode())
    assert "2 sentences in which nothing was recognised" in shown
    assert "Lungs &lt;clear&gt;" in shown
    assert "Not offered: “T3” stands without c, p or yp" in shown
    assert "nothing was recognised" not in read(signed_in, url, "No ascites.").content.decode()


SLASHED = "OGD 03/11/2025: tumour of the antrum, cT3.\nCT 12/11/2025: no ascites."


def test_days_that_may_be_two_are_asked_for_once_and_the_answer_counts_for_the_whole_text(signed_in, url):
    asked = read(signed_in, url, SLASHED)
    page = " ".join(asked.content.decode().split())
    assert "Which day is “03/11/2025”?" in page
    assert {each.of_day.split(" · ")[0] for each in asked.context["found"]} <= {"may be two days", ""}
    for order, day in (("day", "3 Nov 2025 · endoscopy"), ("month", "11 Mar 2025 · endoscopy")):
        answer = read(signed_in, url, SLASHED, day_order=order)
        assert {each.fact: each.of_day for each in answer.context["found"]}["t_category"] == day
        assert f'name="day_order" value="{order}"' in answer.content.decode()


def test_another_day_of_the_text_settles_days_that_may_be_two_and_the_page_says_so(signed_in, url):
    answer = read(signed_in, url, f"{SLASHED}\nMRI 14/11/2025: cN2.")
    assert {each.fact: each.of_day for each in answer.context["found"]}["ascites"] == "12 Nov 2025 · CT"
    page = " ".join(answer.content.decode().split())
    assert "“03/11/2025” is read as 3 Nov 2025: “14/11/2025” in this text can be read one way only." in page
    contradicted = read(signed_in, url, f"{SLASHED}\nMRI 14/11/2025: cN2. Letter of 11/20/2025.")
    assert "Which day is" in contradicted.content.decode()


def test_the_answer_to_which_day_it_is_counts_when_the_findings_are_recorded(signed_in, url, case):
    found = read(signed_in, url, SLASHED, day_order="day").context["found"]
    entries: dict = {"taken": [each.key for each in found if each.how == "offered"]}
    for each in found:
        entries = filled(entries, json.loads(each.fill))
    assert post(signed_in, case, **entries | {"report_text": SLASHED, "day_order": "day"}).status_code == 302
    assert {finding.examined_on for finding in Finding.objects.all()} == {ENDOSCOPY, CT}
