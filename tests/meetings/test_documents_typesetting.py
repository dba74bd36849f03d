"""Typesetting: the same data gives the same bytes, and no character becomes a box."""

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from django.template import Context, Template

from mdt.meetings.documents.glyphs import printable, replace_unprintable, unprintable
from mdt.meetings.documents.typesetting import as_json, source_digest, typeset

SHEET = {
    "lang": "en", "title": "Title", "author": "Hospital", "draft": "", "notices": [], "glyph_note": "",
    "date": {"year": 2026, "month": 11, "day": 26, "hour": 14, "minute": 41, "second": 0},
    "running": {"head": "Head", "side": "Side", "foot": "Foot", "pages": "page {page} of {pages}"},
    "head": {"title": "Title", "subtitle": "Subtitle", "sender": ["Hospital"]},
    "identity": [["Patient", "Name", "Numbers", "1"]],
    "since": {"label": "Since", "lines": []},
    "question": {"label": "Question", "text": "Text"},
    "decision": {"headline": "Decision", "lines": []},
    "basis": {"label": "Basis", "rows": [{"label": "Row", "parts": [{"text": "a", "source": ""}]}], "notes": []},
    "plan": {"label": "Plan", "options": [], "none": "None.", "lines": []},
    "steps": {"head": [], "rows": [], "none": "None."},
    "agreement": {"label": "Agreement", "lines": []},
    "signatures": [{"role": "Chair", "name": "Name", "when": ""}],
    "end": [],
}  # fmt: skip


def letter_with(question):
    return {**SHEET, "question": {"label": "Question", "text": question}}


def test_two_runs_give_the_same_bytes():
    assert typeset("letter.typ", SHEET) == typeset("letter.typ", SHEET)


def test_the_date_in_the_file_is_the_date_of_the_data():
    assert b"D:20261126144100" in typeset("letter.typ", SHEET)


def test_the_order_of_keys_does_not_matter():
    turned = dict(reversed(SHEET.items()))
    assert as_json(turned) == as_json(SHEET)
    assert source_digest(turned) == source_digest(SHEET)
    assert source_digest(letter_with("Other")) != source_digest(SHEET)


def test_the_file_is_tagged_and_names_its_language():
    made = typeset("letter.typ", {**SHEET, "lang": "zh"})
    assert b"/MarkInfo" in made
    assert b"pdfuaid" in made


def outlined_texts(made: bytes) -> int:
    """How many texts of a paper are drawn with an outline besides their filling."""
    page = pdfium.PdfDocument(made)[0]
    texts = [each for each in page.get_objects() if each.type == raw.FPDF_PAGEOBJ_TEXT]
    return sum(raw.FPDFTextObj_GetTextRenderMode(each) == raw.FPDF_TEXTRENDERMODE_FILL_STROKE for each in texts)


def test_chinese_emphasis_is_a_colour_and_no_outline_that_would_smear_its_strokes():
    assert outlined_texts(typeset("letter.typ", SHEET)) > 0
    assert outlined_texts(typeset("letter.typ", {**SHEET, "lang": "zh"})) == 0


def test_a_file_on_the_disk_is_out_of_reach():
    made = typeset("letter.typ", letter_with('#read("/etc/passwd") #include "/etc/passwd"'))
    assert made.startswith(b"%PDF-")


def test_ordinary_names_and_units_can_be_printed():
    assert unprintable("林美华 㐱龘 Müller Đặng Łukasz O’Brien µmol/L 10⁹/L ≥ 40 mm × 3 → Ⅱ型 “x” … – —") == []


def test_what_the_font_lacks_is_found_once_and_in_order():
    assert unprintable("a\U00020bb7b😀\U00020bb7") == ["\U00020bb7", "😀"]


def test_it_is_replaced_by_its_number_wherever_it_stands():
    data, lacking = replace_unprintable({"a": ["x\U00020bb7", {"b": "y"}], "n": 3, "none": None, "yes": True})
    assert data == {"a": ["x[U+20BB7]", {"b": "y"}], "n": 3, "none": None, "yes": True}
    assert lacking == ["\U00020bb7"]


@pytest.mark.parametrize("invisible", ["\u202e", "\u200b", "\ufeff", "\u2066", "\x00", "\x1b", "\ufe0f", "\u00ad"])
def test_what_turns_or_hides_text_is_left_out(invisible):
    assert replace_unprintable(f"a{invisible}b") == ("ab", [])


def test_line_ends_stay_and_tabs_become_spaces():
    assert replace_unprintable("a\r\nb\tc\nd") == ("a\nb c\nd", [])


def test_every_character_called_printable_is_printed_without_a_box():
    """PDF/UA refuses a file in which a character has no glyph: so the whole list is set once."""
    everything = "".join(chr(code) for code in sorted(printable()) if code > 0x20)
    data, lacking = replace_unprintable(letter_with(everything))
    assert lacking == []
    assert typeset("letter.typ", data).startswith(b"%PDF-")


def test_a_page_warns_before_the_name_is_printed():
    page = Template("{% load meetings_documents %}{% unprintable name %}")
    assert "U+20BB7" in page.render(Context({"name": "吴\U00020bb7"}))
    assert page.render(Context({"name": "林美华"})).strip() == ""


def test_a_word_longer_than_the_line_is_broken_and_not_cut_off():
    assert b"/Count 1" in typeset("letter.typ", letter_with("x"))
    assert b"/Count 3" in typeset("letter.typ", letter_with("x" * 9000))


def test_a_letter_that_spills_a_few_lines_is_set_closer_and_stays_on_one_sheet():
    """Set with its usual air, fifty-two lines take two sheets; what is longer than one sheet keeps its air."""

    def letter(lines):
        rows = [{"label": "Label", "text": "Words."}] * lines
        return typeset("letter.typ", {**SHEET, "agreement": {"label": "Agreement", "lines": rows}})

    assert b"/Count 1" in letter(52)
    assert b"/Count 2" in letter(62)
