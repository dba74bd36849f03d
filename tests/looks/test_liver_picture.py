"""The liver picture: places to scale, labels that never collide, and words for what cannot be drawn."""

import itertools
import math
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.pictures.geometry import Box, liver_geometry
from cases.pictures.lesions import SEGMENTS, Lesion
from cases.pictures.liver import draw_liver, draw_thumbnail

diameters = st.one_of(
    st.none(),
    st.floats(1, 250),
    st.integers(1, 250),
    st.builds(lambda size: {"at_most": size}, st.integers(1, 200)),
    st.builds(lambda size: {"at_least": size}, st.integers(1, 200)),
    st.builds(lambda size, more: {"at_least": size, "at_most": size + more}, st.integers(1, 99), st.integers(0, 99)),
)
lesion_facts = st.fixed_dictionaries(
    {"segments": st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=5, unique=True)},
    optional={
        "diameter_mm": diameters,
        "nature": st.sampled_from(["metastasis", "indeterminate", "benign", "second_primary"]),
        "vessel_relation": st.sampled_from(["clear", "abuts", "invades"]),
        "vessel": st.sampled_from(["portal_vein", "hepatic_vein", "ivc", "bile_duct"]),
    },
)


def lesion(*segments, mm=None, **more):
    return {"segments": list(segments), **({} if mm is None else {"diameter_mm": mm}), "nature": "metastasis", **more}


def view_box(picture) -> Box:
    left, top, width, height = (float(number) for number in picture.view_box.split())
    return Box(left, top, left + width, top + height)


@settings(max_examples=60, deadline=None)
@given(
    facts=st.lists(lesion_facts, min_size=1, max_size=30),
    is_large=st.booleans(),
    language=st.sampled_from(["en", "zh-hans"]),
)
def test_labels_never_overlap_and_stay_in_the_box(facts, is_large, language):
    with translation.override(language):
        picture = draw_liver({"liver_lesions": facts}, is_large=is_large)
    frame = view_box(picture)
    assert sorted(label.number for label in picture.labels) == list(range(1, len(facts) + 1))
    for label in picture.labels:
        assert label.box.within(frame), label
    for one, other in itertools.combinations(picture.labels, 2):
        assert not one.box.meets(other.box), (one, other)


@settings(max_examples=60, deadline=None)
@given(facts=st.lists(lesion_facts, min_size=1, max_size=30))
def test_every_lesion_lies_in_the_organ(facts):
    outline = liver_geometry().outline
    spots = draw_liver({"liver_lesions": facts}).spots
    assert len(spots) == len(facts)
    assert all(outline.contains((spot.x, spot.y)) for spot in spots)


def test_a_lesion_is_drawn_to_scale_at_its_segment():
    (spot,) = draw_liver({"liver_lesions": [lesion("4", mm=54)]}).spots
    assert (spot.x, spot.y, spot.r) == (372, 214, 70.2)
    assert spot.look == "met"


def test_a_lesion_between_two_segments_is_placed_between_them():
    five, six = (liver_geometry().segments[name].centre for name in "56")
    (spot,) = draw_liver({"liver_lesions": [lesion("5", "6", mm=20)]}).spots
    assert (spot.x, spot.y) == pytest.approx(((five[0] + six[0]) / 2, (five[1] + six[1]) / 2), abs=0.1)


