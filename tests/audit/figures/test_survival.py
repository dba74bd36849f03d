"""Survival on the page: the figures of another implementation, nobody lost in silence, published figures apart."""

import random
import re
import warnings
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from mdt.audit.models import AuditRow
from mdt.audit.survival import figures
from mdt.audit.survival.counting import observed
from mdt.audit.survival.published import studies
from tests.audit.figures.test_pictures import cases_behind

pytestmark = pytest.mark.django_db
DECIDED_ON = date(2026, 3, 4)


def after(days: int) -> date:
    return DECIDED_ON + timedelta(days=days)


@pytest.fixture
def archive(add_row):
    """Rows of 90 patients with days drawn by lot; returns (type, days, died) of each."""
    draw = random.Random(20261125)
    listed = []
    for _patient in range(90):
        kind, days, died = draw.choice(["I", "II", "III"]), draw.randint(1, 1500), draw.random() < 0.6
        ended_on = after(days)
        add_row(confirmed=kind, **({"died_on": ended_on} if died else {"last_seen_on": ended_on}))
        listed.append((kind, days, died))
    return listed


def of_type(archive, kind) -> tuple[list[int], list[bool]]:
    return [days for each, days, _died in archive if each == kind], [
        died for each, _days, died in archive if each == kind
    ]


def fitted(days, died):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter  # two seconds, and only where it is asked

        return KaplanMeierFitter().fit(days, died)


def test_survival_on_the_page_equals_another_implementation(archive, client, auditor):
    client.force_login(auditor)
    page = client.get(reverse("audit-survival"), {"from": "2026-01-01", "to": "2026-12-31"})
    table = page.context["by_type"].tables[0]
    assert [row[0].value for row in table.rows] == ["Type I", "Type II", "Type III"]
    for row, kind in zip(table.rows, ["I", "II", "III"], strict=True):
        days, died = of_type(archive, kind)
        other = fitted(days, died)
        assert (row[1].value, row[2].value) == (len(days), sum(died))
        for cell, months in ((row[6], 12), (row[7], 36)):
            at = months * 365.25 / 12
            assert cell.value == pytest.approx(float(other.predict(at)), abs=1e-9)
            band = other.confidence_interval_survival_function_
            limits = band[band.index <= at].iloc[-1].to_list()
            assert (cell.low, cell.high) == pytest.approx(limits, abs=1e-9)
            assert cell.shown in page.content.decode()
        assert row[5].value * 365.25 / 12 == pytest.approx(other.median_survival_time_)


