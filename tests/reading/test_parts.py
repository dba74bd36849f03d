"""A text of several examinations is cut where each begins; what is found is of the day of its own part, or of none."""

from datetime import date

import pytest

from classification import load_pathway
from mdt.reading import read_parts, read_report

TODAY = date(2026, 11, 26)
RECORD = """Endoscopy report, 2026-11-03
Ulcerated tumour of the antrum, cT3. Biopsy: adenocarcinoma, HER2 3+.

CT 12.11.2026: Liver metastasis in segment 6, 3.5 cm. No ascites.
Compared with 2 Aug 2026 larger. Chemotherapy started 5 Nov 2026.

What the patient wishes: no operation if it can be avoided. ECOG 1."""
CHINESE = """病情摘要：2026年11月3日我院胃镜：胃窦溃疡型肿物，cT3。活检病理：低分化腺癌，HER2（3+）。
2026-11-12行上腹部增强CT示：肝S6段转移灶，大小3.5cm，未见腹水。ECOG 1分。
患者意愿：希望手术治疗。"""


def days(text: str) -> dict[str, str | None]:
    """The words of each fact with its day."""
    found = read_report(text, load_pathway("gclm").facts, TODAY)
    return {text[each.start : each.end]: each.of.on and each.of.on.isoformat() for each in found}


def begin(text: str) -> list[tuple[str | None, str, str]]:
    """Day, kind and first words of each part that tells of an examination."""
    return [
        (part.on and part.on.isoformat(), part.kind, text[part.start : part.end].strip()[:12])
        for part in read_parts(text, TODAY)
        if part.on or part.kind
    ]


def test_each_fact_of_a_record_is_of_the_day_of_its_own_examination():
    assert days(RECORD) == {
        "antrum": "2026-11-03",
        "cT3": "2026-11-03",
        "HER2 3+": "2026-11-03",
        "Liver metastasis": "2026-11-12",
        "segment 6, 3.5 cm": "2026-11-12",
        "No ascites": "2026-11-12",
        "no operation if it can be avoided": None,
        "ECOG 1": None,
    }
    assert days(CHINESE) == {
        "胃窦": "2026-11-03",
        "cT3": "2026-11-03",
        "低分化": "2026-11-03",
        "HER2（3+）": "2026-11-03",
        "肝S6段转移": "2026-11-12",
        "S6段转移灶，大小3.5cm": "2026-11-12",
        "未见腹水": "2026-11-12",
        "ECOG 1": None,
        "希望手术治疗": None,
    }


def test_the_parts_of_a_text_follow_one_another_without_a_gap():
    for text in (RECORD, CHINESE, "", "No ascites.", "\n\nCT 12.11.2026"):
        found = read_parts(text, TODAY)
        assert "".join(text[part.start : part.end] for part in found) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CT 12.11.2026: no ascites.", ("2026-11-12", "ct")),
        ("Gastroscopy on 3 Nov 2026 showed an ulcer.", ("2026-11-03", "endoscopy")),
        ("2026年11月3日胃镜：胃窦溃疡。", ("2026-11-03", "endoscopy")),
        ("The patient underwent staging laparoscopy on 20 Nov 2026: P0.", ("2026-11-20", "laparoscopy")),
        ("1) Histology (5 Nov 2026): adenocarcinoma.", ("2026-11-05", "pathology")),
        ("12 Nov 2026, PET/CT: uptake in segment 6.", ("2026-11-12", "pet")),
        ("术后复查CT（2026-11-12）：未见复发。", ("2026-11-12", "ct")),
        ("与患者谈话（2026-11-15）：希望手术。", ("2026-11-15", "conversation")),
        ("GASTROSCOPY\nName: A B\nDate: 3 Nov 2026\nAntral ulcer.", ("2026-11-03", "endoscopy")),
        ("Radiology. MRI liver, 18 Nov 2026.\nNo ascites.", ("2026-11-18", "mri")),
    ],
)
def test_a_heading_with_its_day_begins_a_part(text, expected):
    ((on, kind, _words),) = begin(text)
    assert (on, kind) == expected


