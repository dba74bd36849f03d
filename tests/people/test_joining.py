"""What stands in a row is parted by a sign that none of it holds."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from mdt.people.joining import listed


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", ["LVEF", "Ascites"], "LVEF, Ascites"),
        ("en", ["Bilirubin, total", "LVEF"], "Bilirubin, total; LVEF"),
        ("en", ["Bilirubin, total"], "Bilirubin, total"),
        ("zh-hans", ["腹水", "肝转移"], "腹水、肝转移"),
        ("zh-hans", ["肺、肝转移", "腹水"], "肺、肝转移；腹水"),
        ("en", [], ""),
    ],
)
def test_words_with_a_comma_are_parted_by_semicolons(language, words, expected):
    with override(language):
        assert listed(words) == expected
        assert Template("{% load looks %}{{ words|listed }}").render(Context({"words": words})) == expected
        assert Template("{% load cases_display %}{{ words|phrase }}").render(Context({"words": words})) == expected
