"""Tables as one XLSX, a sheet each, written row by row."""

import re
from collections.abc import Collection, Iterable
from io import BytesIO
from itertools import count

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import save_workbook

from mdt.audit.exports import flat, head
from mdt.audit.tables import UNKNOWN, Table, Value

BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
LONGEST_NAME = 31
"""Excel allows no longer name of a sheet."""
REFUSED = re.compile(r"[\[\]:*?/\\]")


def xlsx_bytes(tables: Iterable[tuple[Table, list[str]]]) -> bytes:
    """The file. Each table comes with the lines that must be read with it; they stand above it."""
    book, taken = Workbook(write_only=True), set()
    for table, about in tables:
        name = sheet_name(table.title, taken)
        taken.add(name.casefold())
        sheet = book.create_sheet(name)
        sheet.column_dimensions["A"].width = 44
        for place, line in enumerate(about):
            cell = _cell(sheet, line)
            cell.alignment = WRAPPED
            if place == 0:
                cell.font = BOLD
            sheet.append([cell])
        sheet.append([])
        titles = [_cell(sheet, title) for title in head(table)]
        for title in titles:
            title.font, title.alignment = BOLD, WRAPPED
        sheet.append(titles)
        for row in flat(table):
            sheet.append([_cell(sheet, value) for value in row])
    file = BytesIO()
    save_workbook(book, file)
    return file.getvalue()


def sheet_name(title: str, taken: Collection[str]) -> str:
    """The title of a table as far as Excel allows it for a sheet, and not one of those `taken` (casefolded).

    Excel refuses some marks and names that differ in case only; a second sheet of the same name gets a number.
    """
    plain = " ".join(REFUSED.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", title)).split()).strip("'") or UNKNOWN
    for number in count(1):
        end = f" {number}" if number > 1 else ""
        room = LONGEST_NAME - len(end)
        name = (plain if len(plain) <= room else f"{plain[: room - 1].rstrip()}…") + end
        if name.casefold() not in taken:
            return name
    raise AssertionError("numbers do not end")


def _cell(sheet, value: Value) -> WriteOnlyCell:
    """A cell that holds what it is given: text that begins like a formula stays text."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
