"""Every table of the audit, over rows of every kind: numbers that are their cases, sums that add up, true files."""

import csv
import random
from datetime import date, timedelta
from io import BytesIO, StringIO
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from mdt.audit.exports import flat, head
from mdt.audit.exports.csv_file import csv_text
from mdt.audit.exports.xlsx_file import sheet_name, xlsx_bytes
from mdt.audit.registry import BY_KEY, FIGURES
from mdt.audit.rows.packed import CONCORDANCE, FLAGS, IMPLEMENTATION
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Table, count_cell, percent, share_cell
from mdt.events.models import Event

pytestmark = pytest.mark.django_db
KEYS = [figure.key for figure in FIGURES]
ROWS = 150
WITHOUT_CASES = {
    *("attendance-members", "attendance-disciplines", "oars", "meetings", "survival-published"),
}


@pytest.fixture
def many_rows(add_row):
    """Rows of every kind, the same ones each time."""
    pick = random.Random(5)
    for number in range(ROWS):
        ended = pick.choice(["decided"] * 8 + ["deferred", "not_discussed", "open"])
        is_decided, is_taken = ended == "decided", ended in ("decided", "deferred")
        concordance = pick.choice(CONCORDANCE[1:]) if is_decided else ""
        implementation = pick.choice(IMPLEMENTATION[1:]) if is_decided else ""
        departs = implementation in ("partial", "different", "not_done", "lost")
        meeting_on = date(2026, 1, 1) + timedelta(days=pick.randrange(365))
        resected = is_decided and pick.random() < 0.3
        add_row(
            ended=ended, concordance=concordance, implementation=implementation, meeting_on=meeting_on,
            decision_id=number if is_taken else None, is_again=pick.random() < 0.2,
            confirmed=pick.choice(["I", "II", "III", "none"]) if is_decided else "",
            proposed=pick.choice(["I", "II", "III", ""]) if is_taken else "",
            departure=pick.choice(["technical", ""]) if concordance.startswith("different") else "",
            not_done_because=pick.choice(["toxicity", "died", ""]) if departs else "",
            option=pick.choice(["conversion", "upfront_surgery", "other"]) if is_decided else "",
            treatment=pick.choice(["systemic", "curative_surgery", "other"]) if is_decided else "",
            discipline=pick.choice(["surgery", "oncology", ""]) if is_taken else "",
            edition=pick.choice(["c-gclm 2019", ""]) if is_taken else "",
            is_prospective=pick.choice([True, False, None]), is_late=pick.random() < 0.1,
            **{name: pick.random() < 0.7 for name in FLAGS if name not in ("is_again", "is_late")},
            **{
                name: pick.choice([None, *range(12)]) if is_taken else None
                for name in ("ready_after_days", "discussed_after_days", "released_after_days", "told_after_days")
            },
            resected_on=meeting_on if resected else None, r_status=pick.choice(["R0", "R1"]) if resected else "",
        )  # fmt: skip


def cells_of(table):
    for row in (*table.rows, table.foot):
        yield from row


def behind(url, chair):
    """How many rows the page of cases shows."""
    return Scope.of(chair, QueryDict(urlsplit(url).query), date(2026, 12, 31)).rows().count()


@pytest.mark.parametrize("key", KEYS)
def test_a_number_is_the_number_of_the_cases_behind_it(key, many_rows, scope, chair):
    table = BY_KEY[key].build(scope)
    linked = [cell for cell in cells_of(table) if cell.url.startswith(reverse("audit-cases"))]
    for cell in linked:
        count = cell.value if isinstance(cell.value, int) else round((cell.value or 0) * (cell.total or 0))
        assert behind(cell.url, chair) == count, (table.key, cell)
    assert linked or key in WITHOUT_CASES


@pytest.mark.parametrize("name", ["month", "team", "confirmed", "option", "treatment", "discipline", "edition"])
def test_the_rows_of_a_breakdown_add_up_to_all_decisions(name, many_rows, scope):
    table = BY_KEY[f"by-{name}"].build(scope)
    assert (
        sum(row[1].value for row in table.rows) == table.foot[1].value == scope.narrowed(ended="decided").rows().count()
    )


@pytest.mark.parametrize("key", ["reasons-departed", "reasons-not-done"])
def test_the_rows_of_reasons_add_up(key, many_rows, scope):
    table = BY_KEY[key].build(scope)
    place = [column.key for column in table.columns].index("cases")
    assert sum(row[place].value for row in table.rows) == table.foot[place].value > 10


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", ["empty", "one", "unknown", "narrowed"])
def test_nothing_breaks_where_there_is_little(key, kind, scope, add_row):
    if kind == "one":
        add_row()
    if kind == "unknown":
        for _row in range(3):
            add_row(
                implementation="unknown", concordance="no_proposal", is_prospective=None, discipline="", edition="",
                confirmed="", proposed="", option="", treatment="", departure="",
            )  # fmt: skip
    if kind == "narrowed":
        add_row()
        scope = scope.narrowed(confirmed="III", reason="not_done.toxicity")
    table = BY_KEY[key].build(scope)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert not table.foot or len(table.foot) == len(table.columns)
    assert table.how_counted
    assert table.key == key
    list(flat(table))


