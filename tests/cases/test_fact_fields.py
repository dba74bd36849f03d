"""Every fact of the vocabulary through its form field: what is stated comes back unchanged, and nothing bad gets in."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.forms.page import script_words
from cases.forms.wording import NotUnderstood, read_amount, read_day, write_amount, write_day
from cases.reasoning import pathway_of
from classification.facts import SEGMENTS, Fact
from mdt.reading.amounts import sizes
from mdt.reading.lengths import MM_PER_UNIT
from mdt.reading.plain import Sentence
from tests.cases.forms_helper import controls, fields_of

FACTS = pathway_of("gclm").facts
TODAY = date(2026, 11, 23)


def of_type(*types: str) -> list[str]:
    return [name for name, fact in FACTS.items() if fact.type in types]


# --- Random valid values ---------------------------------------------------------------------------------
def numbers(fact: Fact):
    low = fact.min if fact.min is not None else fact.above or 0
    high = min(fact.max or 1e6, 1e6)
    if fact.type == "integer":
        return st.integers(int(low), int(high))
    fractions = st.decimals(low, high, places=3, allow_nan=False).map(float)
    return fractions.filter(lambda number: fact.above is None or number > fact.above)


def ordered_pair(values):
    return st.tuples(values, values).map(sorted).map(lambda pair: {"at_least": pair[0], "at_most": pair[1]})


def subset(values, least: int = 0):
    chosen = st.lists(st.sampled_from(values), min_size=least, unique=True)
    return chosen.map(lambda picked: [value for value in values if value in picked])


def one_of(values):
    return subset(values, 2).map(lambda picked: {"one_of": picked})


def partial(values):
    open_ends = st.builds(lambda key, end: {key: end}, st.sampled_from(["at_least", "at_most"]), values)
    several = st.lists(values, min_size=1, max_size=4, unique=True).map(lambda picked: {"one_of": picked})
    return st.one_of(values, open_ends, ordered_pair(values), several)


def choices(values):
    return st.one_of(st.sampled_from(values), one_of(values))


def lesions():
    natures = ["metastasis", "indeterminate", "benign", "second_primary"]
    none = st.just({"not_applicable": True})
    size = st.decimals("0.1", 400, places=1).map(float)
    cell = {
        "segments": subset(list(SEGMENTS), 1),
        "diameter_mm": st.one_of(partial(size), none),
        "nature": st.one_of(choices(natures), none),
        "vessel_relation": st.one_of(choices(["clear", "abuts", "invades"]), none),
        "vessel": st.one_of(choices(["portal_vein", "hepatic_vein", "ivc", "bile_duct"]), none),
    }
    return st.lists(st.fixed_dictionaries({}, optional=cell), max_size=5)


def sites(fact: Fact):
    detail = {
        "count": st.one_of(partial(st.integers(1, 999)), st.just({"not_applicable": True})),
        "laterality": choices(["left", "right", "both"]),
    }
    entry = st.builds(
        lambda site, rest: {"site": site, **rest},
        st.sampled_from(fact.values),
        st.fixed_dictionaries({}, optional=detail),
    )
    return st.lists(entry, max_size=4)


def values_of(fact: Fact):
    days = st.dates(date(1990, 1, 1), timezone.localdate()).map(date.isoformat)
    by_type = {
        "choice": lambda: choices(fact.values),
        "yes_no": lambda: st.sampled_from([True, False, {"one_of": [False, True]}]),
        "integer": lambda: partial(numbers(fact)),
        "number": lambda: partial(numbers(fact)),
        "date": lambda: partial(days),
        "set": lambda: st.one_of(
            subset(fact.values),
            st.lists(subset(fact.values), min_size=2, max_size=3).map(lambda sets: {"one_of": sets}),
        ),
        "text": lambda: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=200),
        "lesions": lesions,
        "sites": lambda: sites(fact),
    }
    return st.one_of(st.none(), st.just({"not_applicable": True}), by_type[fact.type]())


def through_the_form(field, stated):
    posted = MultiValueDict(controls(field, stated))
    assert all(field.owns(name) for name in posted)
    return field.clean(field.widget.value_from_datadict(posted, {}, field.fact.name))


@pytest.mark.parametrize("name", FACTS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_stated_value_comes_back_unchanged(name, data):
    fact = FACTS[name]
    stated = fact.parse(data.draw(values_of(fact))).to_json()
    for language in ("en", "zh-hans"):
        with override(language):
            assert through_the_form(fields_of()[name], stated) == stated


@pytest.mark.parametrize("name", FACTS)
def test_nothing_entered_is_unknown(name):
    field = fields_of()[name]
    assert field.clean(field.widget.value_from_datadict(MultiValueDict({name: ["", "  "]}), {}, name)) is None


# --- Amounts and days in words ---------------------------------------------------------------------------
AMOUNTS = [
    ("54", 54), ("40.4", 40.4), (" 54 mm ", 54), ("５４", 54), ("2–4", {"at_least": 2, "at_most": 4}),
    ("2-4", {"at_least": 2, "at_most": 4}), ("2 to 4", {"at_least": 2, "at_most": 4}),
    ("2至4", {"at_least": 2, "at_most": 4}), ("4-4", 4), ("≥2", {"at_least": 2}), (">=2", {"at_least": 2}),
    ("at least 2", {"at_least": 2}), ("2 or more", {"at_least": 2}), ("至少2", {"at_least": 2}),
    ("2及以上", {"at_least": 2}), ("≤40", {"at_most": 40}), ("up to 40", {"at_most": 40}),
    ("不超过40", {"at_most": 40}), ("2 or 3", {"one_of": [2, 3]}), ("2或3", {"one_of": [2, 3]}), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "stated"), AMOUNTS)
def test_an_amount_is_read_in_the_words_of_the_report(text, stated):
    assert read_amount(text, units=("mm",)) == stated
    assert read_amount(write_amount(stated)) == stated


@pytest.mark.parametrize(
    ("text", "reason"),
    [("40,4", "comma"), ("1,234", "comma"), (">40", "open"), ("<5", "open"), ("5-2", "order"), ("abc", "words"),
     ("-3", "words"), ("1e5", "words"), ("NaN", "words"), ("infinity", "words"), ("5 cm", "words"), ("½", "words"),
     ("2 to", "words"), ("9" * 100, "words"), ("0x10", "words"), ("٣", "words")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_reason(text, reason):
    with pytest.raises(NotUnderstood) as refused:
        read_amount(text, units=("mm",))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "stated"),
    [("3.5cm", 35), ("35 mm", 35), ("3,5 cm", 35), ("35毫米", 35), ("３．５厘米", 35), ("0.7 cm", 7), ("54", 54),
     ("2–4 cm", {"at_least": 20, "at_most": 40}), ("2 cm–4 cm", {"at_least": 20, "at_most": 40}),
     ("up to 4cm", {"at_most": 40}), ("2 cm or 3 cm", {"one_of": [20, 30]})],
)  # fmt: skip
def test_a_length_is_read_with_its_unit(text, stated):
    assert read_amount(text, lengths=True) == stated


@pytest.mark.parametrize("text", ["3 cm 5 mm", "2 mm–4 cm", "1,234 mm", "3,5", "3.5 m", "cm"])
def test_a_length_that_may_be_taken_in_two_ways_is_refused(text):
    with pytest.raises(NotUnderstood):
        read_amount(text, lengths=True, units=("mm",))


@pytest.mark.parametrize(("unit", "factor"), MM_PER_UNIT.items())
def test_a_box_the_script_and_the_reader_of_reports_know_the_same_units(unit, factor):
    assert read_amount(f"3 {unit}", lengths=True) == 3 * factor
    [size] = sizes(Sentence(f"a lesion of 3 {unit}", 0, True))
    assert size.value == 3 * factor
    assert json.loads(script_words())["lengths"][unit] == factor


def test_units_of_length_are_listed_once():
    files = [
        path for room in ("cases", "mdt", "static/js") for path in (django_settings.BASE_DIR / room).rglob("*.[pj][ys]")
    ]
    naming = [path.name for path in files if "厘米" in path.read_text(encoding="utf-8")]
    assert naming == ["lengths.py"]


def test_more_than_is_exact_for_whole_numbers():
    assert read_amount(">2", whole=True) == {"at_least": 3}
    assert read_amount("less than 3", whole=True) == {"at_most": 2}


def test_multiple_is_two_or_more_where_things_are_counted():
    assert read_amount("multiple", countable=True) == read_amount("多发", countable=True) == {"at_least": 2}
    with pytest.raises(NotUnderstood):
        read_amount("multiple")


@pytest.mark.parametrize(
    ("text", "stated"),
    [("2026-03-14", "2026-03-14"), ("2026/3/4", "2026-03-04"), ("2026年3月14日", "2026-03-14"),
     ("2026-03", {"at_least": "2026-03-01", "at_most": "2026-03-31"}),
     ("2024", {"at_least": "2024-01-01", "at_most": "2024-12-31"}),
     ("2026", {"at_least": "2026-01-01", "at_most": "2026-11-23"}), ("since 2024", {"at_least": "2024-01-01"}),
     ("until 2024-05", {"at_most": "2024-05-31"}), ("不晚于2024-05-02", {"at_most": "2024-05-02"}),
     ("2024-01-01 to 2024-03", {"at_least": "2024-01-01", "at_most": "2024-03-31"}),
     ("2024-01-01 or 2024-02-02", {"one_of": ["2024-01-01", "2024-02-02"]}), ("", None)],
)  # fmt: skip
def test_a_day_is_read_as_far_as_it_is_known(text, stated):
    assert read_day(text, today=TODAY) == stated
    assert read_day(write_day(stated), today=TODAY) == stated


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2026-11-24", "future"), ("2027", "future"), ("until 2030-01-01", "future"), ("14.3.2026", "ambiguous"),
     ("03/04/2026", "ambiguous"), ("2026-02-30", "words"), ("2026-13", "words"), ("yesterday", "words"),
     ("2026-03-05 to 2026-03-01", "order"), ("0000", "words"), ("20260314", "words"), ("2024 to 2027-02-01", "future")],
)  # fmt: skip
def test_what_is_no_day_of_the_past_is_refused_with_a_reason(text, reason):
    with pytest.raises(NotUnderstood) as refused:
        read_day(text, today=TODAY)
    assert refused.value.reason == reason


# --- Bad input -------------------------------------------------------------------------------------------
def refusal(name: str, posted: dict[str, list[str]]) -> str:
    field = fields_of()[name]
    with pytest.raises(ValidationError) as refused:
        field.clean(field.widget.value_from_datadict(MultiValueDict(posted), {}, name))
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("name", of_type("choice", "yes_no", "set", "sites"))
@pytest.mark.parametrize("wrong", ["T9", "<script>", "true", "-1", "[]", "x" * 1_000_000, "null"])
def test_a_value_outside_the_list_is_refused_naming_the_list(name, wrong):
    message = refusal(name, {name: [wrong]})
    labels = [label for _code, label in fields_of()[name].choices]
    assert all(label in message for label in labels)
    assert len(message) < 2000


@pytest.mark.parametrize("name", of_type("integer", "number"))
@pytest.mark.parametrize(
    "wrong", ["many", "-1", "12,5", "1e3", "NaN", "99999999999", "3-", "5 - 2", "> 0.5", "x" * 1_000_000, "\x00"]
)
def test_a_number_that_is_none_or_out_of_range_is_refused_naming_the_range(name, wrong):
    fact, message = FACTS[name], refusal(name, {name: [wrong]})
    lowest = f"{fact.above if fact.above is not None else fact.min:g}"
    assert lowest in message
    assert len(message) < 400


@pytest.mark.parametrize("name", of_type("integer"))
def test_a_fraction_is_no_whole_number(name):
    assert "whole number" in refusal(name, {name: ["1.5"]})


@pytest.mark.parametrize("name", of_type("date"))
@pytest.mark.parametrize(
    "wrong",
    [
        (timezone.localdate() + timedelta(days=2)).isoformat(),  # should midnight come before the test does
        "2026-02-30",
        "soon",
        "1899-12-31",
        "14.03.2026",
        "9" * 80,
    ],
)
def test_a_day_that_is_none_or_not_past_is_refused_naming_the_form(name, wrong):
    message = refusal(name, {name: [wrong]})
    assert timezone.localdate().isoformat() in message


@pytest.mark.parametrize("name", of_type("text"))
@pytest.mark.parametrize("wrong", ["x" * 4001, "x" * 1_000_000, "a\x00b"])
def test_a_text_that_is_too_long_or_unprintable_is_refused(name, wrong):
    message = refusal(name, {name: [wrong]})
    assert "4000" in message or "cannot be stored" in message


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize(
    "kept", ["{", "[" * 5000, '{"one_of": []}', "[[[]]]", '{"at_least": "x"}', "x" * 1_000_000, '{"a": 1}', "NaN"]
)
def test_a_kept_value_is_checked_like_any_other(name, kept):
    assert refusal(name, {f"{name}-kept": [kept]})


@pytest.mark.parametrize("name", FACTS)
def test_what_stands_apart_excludes_the_rest(name):
    fact = FACTS[name]
    value = {"yes_no": "yes", "integer": "1", "number": "1", "date": "2020-01-01", "text": "none"}.get(fact.type)
    value = value or (fact.values[0] if fact.values else "")
    posted = {name: [value]} if value else {f"{name}-1-segments": ["3"]}
    assert "exclude" in refusal(name, {**posted, f"{name}-as": ["not_applicable"]})
    assert "exclude" in refusal(name, {**posted, f"{name}-kept": [json.dumps({"not_applicable": True})]})
    assert refusal(name, {f"{name}-as": ["perhaps"]})


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [("diameter", "-3", "above 0"), ("diameter", "401", "400 mm"), ("diameter", "0", "above 0"),
     ("diameter", "big", "above 0"), ("diameter", "5,4", "5.4"), ("diameter", '{"at_least": true}', "above 0"),
     ("segments", "9", "4a"), ("nature", "evil", "metastasis"), ("nature", "{", "metastasis"),
     ("vessel", "abuts aorta", "portal vein"), ("vessel", '{"nature": "benign"}', "portal vein"),
     ("vessel", "[" * 3000, "portal vein")],
)  # fmt: skip
def test_a_wrong_cell_of_a_lesion_names_lesion_part_and_values(part, wrong, said):
    message = refusal("liver_lesions", {"liver_lesions-1-segments": ["3"], f"liver_lesions-7-{part}": [wrong]})
    assert "Lesion 2" in message
    assert said in message


def test_lesions_keep_their_order_and_removed_rows_go():
    field = fields_of()["liver_lesions"]
    posted = {
        "liver_lesions-10-diameter": ["8"], "liver_lesions-2-segments": ["4a", "3"],
        "liver_lesions-3-nature": ["benign"],
        "liver_lesions-3-remove": ["1"], "liver_lesions-4-diameter": ["", " "], "liver_lesions-5-listed": ["1"],
    }  # fmt: skip
    typed = field.widget.value_from_datadict(MultiValueDict(posted), {}, "liver_lesions")
    assert field.clean(typed) == [{"segments": ["3", "4a"]}, {}, {"diameter_mm": 8}]


def test_more_lesions_than_a_table_can_hold_are_refused():
    posted = {f"liver_lesions-{number}-segments": ["3"] for number in range(201)}
    assert "200" in refusal("liver_lesions", posted)


@pytest.mark.parametrize(
    ("posted", "said"),
    [({"distant_sites": ["lung"], "distant_sites-lung-count": ["0"]}, "from 1 to 999"),
     ({"distant_sites": ["lung"], "distant_sites-lung-count": ["two"]}, "from 1 to 999"),
     ({"distant_sites": ["lung"], "distant_sites-lung-side": ["up"]}, "both sides"),
     ({"distant_sites-bone-count": ["2"]}, "choose the organ too")],
)  # fmt: skip
def test_a_wrong_detail_of_an_organ_names_the_values(posted, said):
    assert said in refusal("distant_sites", posted)


def test_one_of_a_set_needs_two():
    assert "two or more" in refusal("nodes_beyond_d2", {"nodes_beyond_d2": ["16a1"], "nodes_beyond_d2-as": ["one_of"]})
