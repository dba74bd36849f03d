"""Planning the agendas of a team: what is proposed, what is applied, what is undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.models import AgendaItem, AgendaPlan, Meeting, PlanUndoing, Reply
from mdt.meetings.planning import words
from mdt.meetings.planning.needs import Complexity, complexities, needs_of
from mdt.meetings.planning.order import break_after, by_difficulty
from mdt.meetings.planning.plan import make_plan, plan_as_shown
from mdt.meetings.planning.rules import SHIPPED, house_rules, read_rules
from mdt.meetings.planning.situation import Choices, Situation
from tests.builders import COMPLETE_FACTS, make_case, make_finding
from tests.meetings.builders import plan as plan_meeting
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist):
    """All disciplines of the quorum are in the team, so that they are expected at its meetings."""


@pytest.fixture
@remembered
def meetings(team, coordinator, everybody) -> list[Meeting]:
    """Two meetings, in 8 and 15 days, of 20 minutes each."""
    start = timezone.now() + timedelta(days=8)
    return [
        plan_meeting(team, coordinator, starts_at=start + timedelta(days=7 * week), minutes_available=20)
        for week in range(2)
    ]


@pytest.fixture
@remembered
def cases(team, coordinator) -> list[Case]:
    """Three ready cases: an urgent one whose target comes last, and two routine ones."""
    today = timezone.localdate()
    made = [
        make_case(team=team, by=coordinator, target_on=today + timedelta(days=days), urgency=urgency)
        for days, urgency in ((9, "routine"), (10, "routine"), (14, "urgent"))
    ]
    everything = {fact: value for facts in COMPLETE_FACTS.values() for fact, value in facts.items()}
    for case in made:  # one finding: six as in a hospital would take six times as long
        make_finding(case, coordinator, everything)
        case.refresh_from_db()
    return made


def apply(team, by, choices=None, **kwargs) -> AgendaPlan:
    with transaction.atomic():
        actions.lock_agendas(team)
        plan = make_plan(team, choices)
        return actions.apply_plan(plan=plan, by=by, digest=plan.situation.digest(), **kwargs)


def places_of(plan) -> dict[str, str]:
    return {placed.case.reference: placed.place for placed in [*plan.placed, *plan.not_placed]}


def test_every_ready_case_gets_the_best_meeting_with_time_and_no_rule_is_broken(team, meetings, cases):
    plan = make_plan(team)
    for filled in plan.meetings:
        assert filled.minutes <= filled.slot.free
        assert all(not placed.conflicts for placed in filled.placed)
    assert len(plan.placed) == 3
    assert plan.agendas.gap == 0
    assert words.certificate(plan).startswith("This is the best plan possible")
    assert AgendaItem.objects.count() == 0


@pytest.mark.parametrize(
    ("cost", "said", "figure"),
    [(1000, "This is the best plan possible", ""), (1040, "A good plan", "4 %"), (1125, "not proved", "12.5 %")],
)
def test_how_good_a_plan_is_stands_there_in_words_and_the_figure_behind_a_fold(team, cases, cost, said, figure):
    plan = make_plan(team)
    plan = replace(plan, agendas=replace(plan.agendas, cost=cost, bound=1000))
    assert said in words.certificate(plan)
    assert "%" not in words.certificate(plan)
    assert figure in words.proof(plan)
    assert bool(words.proof(plan)) is bool(figure)


def test_the_urgent_case_comes_first_where_there_is_time_for_only_some(team, coordinator, everybody, cases):
    start = timezone.now() + timedelta(days=8)
    plan_meeting(team, coordinator, starts_at=start, minutes_available=max(needs_minutes(cases)))
    plan = make_plan(team)
    assert places_of(plan)[cases[2].reference] != ""
    left = next(one for one in plan.not_placed)
    assert "are full" in words.why_nowhere(left, plan)


def needs_minutes(cases) -> list[int]:
    counted = complexities(cases)
    return [needs_of(case, counted[case.pk], ()).minutes for case in cases]


def test_without_a_needed_discipline_there_is_no_place_and_the_page_says_who_would_open_one(
    team, coordinator, chair, oncologist, radiologist, pathologist, cases
):
    meeting = plan_meeting(team, coordinator, starts_at=timezone.now() + timedelta(days=8))
    plan = make_plan(team)
    assert plan.placed == []
    assert "Hepatobiliary surgery on" in words.why_nowhere(plan.not_placed[0], plan)
    assert meeting.agenda.count() == 0


def test_a_case_that_is_not_ready_waits_for_a_cut_off_that_is_far_enough(team, coordinator, meetings):
    case = make_case(team=team, by=coordinator)
    near = plan_meeting(team, coordinator, starts_at=timezone.now() + timedelta(days=4))
    plan = make_plan(team)
    assert places_of(plan)[case.reference] not in ("", near.reference)
    assert [placed.case for placed in plan.waits_for_facts] == [case]


def test_after_the_cut_off_only_a_person_may_put_a_case_there_and_with_a_reason(team, coordinator, everybody, cases):
    meeting = plan_meeting(team, coordinator, starts_at=timezone.now() + timedelta(days=1))
    assert make_plan(team).placed == []
    fixed = Choices(fixed={cases[0].reference: meeting.reference})
    with pytest.raises(actions.ActionError, match="Say why"):
        apply(team, coordinator, fixed)
    apply(team, coordinator, fixed, reasons={cases[0].reference: "Bleeding since yesterday"})
    item = meeting.agenda.get()
    assert (item.case, item.late_reason, item.is_fixed) == (cases[0], "Bleeding since yesterday", True)


def test_what_a_person_has_fixed_stays_when_everything_is_planned_again(team, meetings, cases):
    plan = make_plan(team, Choices(fixed={cases[2].reference: meetings[1].reference, cases[0].reference: ""}))
    places = places_of(plan)
    assert places[cases[2].reference] == meetings[1].reference
    assert places[cases[0].reference] == ""
    assert words.why_nowhere(plan.not_placed[0], plan) == "A person chose not to place it now."


def test_applying_lists_all_at_once_with_a_line_for_each_and_one_for_the_plan(team, coordinator, meetings, cases):
    applied = apply(team, coordinator)
    assert AgendaItem.objects.filter(state="listed").count() == 3
    assert {case.state for case in Case.objects.all()} == {Case.State.LISTED}
    assert Event.objects.filter(kind=Kind.CASE_LISTED).count() == 3
    assert Event.objects.get(kind=Kind.AGENDAS_PLANNED).data["cases"] == 3
    assert (applied.cost, applied.bound) == (make_cost(applied), applied.bound)
    assert applied.bound <= applied.cost


def make_cost(applied: AgendaPlan) -> int:
    """The cost of what was applied, worked out apart from the plan: weighted days, late ones four times more."""
    weight = {"routine": 2, "urgent": 5, "emergency": 12}
    today, cost = timezone.localdate(), 0
    for item in AgendaItem.objects.filter(state="listed").select_related("case", "meeting__team"):
        day = item.meeting.local_start.date()
        late = max(0, (day - item.case.target_on).days)
        cost += weight[item.case.urgency] * ((day - today).days + 4 * late)
    return cost


def test_hard_cases_come_first_unless_a_person_fixed_the_order(team, coordinator, meetings, cases):
    longest = cases[1].reference
    apply(team, coordinator, Choices(minutes={longest: 9, cases[0].reference: 5, cases[2].reference: 5}))
    for meeting in meetings:
        minutes = list(meeting.agenda.order_by("position").values_list("planned_minutes", flat=True))
        assert minutes == sorted(minutes, reverse=True)


def order_of(meeting: Meeting) -> list[int]:
    return list(meeting.agenda.exclude(state="removed").order_by("position").values_list("case_id", flat=True))


def listed_in(meeting: Meeting, cases: list[Case], by, minutes: tuple[int, ...]) -> None:
    """Short cases before long ones: against the order of difficulty."""
    for case, each in zip(cases, minutes, strict=True):
        actions.list_case(meeting=meeting, case=case, by=by, planned_minutes=each)


def test_moving_one_case_leaves_the_others_of_both_meetings_in_their_order(team, coordinator, meetings, cases):
    first, second = meetings
    listed_in(first, cases, coordinator, (4, 5, 6))
    apply(team, coordinator, Choices(fixed={cases[1].reference: second.reference}))
    assert (order_of(first), order_of(second)) == ([cases[0].pk, cases[2].pk], [cases[1].pk])
    apply(team, coordinator, Choices(fixed={cases[1].reference: first.reference}, minutes={cases[1].reference: 9}))
    assert (order_of(first), order_of(second)) == ([cases[0].pk, cases[2].pk, cases[1].pk], [])


def test_undoing_a_plan_keeps_the_order_that_somebody_gave_an_agenda_since(team, coordinator, meetings, cases):
    first, second = meetings
    listed_in(first, cases, coordinator, (4, 5, 6))
    applied = apply(team, coordinator, Choices(fixed={cases[1].reference: second.reference}))
    first.refresh_from_db()
    turned = list(first.agenda.filter(state="listed").order_by("-position").values_list("pk", flat=True))
    actions.order_agenda(meeting=first, by=coordinator, order=turned, version=first.version)
    actions.undo_plan(plan=applied, by=coordinator)
    assert order_of(first) == [cases[2].pk, cases[1].pk, cases[0].pk]


def test_the_page_counts_and_names_what_is_chosen_before_anything_is_planned_again(
    team, coordinator, meetings, cases, client
):
    listed_in(meetings[0], cases, coordinator, (4, 5, 6))
    client.force_login(coordinator)
    address = reverse("agendas-plan")
    page = client.get(address).content.decode()
    assert "lists or moves 0 cases" in page
    entries = entries_of(page)
    entries[f"place-{cases[1].reference}"] = meetings[1].reference
    counts = client.post(address, {**entries, "do": "count"}).content.decode()
    assert "lists or moves 1 case." in counts
    assert cases[1].patient.name in counts
    assert cases[0].patient.name not in counts.replace(cases[1].patient.name, "")
    entries[f"min-{cases[1].reference}"] = "90"
    assert "70 minutes too many" in client.post(address, {**entries, "do": "count"}).content.decode()
    assert AgendaPlan.objects.count() == 0


def test_a_change_in_the_meantime_is_said_and_nothing_is_stored(team, coordinator, meetings, cases):
    plan = make_plan(team)
    digest = plan.situation.digest()
    actions.list_case(meeting=meetings[0], case=cases[0], by=coordinator)
    now = make_plan(team)
    with pytest.raises(actions.StaleForm, match="Nothing was stored"):
        actions.apply_plan(plan=now, by=coordinator, digest=digest)
    assert AgendaItem.objects.count() == 1
    assert AgendaPlan.objects.count() == 0


def test_the_plan_shown_is_applied_unless_it_overfills_a_meeting(team, coordinator, meetings, cases):
    everywhere = {case.reference: meetings[0].reference for case in cases}
    choices = Choices(minutes={case.reference: 10 for case in cases})
    shown = plan_as_shown(team, choices, everywhere)
    with pytest.raises(actions.ActionError, match="10 minutes over"):
        actions.apply_plan(plan=shown, by=coordinator, digest=shown.situation.digest())


def test_undoing_puts_every_case_back_where_it_was(team, coordinator, meetings, cases):
    stood = actions.list_case(meeting=meetings[1], case=cases[0], by=coordinator, planned_minutes=7)
    moved = Choices(fixed={cases[0].reference: meetings[0].reference})
    applied = apply(team, coordinator, moved)
    assert meetings[0].agenda.filter(case=cases[0], state="listed").exists()
    actions.undo_plan(plan=applied, by=coordinator)
    back = AgendaItem.objects.get(state="listed")
    assert (back.case, back.meeting, back.planned_minutes, back.is_fixed) == (cases[0], meetings[1], 7, False)
    assert back.pk != stood.pk
    cases[0].refresh_from_db()
    assert (cases[0].state, cases[0].meets_at) == (Case.State.LISTED, meetings[1].starts_at)
    assert Case.objects.filter(state=Case.State.REFERRED).count() == 2
    with pytest.raises(actions.ActionError, match="only once"):
        actions.undo_plan(plan=applied, by=coordinator)
    assert PlanUndoing.objects.count() == 1


def test_a_plan_that_somebody_worked_on_with_is_not_undone_in_part(team, coordinator, meetings, cases):
    applied = apply(team, coordinator)
    item = AgendaItem.objects.filter(state="listed").first()
    actions.unlist_case(item=item, by=coordinator, reason="Patient went home")
    with pytest.raises(actions.ActionError, match="worked on"):
        actions.undo_plan(plan=applied, by=coordinator)
    assert AgendaItem.objects.filter(state="listed").count() == 2


def test_after_a_cancelled_meeting_only_its_cases_move(team, coordinator, meetings, cases):
    third = plan_meeting(team, coordinator, starts_at=timezone.now() + timedelta(days=22), minutes_available=60)
    apply(team, coordinator)
    before = {item.case_id: item.meeting_id for item in AgendaItem.objects.filter(state="listed")}
    meetings[0].refresh_from_db()
    actions.cancel_meeting(meeting=meetings[0], by=coordinator, version=meetings[0].version, reason="Holiday")
    plan = make_plan(team)
    assert plan.is_again
    for placed in plan.placed:
        if before[placed.case.pk] != meetings[0].pk:
            assert placed.slot.meeting.pk == before[placed.case.pk]
    assert {placed.slot.meeting.pk for placed in plan.placed} <= {meetings[1].pk, third.pk}


def test_a_meeting_that_lost_a_discipline_is_named_and_its_cases_move(
    team, coordinator, hepatobiliary, meetings, cases, client
):
    apply(team, coordinator)
    from mdt.meetings.models import Reply

    for item in AgendaItem.objects.filter(state="listed", meeting=meetings[0]):
        assert item.meeting_id == meetings[0].pk
    Reply.objects.create(meeting=meetings[0], person=hepatobiliary, answer="cannot", replied_by=hepatobiliary)
    client.force_login(coordinator)
    page = client.get(reverse("agendas-plan")).content.decode()
    assert "not everything on the agendas fits any more" in page
    assert "Hepatobiliary surgery is not expected" in page
    assert all(placed.slot.meeting.pk == meetings[1].pk for placed in make_plan(team).placed)


def test_without_meetings_the_page_says_so(team, coordinator, cases, client):
    client.force_login(coordinator)
    page = client.get(reverse("agendas-plan")).content.decode()
    assert "No meeting is planned" in page
    assert "No meeting is planned: plan one." in page


def test_a_case_longer_than_every_meeting_is_told_so(team, meetings, cases):
    plan = make_plan(team, Choices(minutes={cases[0].reference: 90}))
    left = next(one for one in plan.not_placed if one.case == cases[0])
    assert "more than any meeting has" in words.why_nowhere(left, plan)


def entries_of(page) -> dict[str, str]:
    """The fields of the form as a browser would send them back."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self):
            super().__init__()
            self.fields, self.select, self.cases = {}, None, []

        def handle_starttag(self, tag, attributes):
            said = dict(attributes)
            name = said.get("name", "")
            if tag == "input" and name == "case":
                self.cases.append(said["value"])
            elif tag == "input" and name.startswith(("was-", "min-", "reason-", "digest", "team")):
                self.fields[name] = said.get("value", "")
            elif tag == "input" and name.startswith("fix-") and "checked" in said:
                self.fields[name] = "1"
            elif tag == "select" and name.startswith("place-"):
                self.select = name
            elif tag == "option" and self.select and "selected" in said:
                self.fields[self.select] = said["value"]

    form = Form()
    form.feed(page)
    return {**form.fields, "case": form.cases, "sort": "1"}