@pytest.mark.parametrize(
    "words",
    [
        "Compared with the CT of 2 Aug 2026 the lesion is larger.",
        "Comparison: CT of 2 Aug 2026.",
        "Previous MRI 2 Aug 2026.",
        "Born 3 May 1958.",
        "Chemotherapy started on 5 Oct 2026.",
        "Last menses 20 Oct 2026.",
        "MRI is planned for 20 Nov 2026.",
        "MRI requested 2 Nov 2026.",
        "Next CT 12 January 2027.",
        "No gastroscopy of 3 Nov 2026 is at hand.",
        "肝S8灶与2026年8月2日MRI对比增大。",
        "末次月经2026-10-20。",
        "出生日期：1958-05-03。",
        "2026年10月5日开始化疗。",
        "报告日期：2026-11-14。",
    ],
)
def test_a_day_that_is_not_of_an_examination_cuts_nothing(words):
    text = f"CT 12 Nov 2026: liver metastasis in segment 6. {words} No ascites."
    assert days(text)["No ascites"] == "2026-11-12"
    assert set(days(text).values()) == {"2026-11-12"}


@pytest.mark.parametrize(
    "text",
    [
        "Gastroscopy 3 Nov 2026: antral ulcer. CT 03/04/2026: no ascites.",
        "2026年11月3日胃镜：胃窦溃疡。11月12日CT：未见腹水。",
        "Gastroscopy 3 Nov 2026: antral ulcer. CT in November 2026: no ascites.",
        "Gastroscopy 3 Nov 2026: antral ulcer.\nCT abdomen\nNo ascites.",
        "Gastroscopy 3 Nov 2026: antral ulcer. CT 12.11.26: no ascites.",
        "Gastroscopy 3 Nov 2026: antral ulcer. CT 12/11: no ascites.",
        "Gastroscopy 3 Nov 2026: antral ulcer. CT last week: no ascites.",
        "Gastroscopy 3 Nov 2026: antral ulcer.\nThere is no ascites, N1 (CT 12 Nov 2026).",
        "2026-11-03胃镜示胃窦溃疡，CT示未见腹水。",
        "Outside CT of 1 Sep 2026 shows a tumour. Today's MRI shows no ascites.",
        "Patient refuses blood products.\nNo ascites. CT 12 Nov 2026: metastasis in segment 6.",
        "CT 2026年10月2日化疗期间: antral tumour.\nLaparoscopy: no ascites.",
    ],
)
def test_what_is_of_a_day_that_nobody_can_tell_gets_none(text):
    words = "未见腹水" if "未见腹水" in text else "No ascites" if "No ascites" in text else "no ascites"
    assert days(text)[words] is None


def test_within_a_line_another_examination_holds_no_further_than_the_line_and_the_report_is_taken_up_again():
    text = """CT abdomen, 12 Nov 2026
Clinical information: Gastroscopy on 3 Nov 2026 showed an antral tumour, cT3.
cN2.
Findings: Liver metastasis in segment 6. No ascites."""
    found = days(text)
    assert (found["cT3"], found["cN2"], found["No ascites"]) == ("2026-11-03", None, "2026-11-12")


def test_an_examination_in_brackets_holds_for_its_sentence_only():
    found = days("MRI 18 Nov 2026: 2 lesions, no ascites (CT of 2 Aug 2026: ascites). cT3 N1.")
    assert (found["cT3"], found["N1"]) == ("2026-11-18", "2026-11-18")


def test_figures_that_may_be_two_days_are_said_to_be_so():
    (part,) = read_parts("CT 03/04/2026: no ascites.", TODAY)
    assert (part.on, part.may_be_two, part.kind) == (None, True, "ct")


def test_another_day_contradicts_nothing_and_repeats_nothing():
    vocabulary = load_pathway("gclm").facts
    text = "CT 12 Nov 2026: cT3, no ascites. MRI 18 Nov 2026: cT4a, no ascites."
    found = read_report(text, vocabulary, TODAY)
    assert [each.fact for each in found].count("ascites") == 2
    assert not any(each.disagrees for each in found)
    same_day = read_report(text.replace("18 Nov", "12 Nov"), vocabulary, TODAY)
    assert [each.fact for each in same_day].count("ascites") == 1
    assert all(each.disagrees for each in same_day if each.fact == "t_category")


def test_a_performance_status_below_a_scan_is_not_of_its_day():
    found = days("CT 12 Nov 2026: no ascites. ECOG 1. CEA 12 ng/ml.\nLaboratory (14 Nov 2026): CA19-9 40 U/ml. ECOG 2.")
    assert (found["no ascites"], found["ECOG 1"]) == ("2026-11-12", None)
    assert found["CEA 12 ng/ml"] is found["ECOG 2"] is None
    assert found["CA19-9 40 U/ml"] == "2026-11-14"


