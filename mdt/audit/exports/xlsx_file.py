"""Tables as one XLSX, a sheet each, written row by row."""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import save_workbook

from mdt.audit.exports import flat, head
from mdt.audit.tables import Table, Value

BOLD, WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
LONGEST_NAME = 31
"""Excel allows no longer name of a sheet."""


def xlsx_bytes(tables: Iterable[tuple[Table, list[str]]]) -> bytes:
    """The file. Each table comes with the lines that must be read with it; they stand above it."""
    book = Workbook(write_only=True)
    for table, about in tables:
        sheet = book.create_sheet(table.key[:LONGEST_NAME])
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


def _cell(sheet, value: Value) -> WriteOnlyCell:
    """A cell that holds what it is given: text that begins like a formula stays text."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