def test_the_page_plans_fixes_applies_and_undoes_without_scripts(team, coordinator, meetings, cases, client):
    client.force_login(coordinator)
    address = reverse("agendas-plan")
    entries = entries_of(client.get(address).content.decode())
    chosen = cases[2].reference
    entries[f"place-{chosen}"] = meetings[1].reference
    again = client.post(address, {**entries, "do": "plan"}).content.decode()
    entries = entries_of(again)
    assert entries[f"fix-{chosen}"] == "1"
    assert AgendaItem.objects.count() == 0
    client.post(address, {**entries, "do": "apply"})
    item = AgendaItem.objects.get(case=cases[2])
    assert (item.meeting, item.is_fixed) == (meetings[1], True)
    applied = AgendaPlan.objects.get()
    client.post(reverse("agendas-plan-undo", args=[applied.pk]))
    assert not AgendaItem.objects.filter(state="listed").exists()


def test_applying_a_page_that_is_out_of_date_stores_nothing_and_keeps_what_was_fixed(
    team, coordinator, meetings, cases, client
):
    client.force_login(coordinator)
    address = reverse("agendas-plan")
    entries = entries_of(client.get(address).content.decode())
    entries[f"place-{cases[2].reference}"] = meetings[1].reference
    meetings[0].refresh_from_db()
    actions.change_meeting(meeting=meetings[0], by=coordinator, version=meetings[0].version, minutes_available=30)
    answer = client.post(address, {**entries, "do": "apply"})
    assert answer.status_code == 409
    assert entries_of(answer.content.decode())[f"fix-{cases[2].reference}"] == "1"
    assert AgendaItem.objects.count() == 0


