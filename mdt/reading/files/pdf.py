"""The text of a PDF, by PDFium, in the child only: lines that ended only at the margin are put together again.

The reader of reports takes the end of a line for the end of a sentence. Lines are joined where that is sure to be the
margin's doing: a sentence torn apart is missed at worst, two lines made into one could say what nobody said.
"""

import ctypes
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Self

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from child import MOST_CHARACTERS, MOST_PAGES, Found, RefusedError

ENDS = re.compile(r"[.。;；!?！？]\s*$")
BEGINS = re.compile(r"\s*(?:\(?\d{1,2}[.)、）](?!\d)|[-–•·●▪■◆*]|[A-Z\u3400-\u9fff][^:：]{0,18}[:：])")
WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
FULL_WIDTH, COLUMN_WIDTH = 0.6, 0.25
"""Shares of the page: from the first on, a line runs across all of it; no column is narrower than the second."""
GAP_POINTS = 9.0
"""Wider than any space between words: another cell of a table, or another column."""
FEWEST_LINES_OF_PROSE = 5
WIDEST_GUTTER = 0.12
"""Of the page's width; between a table's short labels and its results there is often more."""
STOPS = re.compile(r"[.,;]\s|[.,;]$|[，。；、]")


Row = list[tuple[str, float, float]]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


@dataclass(frozen=True)
class Line:
    text: str
    left: float = 0.0
    right: float = 0.0
    first: float = 0.0
    """Width of its first word, or first Chinese character, in points."""
    has_gap: bool = False
    """A row of a table."""


@dataclass(frozen=True)
class Place:
    """Where a sign stands: its base line, its edges and the height of its font, in points."""

    sign: str = ""
    up: float = 0.0
    left: float = 0.0
    right: float = 0.0
    height: float = 0.0

    def is_raised_beside(self, before: Self) -> bool:
        """Whether it is small and stands high beside another."""
        return self.height < 0.85 * before.height and self.up - before.up > 0.15 * before.height

    def may_be_taken_for_its_number(self, before: Self) -> bool:
        return before.sign.isdigit() and (self.sign.isdigit() or self.sign in ("-", "−", "–", "+"))

    def goes_on_after(self, before: Self, stood: Self) -> bool:
        """Whether it stands in the line that a raised sign left."""
        return abs(self.up - stood.up) < 1 and self.left > before.left


