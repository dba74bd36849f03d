"""Past decisions judged by the rules of a replay: which would have been deviations, counted, listed and taken away."""

import csv
import io

import pytest
from django.urls import reverse

from cases.models import FactRecord
from cases.replaying import Question
from mdt.audit.models import AuditRow, ReplayedDecision
from mdt.audit.replay import actions, judging
from mdt.audit.rows.actions import catch_up
from mdt.duties.tasks import work_off_due_duties
from mdt.events.models import Event
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import Choice
from mdt.meetings.shown import shown_by
from tests.builders import make_case, make_finding
from tests.meetings.builders import content_for, plan

pytestmark = pytest.mark.django_db

# Both lobes, 35 mm: type I as the file reads the paper, another under reading C, which asks for one lobe as well.
ONE_LOBE = {
    "liver_metastasis": "clinical",
    "liver_lesion_count": 2,
    "liver_max_diameter_mm": 35,
    "liver_lobes": "left",
    "liver_diffuse": False,
    "liver_vessel_contact": False,
    "liver_major_vessel_or_duct_involved": False,
    "t_category": "T3",
    "n_category": "N1",
    "bulky_n2": False,
    "nodes_beyond_d2": [],
    "distant_sites": [],
    "peritoneum": "P0",
    "cytology": "CY0",
    "ecog": 1,
}
BOTH_LOBES = {**ONE_LOBE, "liver_lobes": "both"}
STRICT = Question("gclm", "c-gclm", "2019", "C")


@pytest.fixture
def decide(team, coordinator, chair, radiologist, hepatobiliary, oncologist):
    """Refers a case with these facts and has a meeting decide it; gives the signed decision."""
    meeting = plan(team, coordinator, chair=chair, minutes_available=600)
    for person in (chair, hepatobiliary, oncologist, radiologist):
        meeting_actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)

    def decided(facts, category, option=None, **words):
        case = make_case(team=team, by=coordinator)
        make_finding(case, radiologist, facts)
        item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Needed now.")
        proposal = case.latest_proposal
        offered = shown_by(proposal).options
        option = option or next(name for name, each in offered.items() if each.status in ("recommended", "consider"))
        content = content_for(
            proposal, oncologist, category=category, options=[Choice(option)], quorum_reason="Enough.", **words
        )
        decision = meeting_actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
        meeting_actions.sign_decision(decision=decision, by=chair)
        return decision

    return decided


WORDS = {"reason": "technical", "reason_text": "Both surgeons judged it differently."}


@pytest.fixture
def archive(decide):
    """Reading C agrees with the first; calls the second a deviation; and the third none any more."""
    one = decide(ONE_LOBE, "I")
    two = decide(BOTH_LOBES, "I")
    strict = _proposed_by_reading_c()
    three = decide(BOTH_LOBES, strict, **WORDS)
    return one, two, three


def _proposed_by_reading_c() -> str:
    """What the facts of two lobes give under reading C: asked of the rules, not written down here."""
    from classification.outcome import Outcome

    (system,) = Outcome(STRICT.rules, BOTH_LOBES, None).systems.values()
    assert len(system.provisional) == 1
    return system.provisional[0]


def ended(run):
    while actions.carry_on(run_id=run.pk):
        pass
    run.refresh_from_db()
    return run


def start(team, by, question=STRICT):
    return actions.start_replay(team=team, question=question, is_all_snapshots=False, by=by)


def test_a_run_says_which_past_decisions_would_have_been_deviations(team, archive, chair):
    one, two, three = archive
    run = start(team, chair)
    work_off_due_duties()
    run.refresh_from_db()
    assert (run.state, run.decisions_done, run.decisions_total) == ("done", 3, 3)
    rows = {row.decision_id: row for row in run.decisions_changed.all()}
    assert rows[two.pk].before == "conditional", "the proposal held under its assumptions only"
    assert rows[two.pk].after == "different_without_reason"
    assert rows[three.pk].before == "different_with_reason"
    assert rows[three.pk].after not in ("", "different_with_reason", "different_without_reason")
    assert one.pk not in rows, "what stands the same is only counted"
    assert sum(number for _old, _new, number in run.counts["decisions"]) == 3


def test_every_decision_is_judged_as_an_independent_reckoning_judges_it(team, archive, chair, decide):
    """Straight from the facts, one at a time, with the rule written out anew."""
    from classification.outcome import Outcome

    decide(BOTH_LOBES, "II", **WORDS)
    run = ended(start(team, chair))
    stored = {row.decision_id: row.after for row in run.decisions_changed.all()}
    for row in AuditRow.objects.filter(ended="decided"):
        decision = meeting_actions.decisions.Decision.objects.get(pk=row.decision_id)
        outcome = Outcome(STRICT.rules, decision.proposal.facts, None)
        (system,) = outcome.systems.values()
        options = {each.option.id: each.status for each in outcome.options}
        first = options[decision.options.first().option]
        proposed = system.possible if len(system.possible) == 1 else system.provisional
        departs = decision.category not in (proposed if len(proposed) == 1 else system.possible)
        if departs or first in ("not_recommended", "contraindicated"):
            expected = "different_with_reason" if decision.reason_text else "different_without_reason"
        else:
            rests = len(system.possible) > 1  # on assumptions, or on the meeting
            expected = "no_proposal" if len(proposed) > 1 else "conditional" if rests else "concordant"
        assert stored.get(decision.pk, row.concordance) == expected