@pytest.mark.parametrize(
    ("counted", "minutes", "why"),
    [
        (Complexity(), 4, ""),
        (Complexity(contradictions=2), 8, "2 contradictions"),
        (Complexity(contradictions=9), 8, "9 contradictions"),
        (Complexity(lesions=3), 4, ""),
        (Complexity(lesions=5, restaged=1), 7, "restaging to compare, 5 liver lesions"),
        (Complexity(contradictions=5, systems_part=1, options_undetermined=40, lesions=20, restaged=1), 17, None),
    ],
)
def test_minutes_come_from_what_is_to_settle_and_say_so(team, coordinator, counted, minutes, why):
    needs = needs_of(make_case(team=team, by=coordinator), counted, ())
    assert needs.minutes == minutes
    assert why is None or needs.why == why


def test_an_open_ablation_brings_the_interventional_radiologist(team, coordinator, cases):
    bare = make_case(team=team, by=coordinator)
    counted = complexities([bare, cases[0]])
    assert "interventional" not in needs_of(bare, counted[bare.pk], {"interventional"}).disciplines
    assert needs_of(cases[0], counted[cases[0].pk], {"interventional"}).disciplines == (
        *("surgery", "hepatobiliary", "oncology", "radiology", "pathology"),
        "interventional",
    )


