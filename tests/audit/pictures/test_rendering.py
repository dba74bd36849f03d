"""What the browser gets: well-formed SVG with a name, attributes and classes only, and words that are never markup."""

from xml.etree import ElementTree

from django.utils import translation

from mdt.audit.pictures.rendering import as_svg
from mdt.audit.pictures.shapes import Box, Dot, Drawing, Path, Words

SVG = Drawing(
    1234.5,
    (
        Path("ln", "M0 0H10", "a & b"),
        Box("bar", 1.5, 2, 3, 4, "note"),
        Dot("pt", 1, 2, 4.5),
        Words("mid", 5, 6, "<script>alert(1)</script>"),
    ),
)


def parsed(**changes) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(SVG, **{"key": "k", "title": "T", "description": "D", **changes}))


def test_a_picture_has_a_name_and_a_description_that_it_points_at():
    svg = parsed(title="Survival & more")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby").split() == ["k-t", "k-d"]
    assert [(each.tag, each.get("id"), each.text) for each in svg[:2]] == [
        ("title", "k-t", "Survival & more"), ("desc", "k-d", "D"),
    ]  # fmt: skip


def test_marks_come_in_their_order_with_their_notes():
    svg = parsed()
    assert [each.tag for each in svg[2:]] == ["path", "rect", "circle", "text"]
    assert [each.findtext("title") for each in svg[2:4]] == ["a & b", "note"]
    assert svg[4].find("title") is None


def test_words_are_never_markup():
    assert parsed()[5].text == "<script>alert(1)</script>"


def test_nothing_is_styled_in_place():
    for element in parsed().iter():
        assert set(element.attrib) <= {
            *("class", "viewBox", "role", "aria-labelledby", "id", "d"),
            *("x", "y", "width", "height", "cx", "cy", "r"),
        }  # fmt: skip


def test_coordinates_are_the_same_in_every_language():
    texts = set()
    for language in ("en", "zh-hans", "de"):
        with translation.override(language):
            texts.add(as_svg(SVG, key="k", title="T", description="D"))
    assert len(texts) == 1
    assert 'viewBox="0 0 640 1234.5"' in texts.pop()


def test_an_empty_drawing_gives_no_svg():
    assert as_svg(Drawing(10), key="k", title="T", description="D") == ""