def read(content: bytes) -> Found:
    """The text that is to be seen, and how much is known or feared to be missing."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        code = raw.FPDF_GetLastError()
        raise RefusedError("locked" if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) else "broken") from None
    pages = len(document)
    if pages > MOST_PAGES:
        raise RefusedError("too-many-pages")
    found = Found("", pages)
    texts, length = [], 0
    try:
        for number in range(pages):
            page = document[number]
            rows = _rows(page.get_textpage(), page.get_bbox(), found)
            lines = [line for row in column_by_column(rows, page.get_width()) if (line := _line(row)).text]
            text = "\n".join(joined(lines, page.get_width()))
            length += len(text)
            if length > MOST_CHARACTERS:
                raise RefusedError("too-long")
            texts.append(text)
            if not text.strip():
                found.picture_pages += 1
            elif _is_mostly_a_picture(page):
                found.pictured_pages += 1
    except pdfium.PdfiumError:  # part of it would look like the whole
        raise RefusedError("broken") from None
    if not pages:
        raise RefusedError("broken")
    found.text = "\n\n".join(filter(None, texts))
    return found


def _rows(page: pdfium.PdfTextPage, shown: Box, found: Found) -> list[Row]:
    """The lines of a page as signs with their left and right edges. Signs without a letter, and letters that nobody
    sees, are counted in `found`."""
    rows: list[Row] = [[]]
    left, right, low, high = (ctypes.c_double() for _edge in range(4))
    before = Place()
    stood: Place | None = None  # the sign beside which the last one was raised
    is_broken = False
    for place in range(raw.FPDFText_CountChars(page)):
        code = raw.FPDFText_GetUnicode(page, place)
        has_letter = raw.FPDFText_HasUnicodeMapError(page, place) != 1 and code not in (0, 0xFFFD)
        sign = "-" if code in (2, 0xFFFE) else as_written(chr(code)) if has_letter and code <= 0x10FFFF else "\ufffd"
        if sign in ("\r", "\n"):
            is_broken = True
            continue
        now = _place(page, place, sign)
        if is_broken and not (stood and now.goes_on_after(before, stood)):  # PDFium ends a line after a raised sign
            rows.append([])
            before = Place()
        is_broken = False
        raw.FPDFText_GetCharBox(page, place, left, right, low, high)
        if sign.strip() and _is_unseen(
            page, place, (left.value + right.value) / 2, (low.value + high.value) / 2, shown
        ):
            found.unseen += 1
            continue
        found.unread += not has_letter
        if sign.strip() and now.is_raised_beside(before):
            stood = before
            if now.may_be_taken_for_its_number(before):  # 5² is not 52
                rows[-1].append((" ", before.right, before.right))
        elif not (stood and now.up - stood.up > 1):
            stood = None
        rows[-1].append((sign, left.value, right.value))
        before = now
    return rows


def _place(page: pdfium.PdfTextPage, place: int, sign: str) -> Place:
    across, up, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    raw.FPDFText_GetCharOrigin(page, place, across, up)
    raw.FPDFText_GetLooseCharBox(page, place, box)
    return Place(sign, up.value, box.left, box.right, box.top - box.bottom)


def _is_unseen(page: pdfium.PdfTextPage, place: int, across: float, up: float, shown: Box) -> bool:
    """Whether it is printed without ink, as what a program made of a scan, or beside the page."""
    thing = raw.FPDFText_GetTextObject(page, place)
    if thing and raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    return not (shown[0] <= across <= shown[2] and shown[1] <= up <= shown[3])


def _is_mostly_a_picture(page: pdfium.PdfPage) -> bool:
    """Whether pictures take more than half of the page: it may be a scan below a letterhead, also one cut in strips."""
    shown = page.get_bbox()
    half, covered = (shown[2] - shown[0]) * (shown[3] - shown[1]) / 2, 0.0
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        edges = thing.get_bounds()
        across = min(edges[2], shown[2]) - max(edges[0], shown[0])
        up = min(edges[3], shown[3]) - max(edges[1], shown[1])
        covered += max(across, 0) * max(up, 0)
    return covered > half


def column_by_column(rows: list[Row], page_width: float) -> list[Row]:
    """Two columns of prose that were printed line by line, one after the other: a "no" of the left must not meet the
    right. Where it is not sure that the left runs on as prose, rows stay rows: a table read so would part every
    finding from its result."""
    halves = {}
    for number, row in enumerate(rows):
        gaps = _gaps(row)
        if not gaps:
            continue
        low, high = max(gaps, key=lambda gap: gap[1] - gap[0])
        left = [sign for sign in row if sign[2] <= low]
        right = [sign for sign in row if sign[0].strip() and sign[1] >= high]
        if left and right:
            halves[number] = (low, high, _line(left))
    strip = (
        max((low for low, _high, _left in halves.values()), default=0),
        min((high for _low, high, _left in halves.values()), default=0),
    )
    is_gutter = GAP_POINTS <= strip[1] - strip[0] < WIDEST_GUTTER * page_width
    if not is_gutter or not _runs_on([left for _low, _high, left in halves.values()], page_width):
        return rows
    begins, ends = min(halves), max(halves)
    middle = (strip[0] + strip[1]) / 2
    lefts = [[sign for sign in row if sign[1] < middle] for row in rows[begins : ends + 1]]
    rights = [[sign for sign in row if sign[1] >= middle] for row in rows[begins : ends + 1]]
    return [*rows[:begins], *lefts, *rights, *rows[ends + 1 :]]


def _runs_on(lines: list[Line], page_width: float) -> bool:
    """Whether these are surely prose: many, most fill their column, most do not begin anew, and there are stops."""
    if len(lines) < FEWEST_LINES_OF_PROSE:
        return False
    begin = min(line.left for line in lines)
    width = max(line.right for line in lines) - begin
    full = sum(line.right - begin > 0.8 * width for line in lines)
    anew = sum(line.text[0].isupper() or bool(BEGINS.match(line.text)) for line in lines)
    stops = sum(bool(STOPS.search(line.text)) for line in lines)
    return width > COLUMN_WIDTH * page_width and min(full, len(lines) - anew, 2 * stops) > 0.6 * len(lines)


def as_written(sign: str) -> str:
    """Fonts name some Chinese characters as radicals and joined letters as one sign: ⼈ is 人, ﬁ is fi."""
    if "\u2e80" <= sign <= "\u2fdf" or "\uf900" <= sign <= "\ufaff" or "\ufb00" <= sign <= "\ufb06":
        return unicodedata.normalize("NFKC", sign)
    return " " if sign in "\t\xa0" else "" if unicodedata.category(sign) == "Cc" and sign not in "\r\n" else sign


def _line(signs: Row) -> Line:
    text = "".join(sign for sign, _left, _right in signs).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    seen = [sign for sign in signs if sign[0].strip()]
    if not seen:
        return Line("")
    begin = text.lstrip()
    word = 1 if re.match(WIDE, begin) else len(re.match(r"\S+", begin)[0])
    last = seen[min(word, len(seen)) - 1]
    width = last[2] - seen[0][1]
    return Line(text.strip(), seen[0][1], max(sign[2] for sign in seen), width, bool(_gaps(signs)))


def _gaps(row: Row) -> list[tuple[float, float]]:
    """From where to where a line leaves room for more than a space between words."""
    gaps, end, is_apart = [], None, False
    for sign, left, right in row:
        if not sign.strip():
            is_apart = True
            continue
        if is_apart and end is not None and left - end > GAP_POINTS:
            gaps.append((end, left))
        end, is_apart = right, False
    return gaps


def joined(lines: list[Line], page_width: float) -> list[str]:
    """The lines as text, those put together that belong to one sentence."""
    texts: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None and _goes_on(before, line, lines, page_width):
            texts[-1] = _put_together(texts[-1], line.text)
        else:
            texts.append(line.text)
        before = replace(line, text=texts[-1])
    return texts


def _goes_on(line: Line, following: Line, lines: list[Line], page_width: float) -> bool:
    """Whether the next line is there only because its first word did not fit into this one."""
    if ENDS.search(line.text) or BEGINS.match(following.text) or line.has_gap or following.has_gap:
        return False
    block = [each for each in lines if abs(each.left - following.left) < 3]
    limit = max(each.right for each in [*block, line])
    left = min(line.left, following.left)
    runs_across = limit - left > FULL_WIDTH * page_width
    as_long = sum(each.right > limit - 0.12 * (limit - left) for each in block)
    is_column = limit - left > COLUMN_WIDTH * page_width and as_long > 2
    return (runs_across or is_column) and line.right + following.first > limit - 1


def _put_together(text: str, more: str) -> str:
    closed = re.search(rf"{WIDE}$", text) and re.match(WIDE, more)
    return text + ("" if closed or text.endswith("-") else " ") + more
