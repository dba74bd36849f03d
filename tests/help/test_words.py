"""Words explained: one file in both languages, each once on a page, in either script."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from mdt.help.words import GROUPS, by_group, found_in, words


def shown(text, request=None):
    request = request or RequestFactory().get("/")
    return Template("{% load help_words %}{% explained text %}").render(Context({"text": text, "request": request}))


def test_every_word_is_complete_in_both_languages():
    for word in words().values():
        assert re.fullmatch(r"[a-z0-9-]+", word.id)
        assert word.group in GROUPS
        for language in ("en", "zh"):
            assert word.written[language]
            assert word.says[language].endswith("." if language == "en" else "。"), word.id
        assert re.search(r"[\u4e00-\u9fff]", word.says["zh"]), word.id


def test_no_writing_belongs_to_two_words():
    for language in ("en", "zh"):
        texts = [text for word in words().values() for text in word.written[language]]
        assert len(texts) == len(set(texts))


def test_the_page_holds_every_word():
    assert sum(len(some) for _heading, some in by_group()) == len(words())


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "PD-L1 CPS", ["cps"]),
        ("en", "D2 gastrectomy, R0", ["d2", "r0"]),
        ("en", "CAPSULE, PR01, CD25", []),
        ("en", "nodes in 16a2/16b1", ["16a2"]),
        ("zh-hans", "达到R0切除，D2胃切除", ["r0", "d2"]),
        ("zh-hans", "预计残肝占比", ["flr"]),
    ],
)
def test_words_are_found_whole_and_in_either_script(language, text, found):
    with override(language):
        assert [word.id for _piece, word in found_in(text) if word] == found
        assert "".join(piece for piece, _word in found_in(text)) == text


def test_a_bracket_goes_to_the_next_line_with_the_word_that_it_opens():
    page = shown("HER2, four tiers (CSCO 2025)")
    assert '<span class="unparted">(<span class="term">' in page
    assert re.sub(r'<span class="termtip".*?</span>|<[^>]+>', "", page) == "HER2, four tiers (CSCO 2025)"


def test_a_word_is_explained_once_on_a_page():
    request = RequestFactory().get("/")
    assert "Combined positive score" in shown("CPS", request)
    assert shown("CPS and R0", request).count("termtip") == 1


def test_a_part_that_is_swapped_in_repeats_no_explanation():
    request = RequestFactory().get("/")
    request.htmx = True
    assert shown("CPS", request) == "CPS"


def test_the_text_around_is_escaped():
    assert shown("<b>CPS</b>").startswith("&lt;b&gt;<span")


@pytest.mark.django_db
def test_a_case_explains_its_systems_once(client, team, coordinator):
    from tests.builders import complete_case, make_case

    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert page.count('id="word-c-gclm"') == 1
    assert page.count('id="word-omec"') == 1


def test_in_chinese_the_words_stand_in_the_order_of_their_sound():
    with override("zh-hans"):
        (here,) = ([word.name for word in some] for heading, some in by_group() if heading == GROUPS["meeting"])
        first = next(iter(by_group()))[1]
    sounds = ["版本", "标准诊疗通道", "不同意见", "出席要求", "可能类型", "未核实", "先表态后公开", "已过期", "暂定"]
    assert [name for name in here if name in sounds] == sounds
    latin = [word.name[0].isascii() for word in first]
    assert latin == sorted(latin, reverse=True)  # what begins with Latin letters stands before
