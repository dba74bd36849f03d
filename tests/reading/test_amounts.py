"""How many and how large: as exact as the report is, and no more."""

import pytest

from tests.reading.test_read_report import facts, read


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("five to six liver metastases", {"at_least": 5, "at_most": 6}),
        ("2-3 liver metastases", {"at_least": 2, "at_most": 3}),
        ("two or three metastases in the liver", {"at_least": 2, "at_most": 3}),
        ("more than three liver metastases", {"at_least": 4}),
        (">5 liver metastases", {"at_least": 6}),
        ("at least 4 liver metastases", {"at_least": 4}),
        ("no fewer than 4 liver metastases", {"at_least": 4}),
        ("fewer than three liver metastases", {"at_most": 2}),
        ("no more than 3 liver metastases", {"at_most": 3}),
        ("up to 5 liver metastases", {"at_most": 5}),
        ("two of three liver metastases", 3),
        ("肝内可见2-3枚转移灶", {"at_least": 2, "at_most": 3}),
        ("肝内见两三枚转移灶", {"at_least": 2, "at_most": 3}),
        ("肝转移瘤2-3枚", {"at_least": 2, "at_most": 3}),
        ("肝内见3枚以上转移灶", {"at_least": 3}),
        ("肝转移瘤10余枚", {"at_least": 10}),
        ("肝右叶见3枚转移灶", {"at_least": 3}),
        ("肝右叶单发转移灶", 1),
        ("肝内至少3个转移灶", {"at_least": 3}),
        ("肝内见六枚转移灶", 6),
    ],
)
def test_a_count_is_as_exact_as_the_words_are(words, count):
    assert facts(f"{words}.")["liver_lesion_count"] == count


@pytest.mark.parametrize(
    "words",
    [
        "approximately six liver metastases",
        "nearly ten liver metastases",
        "three new liver metastases",
        "the other two liver metastases",
        "3 or more liver metastases",
        "Three right-sided liver metastases and one in segment 2",
        "Three liver metastases in the right lobe and two in the left",
        "Ten liver metastases at diagnosis, six after chemotherapy",
        "Three to four cm liver metastasis",
        "右肝3枚、左肝1枚转移瘤",
        "CT示肝内3枚转移灶，MRI示5枚",
        "肝内原3枚转移灶，现5枚",
        "肝内转移灶3枚左右",
        "肝内见约5枚转移灶",
        "肝内另见2枚转移灶",
        "肝内新增2枚转移灶",
        "肝内见十一枚转移灶",
    ],
)
def test_what_only_comes_near_a_number_or_counts_not_all_is_no_count(words):
    assert "liver_lesion_count" not in facts(f"{words}.")


def test_a_size_behind_a_comma_is_no_second_segment():
    lesion = facts("Liver metastasis in segment 6, 2–4 cm.")["liver_lesions"]
    assert (lesion["segments"], lesion["diameter_mm"]) == (["6"], {"at_least": 20, "at_most": 40})
    assert facts("Metastases in segments 5, 6, 2 x 3 cm.")["liver_lesions"]["segments"] == ["5", "6"]


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("HER2 IHC 2+/3+.", "her2_ihc", {"one_of": ["2+", "3+"]}),
        ("剩余肝体积不足30%。", "flr_percent", {"at_most": 30}),
        ("HER2 1+ to 2+.", "her2_ihc", {"one_of": ["1+", "2+"]}),
        ("HER2（1+~2+）。", "her2_ihc", {"one_of": ["1+", "2+"]}),
        ("cT3 N1-2.", "n_category", {"one_of": ["N1", "N2"]}),
        ("cT3N1/2M1", "n_category", {"one_of": ["N1", "N2"]}),
        ("cT2-4 N1.", "t_category", {"one_of": ["T2", "T3", "T4"]}),
        ("cT3-4a N1.", "t_category", {"one_of": ["T3", "T4a"]}),
        ("cT4a/bN2M1。", "t_category", {"one_of": ["T4a", "T4b"]}),
        ("CT: liver metastases, largest not more than 3 cm.", "liver_max_diameter_mm", {"at_most": 30}),
        ("CT: liver metastases, the largest over 5 cm.", "liver_max_diameter_mm", {"at_least": 50}),
        ("最大径不超过3cm的肝转移灶。", "liver_max_diameter_mm", {"at_most": 30}),
        ("肝转移灶最大径大于5cm。", "liver_max_diameter_mm", {"at_least": 50}),
    ],
)
def test_what_the_report_leaves_open_stays_open(text, fact, value):
    assert facts(text)[fact] == value


@pytest.mark.parametrize(("text", "fact"), [("Child-Pugh A to B.", "child_pugh"), ("ASA 2-3.", "asa")])
def test_one_end_of_a_span_is_not_the_value(text, fact):
    assert fact not in facts(text)


def test_what_grew_from_one_size_to_another_has_the_second():
    assert facts("Segment 7 liver lesion grew from 12 to 25 mm.")["liver_lesions"]["diameter_mm"] == 25


def test_two_stations_written_as_one_are_two():
    found = [mention.value for mention in read("16a2/b1组淋巴结肿大。") if mention.fact == "nodes_beyond_d2"]
    assert found == ["16a2", "16b1"]


def test_lesions_counted_in_segments_of_their_own_are_not_one_that_crosses_them():
    each = [
        mention.value["segments"]
        for mention in read("肝内3个转移瘤，分别位于S4、S7、S8。")
        if mention.pattern == "lesion"
    ]
    assert each == [["4"], ["7"], ["8"]]
    assert "liver_lesions" not in facts("肝内3个转移瘤，位于S4、S7。")


def test_segment_and_size_may_stand_side_by_side():
    text = "Three liver metastases: segment 4a 22 mm, segment 7 31 mm and segment 5/8 9 mm."
    found = [mention.value for mention in read(text) if mention.fact == "liver_lesions"]
    assert [(each["segments"], each["diameter_mm"]) for each in found] == [(["4a"], 22), (["7"], 31), (["5", "8"], 9)]