def same(written, expected):
    """A spreadsheet keeps fifteen digits."""
    if isinstance(expected, float) and written is not None:
        return abs(written - expected) <= 1e-14 * max(1, abs(expected))
    return written == expected


@pytest.mark.parametrize("key", KEYS)
def test_files_hold_what_the_table_holds(key, many_rows, scope):
    table = BY_KEY[key].build(scope)
    about = [table.title, scope.in_words(), table.how_counted]
    rows = list(csv.reader(StringIO(csv_text(table, about).removeprefix("\ufeff"))))
    assert len(rows[0]) == len(head(table))
    count = len(table.rows) + bool(table.foot)
    assert rows[count + 1] == []
    sheet = load_workbook(BytesIO(xlsx_bytes([(table, about)]))).worksheets[0]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=len(about) + 3)]
    for written, expected in zip(values, flat(table), strict=True):
        shown = [value.date() if hasattr(value, "date") else value for value in written[: len(expected)]]
        assert all(map(same, shown, [None if value == "" else value for value in expected]))


NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_a_formula_in_any_file(text):
    table = Table("t", text, "", (Column("a", text), Column("b", "b", "count")), ((Cell(text), Cell(-3)),))
    lines = [line for line in csv.reader(StringIO(csv_text(table, [text]).removeprefix("\ufeff"))) if line]
    assert [line[0][0] for line in lines] == ["'"] * 3
    assert lines[1][1] == "-3", "a number stays a number"
    sheet = load_workbook(BytesIO(xlsx_bytes([(table, [text])]))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_a_control_character_breaks_no_file():
    table = Table("t", "t", "", (Column("a", "a"),), ((Cell("a\x00b\x07"),),))
    assert load_workbook(BytesIO(xlsx_bytes([(table, [])]))).worksheets[0]["A3"].value == "ab"


def test_shares_are_said_without_claiming_nothing_or_all():
    assert [percent(share) for share in (None, 0, 1, 0.5, 0.004, 0.0004, 0.996, 0.9999)] == [
        "–", "0 %", "100 %", "50 %", "0.4 %", "under 0.1 %", "99.6 %", "over 99.9 %",
    ]  # fmt: skip


def test_a_share_has_its_interval_and_a_small_one_says_so():
    cell = share_cell(10, 214)
    assert (round(cell.low, 4), round(cell.high, 4), cell.is_small) == (0.0256, 0.0839, False)
    assert cell.shown == "5 % (3–8)"
    assert share_cell(1, 7).is_small
    assert count_cell(7, 7).interval == "100 % (65–100)"


@pytest.mark.parametrize("name", ["audit", "audit-indicators", "audit-attendance"])
def test_pages_show_every_table_with_how_it_is_counted(name, many_rows, client, auditor):
    client.force_login(auditor)
    text = client.get(reverse(name), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    assert text.count("How this is counted") >= 3
    assert text.count("XLSX") >= 4


def test_an_export_is_logged_with_its_filters(many_rows, client, auditor, team):
    client.force_login(auditor)
    query = {"from": "2026-01-01", "to": "2026-12-31", "confirmed": "II"}
    answer = client.get(reverse("audit-export"), {"table": "by-option", "form": "csv", **query})
    assert answer["Content-Disposition"] == 'attachment; filename="audit-by-option-20260101-20261231.csv"'
    line = Event.objects.get(kind="audit-exported")
    assert (line.by, line.team, line.data["table"]) == (auditor, team, "by-option")
    assert "confirmed=II" in line.data["filters"]
    everything = load_workbook(
        BytesIO(client.get(reverse("audit-export"), {"table": "all", "form": "xlsx", **query}).content)
    )
    assert len(everything.worksheets) == len(FIGURES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sheets_are_named_as_their_tables_are_for_people(language, scope):
    with override(language):
        tables = [figure.build(scope) for figure in FIGURES]
        names = load_workbook(BytesIO(xlsx_bytes([(table, []) for table in tables]))).sheetnames
    assert not {figure.key for figure in FIGURES} & set(names)
    assert names[0].startswith(tables[0].title[:20])
    assert len({name.casefold() for name in names}) == len(FIGURES)
    assert max(map(len, names)) <= 31


def test_a_sheet_is_named_whatever_its_title_holds():
    assert sheet_name("a/b: [c]?", set()) == "a b c"
    assert sheet_name("Same", {"same"}) == "Same 2"
    assert sheet_name("*", set()) == "–"
    assert sheet_name("x" * 40, {"x" * 30 + "…"}) == "x" * 28 + "… 2"


@pytest.mark.parametrize(("table", "form"), [("axes", "pdf"), ("nothing", "csv"), ("all", "csv")])
def test_what_is_no_file_is_not_found(table, form, client, auditor):
    client.force_login(auditor)
    assert client.get(reverse("audit-export"), {"table": table, "form": form}).status_code == 404


def test_nobody_else_exports(client, surgeon):
    client.force_login(surgeon)
    assert client.get(reverse("audit-export")).status_code == 403