def test_several_lesions_in_one_segment_do_not_overlap():
    spots = draw_liver({"liver_lesions": [lesion("8", mm=15) for _ in range(4)]}).spots
    for one, other in itertools.combinations(spots, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= one.r + other.r - 0.5


def test_the_largest_is_drawn_first_so_that_it_hides_none():
    spots = draw_liver({"liver_lesions": [lesion("5", mm=8), lesion("5", mm=60), lesion("5", mm=30)]}).spots
    assert [spot.number for spot in spots] == [2, 3, 1]


def test_a_lesion_wider_than_the_organ_is_cut_at_the_outline():
    assert draw_liver({"liver_lesions": [lesion("2", "3", mm=110)]}).spots[0].is_clipped
    assert not draw_liver({"liver_lesions": [lesion("5", mm=10)]}).spots[0].is_clipped


@pytest.mark.parametrize(
    ("fact", "look"),
    [
        (lesion("5", mm=20), "met"),
        (lesion("5"), "unk"),
        (lesion("5", mm={"at_most": 40}), "unk"),
        ({"segments": ["5"], "diameter_mm": 20}, "unk"),
        (lesion("5", mm=20) | {"nature": "indeterminate"}, "ind"),
        (lesion("5", mm=20) | {"nature": "benign"}, "oth"),
    ],
)
def test_filled_only_where_everything_is_known(fact, look):
    assert draw_liver({"liver_lesions": [fact]}).spots[0].look == look


def test_partly_known_sizes_are_drawn_at_their_upper_bound():
    (spot,) = draw_liver({"liver_lesions": [lesion("5", mm={"at_least": 10, "at_most": 20})]}).spots
    assert spot.r == 26
    assert "10–20 mm" in draw_liver({"liver_lesions": [lesion("5", mm={"at_least": 10, "at_most": 20})]}).labels[0].head


def test_a_lesion_without_a_segment_is_listed_and_not_drawn():
    picture = draw_liver({"liver_lesions": [lesion(mm=12), lesion("7", mm=30)]})
    assert [entry.number for entry in picture.unplaced] == [1]
    assert [spot.number for spot in picture.spots] == [2]
    assert "Lesion 1: segment not stated, 12 mm" in picture.description


@pytest.mark.parametrize(
    ("facts", "says", "questions"),
    [
        ({"liver_lesion_count": 3, "liver_lobes": "both"}, "Metastases stated: 3.", 2),
        ({"liver_lesion_count": {"at_least": 2}}, "Metastases stated: 2 or more.", 1),
        ({"liver_max_diameter_mm": {"at_most": 40}}, "Largest: up to 40 mm.", 1),
        ({"liver_diffuse": True}, "Innumerable metastases in both lobes.", 0),
        ({"liver_metastasis": "absent"}, "No liver metastasis.", 0),
        ({}, "Number, size and place of the lesions are not stated.", 1),
        (None, "Number, size and place of the lesions are not stated.", 1),
    ],
)
def test_what_cannot_be_drawn_is_said(facts, says, questions):
    thumb = draw_thumbnail(facts)
    assert says in draw_liver(facts).statements
    assert says in thumb.label
    assert len(thumb.questions) == questions


def test_a_count_beyond_the_list_is_said():
    picture = draw_liver({"liver_lesions": [lesion("5", mm=20)], "liver_lesion_count": 4})
    assert "Metastases stated: 4." in picture.statements


def test_a_thumbnail_names_the_segments():
    facts = {"liver_lesions": [lesion("8", mm=20), lesion("4", mm=50), lesion("5")]}
    assert draw_thumbnail(facts).label == "3 liver lesions, segments 4, 5, 8"


@pytest.mark.parametrize("value", ["54", {"one_of": [10, 20]}, True, -3, 0, "large", {"not_applicable": True}, []])
def test_odd_diameters_never_raise(value):
    assert Lesion.read(1, lesion("5", mm=value)).size_text


def test_odd_lists_never_raise():
    for odd in (None, "five", [None, "x"], [{"segments": None}], [{"segments": 4}], [{"segments": ["9", "S3"]}]):
        draw_liver({"liver_lesions": odd})
        draw_thumbnail({"liver_lesions": odd})


def test_the_svg_is_well_formed_and_holds_nothing_that_the_policy_forbids():
    facts = {"liver_lesions": [lesion("4", mm=54, vessel_relation="abuts", vessel="hepatic_vein"), lesion("5")]}
    svg = render_to_string("cases/_liver_svg.html", {"picture": draw_liver(facts)})
    root = ET.fromstring(svg.strip())
    names = {name for element in root.iter() for name in element.attrib}
    assert not {"style", "onclick", "onload"} & names
    assert {element.tag for element in root.iter()}.isdisjoint({"style", "script", "foreignObject"})
    assert root.find("title").text


def test_two_pictures_on_a_page_have_different_ids():
    facts = {"liver_lesions": [lesion("4", mm=54)], "liver_diffuse": True}
    ids = [
        element.attrib["id"]
        for name in ("before", "after")
        for element in ET.fromstring(
            render_to_string("cases/_liver_svg.html", {"picture": draw_liver(facts, name=name)}).strip()
        ).iter()
        if "id" in element.attrib
    ]
    assert len(ids) == len(set(ids))


def test_coordinates_keep_their_points_in_every_language():
    with translation.override("zh-hans"):
        svg = render_to_string("cases/_liver_thumb.html", {"lesions": [lesion("5", mm=12.3)]})
    assert 'r="16.0"' in svg
