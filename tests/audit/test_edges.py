"""Edges, through the real actions: every table stands, and the denominators add up and say so."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.utils import timezone

from cases.actions import ActionError
from mdt.audit.figures import breakdowns
from mdt.audit.figures.axes import counts_of, sums_in_words
from mdt.audit.followup.actions import report_implementation
from mdt.audit.models import AuditRow
from mdt.audit.outcomes.actions import record_follow_up
from mdt.audit.registry import BY_KEY, FIGURES
from mdt.audit.rows.actions import catch_up, rebuild
from mdt.audit.scope import EARLIEST, Scope
from mdt.demo.clock import Clock
from mdt.meetings import actions
from mdt.meetings.models import Decision
from tests.audit.figures.conftest import *  # noqa: F403 - rows made directly
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for, plan
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting, its case and a full room
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def past():
    """Everything inside happens forty days ago."""
    with Clock().at(timezone.now() - timedelta(days=40)):
        yield


@pytest.fixture
@remembered
def decided(past, signed, coordinator):
    actions.release_outcome(decision=signed, by=coordinator)
    return Decision.objects.select_related("case__team", "meeting__team").get(pk=signed.pk)


def scope_of(team, first_on=EARLIEST, last_on=date(2199, 1, 1)) -> Scope:
    catch_up()
    return Scope(teams=(team.pk,), first_on=first_on, last_on=last_on)


def check(scope: Scope):
    """Every table can be made; listed cases are decided or counted apart; the axes add up to the decided ones."""
    counts = counts_of(scope)
    assert counts.listed == scope.rows().count()
    assert sum(counts.cells.values()) == counts.decided
    assert str(counts.decided) in sums_in_words(scope, counts)
    for figure in FIGURES:
        table = figure.build(scope)
        for row in table.rows:
            assert len(row) == len(table.columns), figure.key
            for cell in row:
                assert cell.share is None or 0 <= cell.share <= 1, figure.key
    return counts


FLOWS = ("flow-proposed-confirmed", "flow-confirmed-treatment", "flow-treatment-implementation")


def rows_of(key: str, scope: Scope) -> list[list]:
    """The values of a table, its foot last."""
    table = BY_KEY[key].build(scope)
    return [[cell.value for cell in row] for row in (*table.rows, table.foot) if row]


def test_a_month_without_any_meeting(team):
    counts = check(scope_of(team, date(2025, 2, 1), date(2025, 2, 28)))
    assert (counts.listed, counts.cells) == (0, {})


def test_one_case_of_which_nobody_knows_anything(decided, team):
    counts = check(scope_of(team))
    assert (counts.listed, counts.decided, list(counts.cells.values())) == (1, 1, [1])
    assert counts.done("unknown") == 1
    row = AuditRow.objects.get()
    assert (row.last_seen_on, row.died_on, row.treatment_began_on, row.response) == (None, None, None, "")


def test_a_meeting_still_to_come_is_open_and_in_no_other_number(decided, team, coordinator):
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    ahead = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=60))
    actions.list_case(meeting=ahead, case=case, by=coordinator)
    counts = check(scope_of(team))
    assert (counts.listed, counts.decided, counts.ended["open"]) == (2, 1, 1)
    nothing_yet = check(scope_of(team, timezone.localdate() + timedelta(days=30)))
    assert (nothing_yet.listed, nothing_yet.decided) == (1, 0)


@pytest.mark.parametrize("kind", ["treatment", "seen", "death"])
def test_nothing_is_kept_of_a_day_to_come(decided, oncologist, kind):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ActionError, match="future"):
        record_follow_up(case=decided.case, by=oncologist, kind=kind, happened_on=tomorrow)
    with pytest.raises(ActionError, match="future"):
        report_implementation(decision=decided, by=oncologist, status="full", treatment_started_on=tomorrow)


def test_a_patient_who_died_before_treatment_counts_once_and_everywhere(decided, team, oncologist):
    day = decided.meeting.local_start.date() + timedelta(days=2)
    with mock.patch.object(timezone, "now", return_value=decided.meeting.starts_at + timedelta(days=3)):
        record_follow_up(case=decided.case, by=oncologist, kind="death", happened_on=day, value="disease")
        report_implementation(decision=decided, by=oncologist, status="not_done", reason="died")
    counts = check(scope_of(team))
    assert (counts.decided, counts.done("not_done")) == (1, 1)
    row = AuditRow.objects.get()
    assert (row.died_on, row.treatment_began_on, row.treated_after_days) == (day, None, None)
    assert row.not_done_because == "died"
    scope = scope_of(team)
    assert scope.narrowed(only="died_untreated").rows().get() == row
    told = next(line for line in rows_of("days", scope) if line[0] == "Told to treatment")
    assert told[1:3] == [0, 1], "no day, and not forgotten"
    assert rows_of("reasons-not-done", scope) == [["The patient died", 1, 1.0], ["All", 1, ""]]
    assert [line[1:5] for line in rows_of("survival-type", scope)] == [[1, 1, 0, 0]]
    assert rows_of("flow-treatment-implementation", scope)[0][-1] == 1


def test_a_decision_amended_twice_is_one_decision_with_the_newest_words(
    decided, team, coordinator, chair, oncologist, proposal
):
    report_implementation(decision=decided, by=oncologist, status="full")
    newest = decided
    for number, category in ((1, "II"), (2, "I")):
        said = {} if category == "I" else {"reason": "technical", "reason_text": "Judged differently."}
        content = content_for(proposal, oncologist, category=category, rationale=f"Amendment {number}.", **said)
        newest = actions.amend_decision(
            decision=newest, by=coordinator, amendment_reason="Seen again.", content=content
        )
        actions.sign_decision(decision=newest, by=chair)
        actions.release_outcome(decision=newest, by=coordinator)
    counts = check(scope_of(team))
    assert (counts.listed, counts.decided) == (1, 1)
    row = AuditRow.objects.values().get()
    assert (row["decision_id"], row["confirmed"], row["implementation"]) == (newest.pk, "I", "full")
    scope = scope_of(team)
    assert [line[:2] for line in rows_of("by-confirmed", scope)] == [["Type I", 1], ["All", 1]]
    assert rows_of("reasons-departed", scope) == [["All", 0, ""]], "what an amendment took back counts no more"
    assert [line[1] for line in rows_of("survival-concordance", scope)] == [1]
    assert scope.narrowed(confirmed="II").rows().count() == 0
    rebuild()
    assert AuditRow.objects.values().get() == row


def test_an_empty_month_between_two_is_a_row_of_its_own_and_nothing_is_lost(team, add_row):
    for meeting_on in (date(2026, 1, 15), date(2026, 3, 15)):
        add_row(meeting_on=meeting_on, discussed_after_days=3)
    scope = scope_of(team, date(2026, 1, 1), date(2026, 3, 31))
    check(scope)
    months = rows_of("by-month", scope)
    assert [line[:2] for line in months] == [["2026-01", 1], ["2026-02", 0], ["2026-03", 1], ["All", 2]]
    assert months[1][2:] == [None] * 5, "a share of nothing is no number"
    for key in ("chart-quorate", "chart-discussed_after_days"):
        assert [line[1] for line in rows_of(key, scope)] == [1, 0, 1]
        assert rows_of(key, scope)[1][2] is None


def test_where_everything_is_unknown_each_table_says_so_and_adds_up(team, add_row):
    unknown = {"implementation": "unknown", "concordance": "no_proposal", "is_prospective": None}
    unknown |= dict.fromkeys(("discipline", "edition", "confirmed", "proposed", "option", "treatment"), "")
    for _case in range(3):
        add_row(**unknown)
    scope = scope_of(team, date(2026, 1, 1), date(2026, 12, 31))
    counts = check(scope)
    assert (counts.decided, counts.done("unknown"), counts.followed("no_proposal")) == (3, 3, 3)
    for name in ("discipline", "edition", "option", "treatment", "confirmed"):
        lines = rows_of(f"by-{name}", scope)
        assert [line[1] for line in lines] == [3, 3], name
        assert lines[0][0], "what has no value has a name"
    assert all(line[1:3] == [0, 3] for line in rows_of("days", scope))
    prospective = {line[0]: line[1:3] for line in rows_of("indicators", scope)}
    assert prospective["Not known whether treatment had begun"] == [3, 3]
    assert [line[1:5] for line in rows_of("survival-type", scope)] == [[3, 0, 3, 0]]
    assert all(line[-1] == 3 for key in FLOWS for line in rows_of(key, scope))


@pytest.mark.parametrize("ended", ["decided", "deferred", "not_discussed", "open"])
def test_the_sums_are_said_in_words_under_the_tables(team, add_row, ended):
    add_row(ended=ended, **{} if ended == "decided" else {"concordance": "", "implementation": "", "confirmed": ""})
    scope = scope_of(team, date(2026, 1, 1), date(2026, 12, 31))
    counts = check(scope)
    said = sums_in_words(scope, counts)
    decided = int(ended == "decided")
    assert said.startswith(f"{decided} decisions of 1 listed cases")
    for key, words in (("deferred", "deferred"), ("not_discussed", "not discussed"), ("open", "still open")):
        assert f"{int(ended == key)} {words}" in said
    tables = {figure.key: figure.build(scope) for figure in FIGURES}
    assert tables["axes"].notes[0] == said
    assert tables["listed"].foot[1].value == 1
    for name in breakdowns.DIMENSIONS:
        assert f"add up to {decided} decisions" in tables[f"by-{name}"].notes[0]
    assert f"{decided} decisions:" in tables["survival-type"].notes[0]