def test_the_log_rank_test_on_the_page_equals_another_implementation(archive, client, auditor):
    client.force_login(auditor)
    page = client.get(reverse("audit-survival"), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    kinds, days, died = zip(*archive, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines.statistics import multivariate_logrank_test

        other = multivariate_logrank_test(days, kinds, died)
    assert f"over 3 groups, not adjusted for anything: chi-square {other.test_statistic:.2f}, 2 degrees of" in page
    assert f"p = {other.p_value:.3f}." in page


def test_the_drawn_curve_is_the_one_of_the_table(archive, client, auditor):
    """Read back from the page's SVG: the height of the first curve just before 12 months."""
    client.force_login(auditor)
    page = client.get(reverse("audit-survival"), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    page = re.search(r'<svg class="chart".*?</svg>', page, re.S).group()
    d = re.search(r'class="ln ln1" d="([^"]+)"', page).group(1)
    ticks = {int(month): float(x) for x, month in re.findall(r'class="mid" x="([\d.]+)"\s+y="319">(\d+)<', page)}
    year, y = ticks[12], None
    x, height = 0.0, 14.0
    for command, value in re.findall(r"([MHV])([\d.]+)", d):
        if command == "V":
            height = float(value)
        else:
            if command == "H" and x <= year < float(value):
                y = height
            x = float(value)
    days, died = of_type(archive, "I")
    assert (300 - y) / 286 == pytest.approx(float(fitted(days, died).predict(365.25)), abs=2e-4)


def test_beyond_the_last_day_survival_is_given_only_where_all_who_were_followed_have_died(scope, add_row):
    add_row(died_on=after(100))
    add_row(last_seen_on=DECIDED_ON)
    assert figures.by_type(scope).rows[0][6].value == 0
    add_row(last_seen_on=after(40))
    row = figures.by_type(scope).rows[0]
    assert (row[6].value, row[7].value) == (None, None), "one was lost before: what became of them is not known"
    assert row[5].value is not None, "the curve itself falls to 0 at that death"


def test_who_was_never_seen_again_is_counted_and_said(scope, add_row):
    add_row()
    add_row(last_seen_on=DECIDED_ON)
    add_row(last_seen_on=after(-10))
    add_row(died_on=after(100))
    table = figures.by_type(scope)
    assert [cell.value for cell in table.rows[0][1:5]] == [4, 1, 3, 0]
    assert "4 decisions: 0 were not the first" in table.notes[0]
    assert "4 patients are in the curves, 3 of them not seen since the decision" in table.notes[0]
    assert table.rows[0][6].value == 0, "of one who was followed at all, one died"


def test_dates_that_contradict_each_other_are_counted_apart(scope, add_row):
    add_row(died_on=after(-3), is_contradictory=True)
    add_row(died_on=after(30))
    table = figures.by_type(scope)
    assert [cell.value for cell in table.rows[0][1:5]] == [1, 1, 0, 1]
    assert "1 have dates that contradict each other" in table.notes[0]


def test_a_patient_counts_once_from_the_first_decision_whatever_came_later(scope, add_row):
    first = add_row(confirmed="II", died_on=after(400))
    add_row(case_id=first.case_id, confirmed="I", is_again=True, meeting_on=after(200), died_on=after(400))
    groups = observed(scope).by("confirmed")
    assert dict(groups["II"].observed) == {(400.0, True): 1}
    assert "I" not in groups
    assert "2 decisions: 1 were not the first" in figures.by_type(scope).notes[0]


def test_denominators_add_up_to_all_decisions(scope, add_row):
    for columns in (
        {},
        {"died_on": after(9)},
        {"is_again": True},
        {"is_contradictory": True},
        {"last_seen_on": after(9)},
    ):
        add_row(**columns)
    add_row(ended="deferred", concordance="", confirmed="")
    groups = observed(scope).by("confirmed").values()
    again = AuditRow.objects.filter(is_again=True).count()
    assert sum(group.all for group in groups) + again == AuditRow.objects.filter(ended="decided").count()


def test_each_number_opens_exactly_its_cases(scope, add_row, auditor):
    add_row()
    add_row(died_on=after(9))
    add_row(is_contradictory=True)
    add_row(is_again=True, died_on=after(9))
    row = figures.by_type(scope).rows[0]
    assert [cases_behind(cell.url, auditor) for cell in row[1:5]] == [cell.value for cell in row[1:5]] == [2, 1, 1, 1]


def test_survival_is_not_given_beyond_what_was_followed(scope, add_row):
    add_row(last_seen_on=after(400))
    row = figures.by_type(scope).rows[0]
    assert (row[6].value, row[7].value, row[7].shown) == (1.0, None, "–")
    assert row[6].is_small


def test_the_dead_end_the_curve_for_good(scope, add_row):
    add_row(died_on=after(30))
    assert figures.by_type(scope).rows[0][7].value == 0.0


def test_all_censored_gives_curves_and_says_that_the_test_cannot_be_reckoned(scope, add_row):
    add_row(last_seen_on=after(400))
    add_row(confirmed="II", last_seen_on=after(40))
    picture = figures.type_picture(scope)
    assert picture.svg.count('class="cens"') == 2
    assert "cannot be calculated" in picture.tables[0].notes[1]
    assert [row[5].shown for row in picture.tables[0].rows] == ["–", "–"]


def test_a_group_of_whom_nobody_was_left_at_the_first_death_does_not_spoil_the_test(scope, add_row):
    for kind, days in (("I", 300), ("I", 400), ("II", 20), ("II", 30)):
        add_row(confirmed=kind, died_on=after(days))
    add_row(confirmed="III", last_seen_on=after(5))
    assert "Log-rank test over 2 groups" in figures.by_type(scope).notes[1]


def test_one_case_gives_a_page_with_a_warning(scope, add_row, client, auditor):
    add_row(died_on=after(200))
    client.force_login(auditor)
    page = client.get(reverse("audit-survival"), {"from": "2026-01-01", "to": "2026-12-31"}).content.decode()
    assert "under 20 cases" in page


def test_nobody_gives_a_page_without_curves(client, auditor):
    client.force_login(auditor)
    page = client.get(reverse("audit-survival")).content.decode()
    assert "Nothing to draw in this period." in page
    assert '<svg class="chart"' not in page
    assert "0 decisions" in page


def test_published_figures_are_those_of_their_source_and_no_others(scope, add_row):
    """RECORD, Chin J Pract Surg 2024;44:89: 42.0 % and 16.4 % of all, 33.0 % of type I after three years; no others."""
    add_row(last_seen_on=after(30))
    table = figures.published(scope)
    assert [[cell.shown for cell in row] for row in table.rows] == [
        ["RECORD, all types", "1901", "42.0 %", "16.4 %"],
        ["RECORD, Type I", "368", "not available", "33.0 %"],
        ["RECORD, Type II", "475", "not available", "not available"],
        ["RECORD, Type III", "1058", "not available", "not available"],
    ]
    assert 368 + 475 + 1058 == 1901
    assert "not a comparison" in table.title
    assert "Chin J Pract Surg" in table.notes[0]


def test_published_figures_stand_only_beside_their_own_disease(scope, add_row):
    add_row(pathway="another", confirmed="", last_seen_on=after(30))
    assert figures.published(scope).rows == ()
    assert 'class="ref"' not in figures.type_picture(scope).svg


def test_published_figures_are_read_in_both_languages():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert all(study.name and study.about for study in studies())


def test_the_page_warns_of_immortal_time_and_more_so_under_a_filter_on_what_came_later(scope):
    usual = figures.caveats(scope)
    assert any("immortal time" in words for words in usual)
    assert len(figures.caveats(scope.narrowed(implementation="full"))) == len(usual) + 1
    assert len(figures.caveats(scope.narrowed(reason="not_done.toxicity"))) == len(usual) + 1


def test_curves_by_concordance_carry_letters(scope, add_row):
    add_row(died_on=after(50))
    add_row(concordance="different_with_reason", last_seen_on=after(500))
    svg = figures.concordance_picture(scope).svg
    assert ">A concordant<" in svg
    assert ">B different, with reason<" in svg


@pytest.mark.parametrize("name", ["audit-survival", "audit-pictures"])
def test_chair_and_auditor_read_it_and_nobody_else(name, client, chair, auditor, surgeon, coordinator, admin):
    for person, status in [(chair, 200), (auditor, 200), (surgeon, 403), (coordinator, 403), (admin, 403)]:
        client.force_login(person)
        assert client.get(reverse(name)).status_code == status


def test_all_of_the_page_takes_one_pass_over_the_rows(scope, add_row, django_assert_num_queries):
    add_row(died_on=after(50))
    with django_assert_num_queries(1):
        seen = observed(scope)
        figures.type_picture(scope, seen)
        figures.concordance_picture(scope, seen)
        figures.published(scope, seen)


def test_groups_that_are_not_drawn_are_said(scope, add_row):
    for kind in range(7):
        add_row(confirmed=f"K{kind}", died_on=after(50 + kind))
    picture = figures.type_picture(scope)
    assert len(picture.tables[0].rows) == 7
    assert "Drawn are the 5 largest groups" in picture.tables[0].notes[-1]
