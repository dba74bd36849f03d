"""The files of an export: the rows as CSV and XLSX, the dictionary, and what a reader must know."""

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.writer.excel import save_workbook

from mdt.audit.research.rows import SMALL_CELL, Export
from mdt.audit.research.variables import Variable
from mdt.audit.scope import Scope
from mdt.people.templatetags.looks import day

HEAD = ("name", "meaning", "unit", "codes", "source")
IN_MEMORY = 8 * 1024 * 1024


def dictionary(variables: Iterable[Variable]) -> list[list[str]]:
    """Every column of the export: name, meaning, unit, codes with their words, and from where it comes."""
    return [
        [each.name, _worded(each.meaning), _worded(each.unit), "; ".join(map(" = ".join, codes_of(each))), each.source]
        for each in variables
    ]


def codes_of(variable: Variable) -> list[tuple[str, str]]:
    """Each code with its words."""
    return [(code, _worded(words)) for code, words in variable.codes.items()]


def _worded(text: Any) -> str:
    return text(get_language() or "en") if callable(text) else str(text)


def zip_of(export: Export, scope: Scope) -> IO[bytes]:
    """The ZIP with every file, at its beginning. Names no patient, no case and no person."""
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response that sends it
    names = [variable.name for variable in export.variables]
    words = dictionary(export.variables)
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("decisions.csv", _csv([names, *export.rows]))
        archive.writestr("dictionary.csv", _csv([HEAD, *words]))
        archive.writestr(
            "decisions.xlsx", _workbook({"decisions": [names, *export.rows], "dictionary": [HEAD, *words]})
        )
        archive.writestr("README.txt", read_me(export, scope))
    target.seek(0)
    return target


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return "\ufeff" + text.getvalue()  # the mark makes spreadsheets read Chinese as UTF-8


def _workbook(sheets: dict[str, Iterable[Sequence[Any]]]) -> bytes:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    save_workbook(book, content)
    return content.getvalue()


def warning_of(export: Export) -> str:
    """How many rows share what may be known of a patient with too few others; "" if none does."""
    if not export.small:
        return ""
    words = {"rows": export.small, "all": len(export.rows), "limit": SMALL_CELL, "least": export.smallest}
    if export.hides:
        return (
            _(
                "%(rows)d of %(all)d rows shared site, year, age, sex and type with fewer than %(limit)d others: their "
                "age and sex were left out."
            )
            % words
        )
    return (
        _(
            "%(rows)d of %(all)d rows share site, year, age, sex and type with fewer than %(limit)d others (the "
            "smallest group has %(least)d): who knows such a patient can find the row."
        )
        % words
    )


def read_me(export: Export, scope: Scope) -> str:
    """What the files are, of what, and what must not be done with them."""
    lines = [
        _("Decisions of tumour boards, for research. Pseudonymised, not anonymous."),
        "",
        _("Made on %(day)s by the MDT case manager %(version)s, from: %(scope)s")
        % {"day": day(timezone.localdate()), "version": settings.VERSION, "scope": scope.period},
        _("Rows: %(count)d, one for each decision, sorted by pseudonym.") % {"count": len(export.rows)},
        warning_of(export),
        "",
        _(
            "Days are counted from the day of the meeting, ages stand in bands, and there is no free text. Whoever "
            "holds the key of the installation can still go from a case to its row, and rare combinations can point "
            "at a person: treat the files as health data, do not join them with other sources, and do not publish "
            "single rows."
        ),
        _("The dictionary says what every column means, its unit, its codes and its source."),
    ]
    return "\n".join(lines) + "\n"