def test_the_edition_of_the_day_judges_as_the_meeting_was_judged(team, archive, chair):
    run = ended(start(team, chair, Question("gclm", "c-gclm")))
    assert (run.decisions_done, run.decisions_changed.count()) == (3, 0)


def test_a_lost_record_is_no_lost_decision(team, archive, chair):
    FactRecord.objects.filter(proposal=archive[1].proposal).delete()
    catch_up()
    taken = judging.read_decisions(STRICT, team_id=team.pk, after=0, size=10)
    judged = {each.decision: each.after for each in judging.judge(STRICT, taken)}
    assert judged[archive[1].pk] == "different_without_reason"


def test_a_scheme_that_does_not_lead_judges_no_decision(team, archive, chair, client):
    run = ended(start(team, chair, Question("gclm", "jgca")))
    assert (run.state, run.decisions_done, run.counts.get("decisions")) == ("done", 0, None)
    client.force_login(chair)
    assert client.get(run.get_absolute_url()).context["judged"] is None


def test_a_value_that_the_rules_do_not_know_is_said_and_not_guessed(team, archive, chair, monkeypatch):
    odd = archive[0].proposal_id

    def with_an_unknown_value(ids):
        found = real(ids)
        return {pk: ({**facts, "t_category": "T9"}, restaging) if pk == odd else (facts, restaging)
                for pk, (facts, restaging) in found.items()}  # fmt: skip

    real = judging.facts_by_id
    FactRecord.objects.filter(proposal=odd).update(layout="of-old")
    monkeypatch.setattr(judging, "facts_by_id", with_an_unknown_value)
    catch_up()
    taken = judging.read_decisions(STRICT, team_id=team.pk, after=0, size=10)
    judged = {each.decision: each.after for each in judging.judge(STRICT, taken)}
    assert judged[archive[0].pk] == judging.UNANSWERED
    assert judged[archive[1].pk] == "different_without_reason"


def test_chunks_and_a_resumed_run_judge_each_decision_once(team, archive, chair, monkeypatch):
    monkeypatch.setattr(actions, "DECISIONS", 1)
    run = start(team, chair)
    while True:
        actions.carry_on(run_id=run.pk)
        run.refresh_from_db()
        if run.decisions_done == 1:
            break
    actions.cancel_replay(run=run, by=chair)
    assert not actions.carry_on(run_id=run.pk)
    actions.resume_replay(run=run, by=chair)
    ended(run)
    assert (run.state, run.decisions_done, run.decisions_changed.count(), run.percent) == ("done", 3, 2, 100)


def test_the_page_counts_lists_and_exports_them(client, team, archive, auditor):
    run = ended(start(team, auditor))
    client.force_login(auditor)
    page = client.get(run.get_absolute_url())
    judged = page.context["judged"]
    assert (judged["newly"], judged["no_longer"], judged["all"], judged["unanswered"]) == (1, 1, 3, 0)
    assert judged["newly"] + judged["no_longer"] + judged["both"] + judged["neither"] == judged["all"]
    (line,) = client.get(judged["newly_url"]).context["lines"]
    assert line["reference"] == archive[1].case.reference
    assert client.get(line["url"]).status_code == 200
    (line,) = client.get(judged["no_longer_url"]).context["lines"]
    assert line["reference"] == archive[2].case.reference
    for cell in judged["cells"]:
        if cell["url"]:
            assert len(client.get(cell["url"]).context["lines"]) == cell["number"]
    answer = client.get(reverse("replay-decisions-export", args=[run.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert {row["case"]: row["after"] for row in rows}[archive[1].case.reference] == "different_without_reason"
    assert Event.objects.get(kind="replay-exported").data["part"] == "decisions"


@pytest.mark.parametrize(("persona", "code"), [("surgeon", 403), ("coordinator", 403), ("outsider", 404)])
def test_whoever_may_not_replay_reads_no_judged_decision(client, request, team, archive, chair, persona, code):
    run = ended(start(team, chair))
    client.force_login(request.getfixturevalue(persona))
    for name in ("replay-decisions", "replay-decisions-export"):
        assert client.get(reverse(name, args=[run.pk])).status_code == code
    assert ReplayedDecision.objects.count() == 2