LETTER = """Dear colleagues,

Thank you for seeing Mr Peter Hartwell, born 14.03.1961, with epigastric pain. ECOG 1.

Gastroscopy of 3 November 2026: ulcerated tumour of the antrum, 4 cm. Eight biopsies.

{pathology} moderately differentiated tubular adenocarcinoma. HER2 IHC 2+. PD-L1 CPS 8.

{ct} wall thickening, cT3. Two liver metastases: 32 mm in segment 6 and 18 mm in segment 3. No ascites.

Laboratory 16 November 2026: CEA 38.5 ng/ml."""


@pytest.mark.parametrize(
    "pathology",
    [
        "Pathology (received 4 November, report of 9 November 2026):",
        "Pathology (report of 9 November 2026, received 4 November):",
        "Pathology of 9 November 2026:",
        "Biopsy histology (9 November 2026):",
        "Histopathology report dated 09.11.2026:",
        "The pathology report, dated 9 November 2026, reads:",
        "The biopsies, reported on 9 November 2026, showed a",
        "Histology 09/11/2026:",
    ],
)
@pytest.mark.parametrize(
    "ct",
    [
        "CT chest, abdomen and pelvis of 12 November 2026:",
        "CT of the chest, abdomen and pelvis on 12 November 2026 showed",
        "CT thorax, abdomen, pelvis (12 November 2026):",
        "Contrast-enhanced CT thorax/abdomen, 12.11.2026:",
        "Staging CT (12 November 2026):",
        "CT TAP 12/11/2026 (compared with 14/10/2026):",
    ],
)
def test_every_way_to_head_a_paragraph_of_a_letter_gives_it_its_own_day(pathology, ct):
    if "/" in pathology and "/11/2026" not in ct:
        pathology = f"(Letter of 20/11/2026.)\n{pathology}"
    found = days(LETTER.format(pathology=pathology, ct=ct))
    assert {found[words] for words in ("moderately differentiated", "HER2 IHC 2+", "CPS 8")} == {"2026-11-09"}
    assert {found[words] for words in ("cT3", "Two liver metastases", "32 mm in segment 6", "No ascites")} == {
        "2026-11-12"
    }
    assert (found["ECOG 1"], found["antrum"], found["CEA 38.5 ng/ml"]) == (None, "2026-11-03", "2026-11-16")


@pytest.mark.parametrize(
    "heading",
    [
        "CT chest, abdomen and pelvis (12 and 14 November 2026):",
        "CT chest, abdomen and pelvis of 12 November:",
        "CT of the chest, abdomen and pelvis two days later showed",
        "Staging CT, images received 12 November 2026:",
        "CT with contrast, see the images in the archive:",
        "The scan, a CT, two days later, describes",
        "On CT there is",
        "胸腹盆CT（11月12日）：",
    ],
)
def test_a_paragraph_of_another_examination_whose_day_is_not_understood_has_none(heading):
    found = days(LETTER.format(pathology="Pathology of 9 November 2026:", ct=heading))
    assert {found[words] for words in ("cT3", "Two liver metastases", "No ascites")} == {None}
    assert found["HER2 IHC 2+"] == "2026-11-09"


def test_a_part_whose_day_is_not_understood_says_how_the_text_names_it():
    found = read_parts(LETTER.format(pathology="Histology (November):", ct="CT chest, abdomen and pelvis:"), TODAY)
    assert [part.title for part in found if part.title] == ["Histology (November)", "CT chest, abdomen and pelvis"]


PROSE = """Mr Hartwell underwent gastroscopy on 3 November 2026, which showed an ulcerated tumour of the gastric \
antrum. The biopsies, reported on 9 November 2026, showed a poorly differentiated adenocarcinoma, HER2 3+. A CT scan \
on 12 November 2026 showed cT4a cN1 disease and four liver metastases, the largest 45 mm. On MRI of the liver two days \
later, five liver metastases were seen, the largest 47 mm. There was no ascites."""


