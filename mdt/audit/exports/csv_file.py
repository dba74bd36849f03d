"""One table as CSV: titles, rows and, after an empty line, what must be read with them."""

import csv
from io import StringIO

from mdt.audit.exports import flat, head, plain
from mdt.audit.tables import Table


def csv_text(table: Table, about: list[str]) -> str:
    """The whole file as text; the mark at its beginning makes spreadsheets read Chinese as UTF-8."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([plain(title) for title in head(table)])
    for row in flat(table):
        writer.writerow([plain(value) for value in row])
    writer.writerow([])
    writer.writerows([plain(line)] for line in about)
    return "\ufeff" + file.getvalue()