def test_of_a_sealed_case_the_plan_tells_nothing_that_its_proposal_asks_for(
    team, coordinator, interventionalist, meetings, cases
):
    for meeting in meetings:
        actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
    bare = make_case(team=team, by=coordinator)  # its proposal opens no ablation; that of the other does
    for case in (cases[0], bare):
        meetings[0].refresh_from_db()
        actions.list_case(meeting=meetings[0], case=case, by=coordinator, late_reason="Wanted now")
    plan = make_plan(team)
    found = {placed.case: placed for placed in [*plan.placed, *plan.not_placed]}
    told = [(found[case].candidate.needs.disciplines, found[case].candidate.needs.perhaps) for case in (cases[0], bare)]
    assert told == [(("surgery", "hepatobiliary", "oncology", "radiology", "pathology"), ("interventional",))] * 2
    assert found[cases[0]].candidate.needs.why == ""
    assert "nterventional" not in words.why_there(found[cases[0]])
    assert "nterventional" in words.why_there(found[cases[1]]), "one that waits is not sealed"


def test_a_sealed_case_moves_only_to_a_meeting_that_has_whoever_may_be_asked_for_and_may_stay(
    team, coordinator, interventionalist, meetings, cases
):
    for meeting in meetings:
        actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
        meeting.refresh_from_db()
        Reply.objects.create(meeting=meeting, person=interventionalist, answer="cannot", replied_by=interventionalist)
    actions.list_case(meeting=meetings[0], case=cases[0], by=coordinator)
    situation = Situation(team)
    candidate = next(one for one in situation.candidates if one.case == cases[0])
    assert [situation.obstacles(candidate, slot) for slot in situation.slots] == [[], ["perhaps-away:interventional"]]
    assert "may be asked for once the proposal is open" in words.obstacle("perhaps-away:interventional")


