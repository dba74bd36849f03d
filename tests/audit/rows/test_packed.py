"""The packed numbers say what the columns say, whatever is stored."""

import itertools
from datetime import date

import pytest

from mdt.audit.models import AuditRow
from mdt.audit.rows.packed import (
    CONCORDANCE,
    ENDED,
    FLAGS,
    HAPPENED,
    IMPLEMENTATION,
    ONCOLOGY_AND_RADIOLOGY,
    STANDARDS,
    axes_with,
    pack_standards,
    unpack_axes,
    unpack_flags,
    unpack_standards,
)
from mdt.meetings.models import Decision
from tests.audit.figures.conftest import *  # noqa: F403 - rows made directly

pytestmark = pytest.mark.django_db


def test_every_combination_is_read_back(add_row):
    for ended, concordance, implementation in itertools.product(ENDED, CONCORDANCE, IMPLEMENTATION):
        add_row(ended=ended, concordance=concordance, implementation=implementation)
    for row in AuditRow.objects.all():
        assert unpack_axes(row.axes) == (row.ended, row.concordance, row.implementation)
    assert AuditRow.objects.values("axes").distinct().count() == len(ENDED) * len(CONCORDANCE) * len(IMPLEMENTATION)


def test_every_flag_is_read_back(add_row):
    for values in itertools.product([True, False], repeat=len(FLAGS)):
        for known in (True, False, None):
            add_row(**dict(zip(FLAGS, values, strict=True)), is_prospective=known)
    for column in HAPPENED:
        add_row(**{column: date(2026, 5, 1)})
    add_row(resected_on=date(2026, 5, 1), r_status="R0")
    add_row(resected_on=date(2026, 5, 1), r_status="R1")
    add_row(is_contradictory=True)
    for row in AuditRow.objects.all():
        flags = {name: getattr(row, name) for name in (*FLAGS, "is_prospective", "is_contradictory")}
        happened = {name: getattr(row, name) is not None for name in HAPPENED}
        assert unpack_flags(row.flags) == flags | happened | {"is_r0": row.r_status == "R0"}


def test_the_days_under_observation_end_with_death_or_the_last_day_seen(add_row):
    met, seen, died = date(2024, 2, 28), date(2024, 3, 1), date(2025, 3, 1)
    for columns, days in [
        ({}, None),
        ({"last_seen_on": seen}, 2),
        ({"died_on": died}, 367),
        ({"last_seen_on": seen, "died_on": died}, 367),
        ({"last_seen_on": date(2024, 2, 27)}, -1),
    ]:
        row = add_row(meeting_on=met, **columns)
        row.refresh_from_db()
        assert row.observed_days == days


def test_what_standards_ask_is_read_back():
    both = ["radiology", "oncology", "surgery"]
    for checklist, disciplines, found in [
        ({}, [], set()),
        ({"stage": "yes", "trial": "no"}, ["oncology"], {"stage", "trial"}),
        ({}, both, {ONCOLOGY_AND_RADIOLOGY}),
        (dict.fromkeys(Decision.Check.values, "na"), both, set(STANDARDS)),
    ]:
        assert unpack_standards(pack_standards(checklist, disciplines)) == found


def test_every_value_that_a_column_may_have_has_its_place():
    for name, values in [("ended", ENDED), ("concordance", CONCORDANCE), ("implementation", IMPLEMENTATION)]:
        assert {key for key, _label in AuditRow._meta.get_field(name).choices} == set(values) - {""}


def test_a_filter_asks_for_every_number_that_fits_it(add_row):
    for ended, concordance, implementation in itertools.product(ENDED, CONCORDANCE, IMPLEMENTATION):
        add_row(ended=ended, concordance=concordance, implementation=implementation)
    for asked in ({"ended": "open"}, {"concordance": "no_proposal", "implementation": "lost"}, {}):
        fits = AuditRow.objects.filter(**asked).count()
        assert AuditRow.objects.filter(axes__in=axes_with(**asked)).count() == fits
