"""Pictures from rows: their numbers are those of the rows, and every case is in them."""

from datetime import date
from itertools import pairwise

import pytest
from django.http import QueryDict
from django.urls import reverse

from mdt.audit.figures.series import series_of
from mdt.audit.pictures import course, delays, over_time, reasons
from mdt.audit.pictures.over_time import spans
from mdt.audit.pictures.series_drawn import series_picture
from mdt.audit.pictures.views import pictures_of
from mdt.audit.scope import Scope

pytestmark = pytest.mark.django_db


def cases_behind(url: str, reader) -> int:
    """How many rows the page of cases would list at this address."""
    return Scope.of(reader, QueryDict(url.partition("?")[2]), date(2026, 12, 31)).rows().count()


def values(table):
    return [[cell.value for cell in row] for row in table.rows]


def test_every_decision_flows_through_all_four_stages(scope, add_row):
    add_row()
    add_row(proposed="", confirmed="II", treatment="conversion", implementation="unknown")
    add_row(proposed="I", confirmed="II", treatment="conversion", implementation="not_done")
    add_row(ended="deferred", confirmed="", concordance="", treatment="", implementation="")
    picture = course.flow_picture(scope)
    first, second, third = picture.tables
    assert values(first) == [["Type I", 1, 1, 2], ["No single type", 0, 1, 1]]
    assert values(second) == [["Type I", 1, 0, 1], ["Type II", 0, 2, 2]]
    assert values(third) == [["Surgery for cure", 1, 0, 0, 1], ["Conversion treatment", 0, 1, 1, 2]]
    assert sum(mark.css == "flow moved" for mark in picture.drawing.marks) == 1
    assert sum(mark.css == "flow lost" for mark in picture.drawing.marks) == 1


def test_a_month_without_decisions_is_a_row_and_a_gap(scope, add_row):
    for month, concordance in [(1, "concordant"), (1, "conditional"), (3, "different_with_reason"), (3, "no_proposal")]:
        add_row(meeting_on=date(2026, month, 9), concordance=concordance)
    picture = over_time.concordance_picture(scope)
    rows = values(picture.tables[0])
    assert [row[:4] for row in rows] == [["Jan 2026", 2, 2, 1.0], ["Feb 2026", 0, 0, None], ["Mar 2026", 0, 1, 0.0]]
    assert sum(mark.css.startswith("pt") for mark in picture.drawing.marks) == 2
    assert sum(mark.css == "ln" for mark in picture.drawing.marks) == 0


@pytest.mark.parametrize(
    ("first", "last", "number", "names"),
    [
        (date(2026, 1, 15), date(2026, 3, 2), 3, ("Jan 2026", "Mar 2026")),
        (date(2022, 1, 1), date(2026, 3, 2), 17, ("2022 Q1", "2026 Q1")),
        (date(2000, 1, 1), date(2026, 3, 2), 27, ("2000", "2026")),
        (date(2026, 12, 31), date(2027, 1, 1), 2, ("Dec 2026", "Jan 2027")),
    ],
)
def test_parts_of_a_period_touch_each_other_and_fill_it(first, last, number, names):
    found = spans(first, last)
    assert (len(found), found[0].name, found[-1].name) == (number, *names)
    assert (found[0].first_on, found[-1].last_on) == (first, last)
    assert all((after.first_on - before.last_on).days == 1 for before, after in pairwise(found))


def test_delays_count_what_is_known_and_say_how_many_are_not(scope, add_row):
    for days in (2, 4, 7, 9, None):
        add_row(discussed_after_days=days, told_after_days=1)
    picture = delays.delay_picture(scope)
    wait = picture.tables[0].rows[1]
    assert [cell.value for cell in wait] == ["Ready to discussed", 4, 1, 3.5, 5.5, 7.5, 7, 0.75]
    assert wait[7].total == 4
    assert [cell.value for cell in picture.tables[0].rows[0][1:4]] == [0, 5, None]


def test_reasons_are_sorted_and_those_without_a_code_are_not_lost(scope, add_row):
    for departure, times in (("technical", 1), ("imaging_reread", 3), ("", 2)):
        for _one in range(times):
            add_row(concordance="different_with_reason", departure=departure)
    add_row(departure="technical")
    table = reasons.departures_picture(scope).tables[0]
    assert [row[1].value for row in table.rows] == [3, 1, 2]
    assert table.foot[1].value == 6
    assert table.rows[2][0].value == "No reason coded"


def test_each_number_opens_exactly_its_cases(scope, add_row, auditor):
    add_row(concordance="different_with_reason", departure="technical", implementation="not_done",
            not_done_because="toxicity")  # fmt: skip
    add_row(concordance="different_without_reason", implementation="lost")
    add_row(proposed="", confirmed="II", treatment="")
    add_row(ended="deferred", departure="technical", concordance="", implementation="", confirmed="")
    cells = [
        cell
        for picture in pictures_of(scope)
        for table in picture.tables
        for row in (*table.rows, table.foot)
        for cell in row
        if cell.url
    ]
    assert len(cells) > 20
    for cell in cells:
        assert cases_behind(cell.url, auditor) == cell.value, cell.url


def test_an_empty_period_gives_a_page_without_drawings(client, auditor):
    client.force_login(auditor)
    page = client.get(reverse("audit-pictures"), {"from": "2020-01-01", "to": "2020-02-01"}).content.decode()
    assert '<svg class="chart' not in page
    assert page.count("Nothing to draw in this period.") == 3
    assert page.count("Nothing in this period.") >= 2  # of the reasons, whose tables say it themselves


def test_one_unknown_case_is_drawn(scope, add_row, client, auditor):
    add_row(proposed="", confirmed="", treatment="", implementation="unknown", concordance="no_proposal")
    client.force_login(auditor)
    page = client.get(reverse("audit-pictures"), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    assert page.count('<svg class="chart') == 1
    assert "Not known: 1" in page


def test_an_indicator_is_drawn_as_its_table_counts_it(scope, add_row, client, auditor):
    for month, ended in ((1, "decided"), (1, "not_discussed"), (3, "decided")):
        add_row(meeting_on=date(2026, month, 9), ended=ended)
    picture = series_picture(scope, series_of(scope, "not_discussed"))
    points = [mark for mark in picture.drawing.marks if mark.css.startswith("pt")]
    known = [row for row in picture.tables[0].rows if row[1].value]
    assert len(points) == len(known) == 2
    assert [point.note for point in points] == ["Jan 2026: 50 %, 2 cases", "Mar 2026: 0 %, 1 case"]
    client.force_login(auditor)
    page = client.get(reverse("audit-indicators"), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    assert '<svg class="chart"' in page
    assert "Making data count" in page