def test_where_nobody_in_the_team_does_ablation_the_case_is_placed_and_says_so(team, meetings, cases):
    placed = make_plan(team).placed[0]
    assert placed.candidate.needs.not_in_team == ("interventional",)
    assert "Interventional radiology, which nobody in the team has" in words.why_there(placed)


def test_a_hospital_may_keep_its_own_rules_and_broken_ones_are_refused(tmp_path, settings):
    own = tmp_path / "rules.toml"
    own.write_text(SHIPPED.read_text().replace("base = 4", "base = 6"))
    settings.PLANNING_RULES = str(own)
    assert house_rules().base == 6
    own.write_text(SHIPPED.read_text().replace('what = "lesions"', 'what = "mood"'))
    read_rules.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="mood"):
        house_rules()
    read_rules.cache_clear()


def make_items(*minutes: int, fixed: tuple[int, ...] = ()) -> list[AgendaItem]:
    today = timezone.localdate()
    return [
        AgendaItem(
            pk=at,
            planned_minutes=each,
            position=at,
            is_fixed=at in fixed,
            case=Case(urgency="routine", target_on=today),
        )
        for at, each in enumerate(minutes, start=1)
    ]


def test_hard_cases_first_and_fixed_ones_keep_their_place():
    assert [item.pk for item in by_difficulty(make_items(4, 9, 6))] == [2, 3, 1]
    assert [item.pk for item in by_difficulty(make_items(4, 9, 6, fixed=(1,)))] == [1, 2, 3]
    assert [item.pk for item in by_difficulty(make_items(4, 9, 6, fixed=(2,)))] == [3, 2, 1]


