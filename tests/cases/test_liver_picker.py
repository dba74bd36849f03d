"""The liver over the lesion table: drawn as typed, and a segment that adds a lesion without any script."""

import re

import pytest
from django.urls import reverse

from cases.models import Finding, FindingDraft

HTMX = {"HX-Request": "true"}
MOST = {"liver_lesions-1-segments": ["8"], "liver_lesions-1-diameter": ["30"], "liver_lesions-1-nature": ["metastasis"]}


@pytest.fixture
def url(case):
    return reverse("draft-save", args=[case.reference, "radiology"])


@pytest.fixture
def signed_in(client, radiologist):
    client.force_login(radiologist)
    return client


def looks(page: str) -> list[str]:
    """How each lesion of the picture is drawn, by its number."""
    found = re.findall(r'<circle class="lv-(\w+)" data-lesion="(\d+)"', page)
    return [look for look, _number in sorted(found, key=lambda each: int(each[1]))]


def test_a_segment_adds_a_lesion_of_which_nothing_else_is_said(signed_in, url, case):
    answer = signed_in.post(url, {**MOST, "segment": "6"})
    entries = FindingDraft.objects.get().entries
    assert entries == MOST | {"liver_lesions-2-segments": ["6"]}
    assert answer.url == reverse("finding-record", args=[case.reference, "radiology"]) + "#liver_lesions"
    page = signed_in.get(answer.url).content.decode()
    assert page.count(f'formaction="{url}" name="segment"') == 9
    assert looks(page) == ["met", "unk"]  # what nobody has sized is not drawn as if it were known
    assert Finding.objects.count() == 0


@pytest.mark.parametrize("segment", ["9", "", "<b>"])
def test_no_lesion_is_added_in_a_segment_that_does_not_exist(signed_in, url, segment):
    signed_in.post(url, {**MOST, "segment": segment})
    assert FindingDraft.objects.get().entries == MOST


def test_every_segment_has_a_button_that_says_what_it_does(signed_in, case):
    page = signed_in.get(reverse("finding-record", args=[case.reference, "radiology"])).content.decode()
    named = re.findall(r'aria-label="Add a lesion in segment (\w+)"', page)
    assert named == ["1", "2", "3", "4a", "4b", "5", "6", "7", "8"]


def test_the_picture_comes_again_with_each_draft(signed_in, url):
    page = signed_in.post(url, MOST, headers=HTMX).content.decode()
    assert 'id="liver-drawn" hx-swap-oob="true"' in page
    assert looks(page) == ["met"]
    assert "Lesion 1: S8, 30 mm, metastasis." in page


def test_a_row_that_cannot_be_read_is_drawn_where_it_lies_and_no_larger_than_said(signed_in, url):
    typed = MOST | {"liver_lesions-2-segments": ["2"], "liver_lesions-2-diameter": ["big"]}
    page = signed_in.post(url, typed, headers=HTMX).content.decode()
    assert looks(page) == ["met", "unk"]
    assert "Lesion 2: S2, size not stated, nature not stated." in page