def test_in_running_prose_each_fact_is_of_the_examination_of_its_sentence_and_mr_is_no_mri():
    assert days(PROSE) == {
        "antrum": "2026-11-03",
        "poorly differentiated": "2026-11-09",
        "HER2 3+": "2026-11-09",
        "cT4a": "2026-11-12",
        "cN1": "2026-11-12",
        "four liver metastases": "2026-11-12",
        "liver metastases": "2026-11-12",
        "45 mm": "2026-11-12",
        "five liver metastases": None,
        "47 mm": None,
        "no ascites": None,
    }
    kinds = [part.kind for part in read_parts(PROSE, TODAY)]
    assert kinds == ["endoscopy", "pathology", "ct", "mri"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CT 12 Nov 2026: metastasis in segment 6. Two days later there was no ascites.", "no ascites"),
        ("CT 12 Nov 2026: metastasis in segment 6, and the next day there was no ascites.", "no ascites"),
        ("CT 12 Nov 2026: metastasis in segment 6. On 20 November 2026 there was no ascites.", "no ascites"),
        ("CT 12 Nov 2026: metastasis in segment 6. On 20 November there was no ascites.", "no ascites"),
        ("CT 12 Nov 2026: metastasis in segment 6. A week ago there was no ascites.", "no ascites"),
        ("CT 12 Nov 2026: metastasis in segment 6. There is no ascites on ultrasound.", "no ascites"),
        ("2026年11月12日CT：肝S6段转移灶。一周后未见腹水。", "未见腹水"),
        ("2026年11月12日CT：肝S6段转移灶。次日超声未见腹水。", "未见腹水"),
    ],
)
def test_a_day_that_is_told_from_another_or_another_examination_in_the_sentence_leaves_its_facts_without_a_day(
    text, words
):
    found = days(text)
    assert found[words] is None
    assert "2026-11-12" in found.values()


@pytest.mark.parametrize(
    "words",
    [
        "No pathological lymph nodes.",
        "The lesion is larger than three months ago.",
        "较3个月前增大。",
        "Endoscopic biopsy is recommended.",
        "未见病理性淋巴结。",
    ],
)
def test_words_that_name_no_other_examination_leave_the_day_as_it_is(words):
    assert days(f"CT 12 Nov 2026: metastasis in segment 6. {words} No ascites.")["No ascites"] == "2026-11-12"


@pytest.mark.parametrize(
    "planned",
    [
        "An MRI is booked for 20 Nov 2026.",
        "PET of 20 Nov 2026 is pending.",
        "Follow-up CT due 20 Nov 2026.",
        "Patient will undergo laparoscopy on 20 Nov 2026.",
        "He is to have an MRI on 20 Nov 2026.",
        "Staging laparoscopy 20 Nov 2026 postponed.",
        "MRI 20 Nov 2026 (cancelled).",
        "MRI定于2026年11月20日。",
        "待2026年11月20日MRI。",
        "安排2026年11月20日MRI检查。",
        "2026年11月20日择期行MRI检查。",
        "MRI检查2026年11月20日，已取消。",
        "家属要求2026年11月20日行腹腔镜探查。",
        "患者希望2026年11月20日行腹腔镜探查。",
    ],
)
def test_an_examination_that_was_only_planned_or_wished_for_gives_its_day_to_nothing(planned):
    for text in (f"{planned} No ascites. cN2.", f"CT 12 Nov 2026: segment 6 metastasis 50 mm. {planned} No ascites."):
        assert "2026-11-20" not in days(text).values()
        found = read_report(text, load_pathway("gclm").facts, TODAY)
        assert "staging_laparoscopy_done" not in {each.fact for each in found}


@pytest.mark.parametrize(
    "done",
    [
        "Staging laparoscopy 3 Nov 2026: P0, cytology is pending.",
        "Staging laparoscopy on 3 Nov 2026, cytology pending. P0.",
        "2026-11-03行腹腔镜探查：未见腹膜转移，病理待回。",
    ],
)
def test_a_laparoscopy_that_was_done_keeps_its_day_while_a_result_is_awaited(done):
    found = read_report(done, load_pathway("gclm").facts, TODAY)
    assert {each.fact: each.of.on for each in found}["staging_laparoscopy_done"] == date(2026, 11, 3)


def test_a_wish_told_on_a_day_keeps_it():
    assert begin("患者意愿 2026-11-15：希望手术。")[0][:2] == ("2026-11-15", "conversation")
    assert begin("2026-11-15家属要求手术。")[0][0] == "2026-11-15"


@pytest.mark.parametrize("result", ["11-09病理回报：腺癌，HER2 3+。", "11-9病理：HER2 3+。", "11-12复查CT：HER2 3+。"])
def test_a_day_of_two_figures_before_an_examination_is_a_day_without_its_year(result):
    assert days(f"患者于2026-11-03行胃镜检查，{result}") == {"HER2 3+": None}
    assert days("2026-11-03胃镜：胃窦肿物，大小3-5 cm，cT3。")["cT3"] == "2026-11-03"


@pytest.mark.parametrize(
    "text", ["CT 28.11.2026: no ascites.", "CT report\nDate: 2026-11-28\nNo ascites.", "2026年11月28日CT：无腹水。"]
)
def test_a_day_after_today_is_given_to_no_part(text):
    assert [on for on, _kind, _words in begin(text)] == [None]
    assert [on for on, _kind, _words in begin(text.replace("28", "18"))] == ["2026-11-18"]