def test_a_long_meeting_has_a_break_near_half_time_and_a_short_one_has_none():
    assert break_after(make_items(*[10] * 8)) is None
    assert break_after(make_items(*[10] * 12)).pk == 6
    assert break_after(make_items(60, 10, 10, 10, 10, 10)).pk == 1
    assert break_after(make_items(120)) is None
    assert break_after([]) is None


def test_who_may_not_plan_meetings_does_not_see_the_page(team, radiologist, outsider, meetings, client):
    client.force_login(radiologist)
    assert client.get(reverse("agendas-plan")).status_code == 403
    client.force_login(outsider)
    assert client.get(reverse("agendas-plan") + "?team=gc").status_code == 404


def test_ordering_by_difficulty_can_be_undone_on_the_page(team, coordinator, meetings, cases, client):
    for case, minutes in zip(cases, (4, 9, 6), strict=True):
        actions.list_case(meeting=meetings[0], case=case, by=coordinator, planned_minutes=minutes)
    client.force_login(coordinator)
    meetings[0].refresh_from_db()
    address = reverse("agenda-order", args=[meetings[0].reference])

    def order():
        return [item.planned_minutes for item in meetings[0].agenda.order_by("position")]

    answer = client.post(address, {"move": "difficulty", "version": meetings[0].version})
    assert order() == [9, 6, 4]
    page = client.get(answer.headers["Location"]).content.decode()
    before = page.partition('name="order" value="')[2].partition('"')[0]
    meetings[0].refresh_from_db()
    client.post(address, {"order": before, "version": meetings[0].version})
    assert order() == [4, 9, 6]
    stale = meetings[0].version
    client.post(address, {"move": "difficulty", "version": stale})
    assert order() == [4, 9, 6]


def test_the_break_stands_in_the_agenda_and_in_the_rail(team, coordinator, meetings, cases, client):
    for case in cases:
        actions.list_case(meeting=meetings[0], case=case, by=coordinator, planned_minutes=40)
    client.force_login(coordinator)
    assert "Break" in client.get(meetings[0].get_absolute_url()).content.decode()
    room = client.get(reverse("room", args=[meetings[0].reference, cases[0].reference])).content.decode()
    assert 'class="pause"' in room


def test_the_page_reads_the_same_rows_for_any_number_of_cases(
    team, coordinator, meetings, cases, client, django_assert_max_num_queries
):
    client.force_login(coordinator)
    address = reverse("agendas-plan")
    client.get(address)  # what was counted in a proposal is kept
    with django_assert_max_num_queries(20):
        client.get(address)
