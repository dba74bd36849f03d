"""The planner of agendas against brute force, against its own rules, and on odd problems."""

import ast
import itertools
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mdt.meetings.planning.solver import NOWHERE, Problem, replan, solve
from mdt.meetings.planning.solver.certificate import UNIT, Certificate, by_cases, by_minutes
from mdt.meetings.planning.solver.packing import best_set, most_gain
from mdt.meetings.planning.solver.places import greedy

SOLVER = Path(__file__).parents[2] / "mdt" / "meetings" / "planning" / "solver"


def whole(*values, shape=None) -> np.ndarray:
    array = np.array(values, np.int64)
    return array if shape is None else array.reshape(shape)


def random_problem(seed: int, cases: int, meetings: int, load: float = 0.97) -> Problem:
    """Cases with urgency, target and needs; meetings a week apart that not every discipline attends."""
    rng = random.Random(f"{seed} {cases} {meetings}")
    minutes = [rng.choice((4, 5, 6, 6, 8, 9, 12, 15)) for _ in range(cases)]
    share = max(1, round(sum(minutes) / load / max(meetings, 1)))
    days = [3 + 7 * meeting for meeting in range(meetings)]
    allowed = [[rng.random() < 0.8 for _ in days] for _ in minutes]
    weight = [rng.choices((2, 5, 12), (70, 25, 5))[0] for _ in minutes]
    target = [rng.randint(0, 7 * meetings + 7) for _ in minutes]
    cost = [[w * (day + 4 * max(0, day - on)) for day in days] for w, on in zip(weight, target, strict=True)]
    last = 7 * meetings + 14
    waiting = [w * (last + 4 * max(0, last - on)) for w, on in zip(weight, target, strict=True)]
    return Problem(
        whole(*minutes),
        whole(*[share + rng.randint(-3, 3) for _ in days]).clip(0),
        whole(*itertools.chain(*cost), shape=(cases, meetings)),
        np.array(allowed, bool).reshape(cases, meetings),
        whole(*waiting),
    )


def brute_force(problem: Problem) -> int:
    """The least cost of all answers: every case in every place, written without the solver."""
    best = None
    places = [*range(problem.meetings), None]
    for answer in itertools.product(places, repeat=problem.cases):
        free, cost = problem.capacity.tolist(), 0
        for case, place in enumerate(answer):
            if place is None:
                cost += int(problem.waiting[case])
                continue
            free[place] -= int(problem.minutes[case])
            if not problem.allowed[case, place] or free[place] < 0:
                break
            cost += int(problem.cost[case, place])
        else:
            best = cost if best is None else min(best, cost)
    return best


def checked_bound(problem: Problem, certificate: Certificate) -> Fraction:
    """The bound of a certificate again: fractions, loops, and a recursive knapsack instead of arrays."""
    prices = [Fraction(price, UNIT) for price in certificate.prices]
    minutes, capacity = problem.minutes.tolist(), problem.capacity.tolist()
    cost, waiting = problem.cost.tolist(), problem.waiting.tolist()
    fits = [
        [problem.allowed[i, j] and minutes[i] <= capacity[j] for j in range(len(capacity))] for i in range(len(minutes))
    ]
    if certificate.kind == "minutes":
        assert all(price >= 0 for price in prices)
        cheapest = [
            min(
                [Fraction(waiting[i])]
                + [cost[i][j] + prices[j] * minutes[i] for j in range(len(capacity)) if fits[i][j]]
            )
            for i in range(len(minutes))
        ]
        return sum(cheapest, Fraction(0)) - sum(p * c for p, c in zip(prices, capacity, strict=True))
    total = sum((min(price, Fraction(waiting[i])) for i, price in enumerate(prices)), Fraction(0))
    for j, room in enumerate(capacity):
        gained = {0: Fraction(0)}  # by minutes used
        for i, price in enumerate(prices):
            gain = price - cost[i][j]
            if fits[i][j] and gain > 0:
                for used, sum_so_far in list(gained.items()):
                    then = used + minutes[i]
                    if then <= room and sum_so_far + gain > gained.get(then, Fraction(-1)):
                        gained[then] = max(gained.get(then, Fraction(0)), sum_so_far + gain)
        total -= max(gained.values())
    return total


SMALL = [(seed, cases, meetings) for seed in range(12) for cases, meetings in ((4, 2), (6, 3), (7, 2))]


@pytest.mark.parametrize(("seed", "cases", "meetings"), SMALL)
def test_small_problems_are_solved_as_well_as_by_brute_force_and_the_bound_says_so(seed, cases, meetings):
    problem = random_problem(seed, cases, meetings, load=1.2)
    agendas, best = solve(problem), brute_force(problem)
    assert agendas.cost == problem.cost_of(agendas.place) == best
    assert agendas.bound <= best
    assert agendas.gap == pytest.approx((agendas.cost - agendas.bound) / agendas.bound if agendas.bound else 0)


@pytest.mark.parametrize(("seed", "cases", "meetings"), SMALL[::3])
def test_no_prices_whatever_prove_a_bound_above_the_best_answer(seed, cases, meetings):
    problem, chance = random_problem(seed, cases, meetings, load=1.2), np.random.default_rng(seed)
    best = brute_force(problem)
    for _ in range(20):
        dear = float(chance.choice((0.1, 1, 10, 100)))
        for certificate in (by_minutes(dear * chance.random(meetings)), by_cases(dear * chance.normal(1, 1, cases))):
            assert certificate.bound(problem) <= best


@pytest.mark.parametrize(("seed", "cases", "meetings"), [(1, 20, 5), (2, 40, 8), (3, 200, 15), (4, 60, 1)])
def test_a_bound_is_what_fractions_and_loops_make_of_its_prices(seed, cases, meetings):
    problem = random_problem(seed, cases, meetings)
    agendas = solve(problem)
    proof = agendas.certificate
    if proof.kind != "search":
        assert agendas.bound == -(-checked_bound(problem, proof) // 1)
    prices = np.random.default_rng(seed).random(cases) * problem.waiting
    assert by_cases(prices).bound(problem) == max(0, -(-checked_bound(problem, by_cases(prices)) // 1))


@pytest.mark.parametrize(
    ("cases", "meetings", "load"), [(30, 6, 0.97), (30, 6, 1.4), (30, 6, 0.5), (200, 15, 0.97), (400, 10, 1.1)]
)
@pytest.mark.parametrize("seed", range(4))
def test_every_rule_holds_and_no_answer_is_dearer_than_by_hand(seed, cases, meetings, load):
    problem = random_problem(seed, cases, meetings, load)
    agendas = solve(problem)
    load_of = [0] * meetings
    for case, place in enumerate(agendas.place.tolist()):
        if place != NOWHERE:
            assert problem.allowed[case, place]
            load_of[place] += int(problem.minutes[case])
    assert all(load <= free for load, free in zip(load_of, problem.capacity.tolist(), strict=True))
    assert agendas.bound <= agendas.cost <= problem.cost_of(greedy(problem))
    assert solve(problem).place.tolist() == agendas.place.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_at_200_cases_the_plan_is_within_two_percent_of_what_was_proved(seed):
    assert solve(random_problem(seed, 200, 15)).gap <= 0.02


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("cases", "meetings"), [(40, 6), (200, 15)])
def test_after_a_meeting_is_cancelled_the_other_places_stay(seed, cases, meetings):
    before = random_problem(seed, cases, meetings)
    first = solve(before)
    allowed = before.allowed.copy()
    allowed[:, 1] = False
    after = Problem(before.minutes, before.capacity, before.cost, allowed, before.waiting)
    again = replan(after, first.place)
    standing = (first.place != NOWHERE) & (first.place != 1)
    kept = ((again.place == first.place) & standing).sum()
    assert after.is_kept_by(again.place)
    assert kept == again.kept
    assert kept >= 0.95 * standing.sum()
    assert again.bound <= again.cost


def test_planning_again_without_a_change_moves_next_to_nothing():
    problem = random_problem(9, 200, 15)
    first = solve(problem)
    again = replan(problem, first.place)
    assert (again.place == first.place).mean() >= 0.95
    assert again.cost <= first.cost


def test_a_meeting_that_lost_minutes_gives_up_what_no_longer_fits_and_nothing_more():
    before = random_problem(3, 40, 6)
    first = solve(before)
    capacity = before.capacity.copy()
    capacity[0] = capacity[0] // 2
    after = Problem(before.minutes, capacity, before.cost, before.allowed, before.waiting)
    again = replan(after, first.place)
    assert after.is_kept_by(again.place)
    elsewhere = (first.place != NOWHERE) & (first.place != 0)
    assert (again.place == first.place)[elsewhere].mean() >= 0.95


def empty(cases: int, meetings: int) -> Problem:
    return Problem(
        np.full(cases, 6),
        np.full(meetings, 60),
        np.ones((cases, meetings), np.int64),
        np.ones((cases, meetings), bool),
        np.full(cases, 9),
    )


@pytest.mark.parametrize(("cases", "meetings"), [(0, 0), (0, 3), (4, 0)])
def test_without_meetings_or_cases_there_is_nothing_to_place(cases, meetings):
    agendas = solve(empty(cases, meetings))
    assert agendas.place.tolist() == [NOWHERE] * cases
    assert agendas.gap == 0
    assert replan(empty(cases, meetings), agendas.place).place.tolist() == agendas.place.tolist()


def test_a_case_longer_than_any_meeting_is_placed_nowhere_and_the_bound_knows():
    problem = Problem(whole(90, 6), whole(60), whole(1, 1, shape=(2, 1)), np.ones((2, 1), bool), whole(50, 50))
    agendas = solve(problem)
    assert agendas.place.tolist() == [NOWHERE, 0]
    assert (agendas.cost, agendas.bound) == (51, 51)


def test_sixty_cases_fit_one_long_meeting_and_only_ten_a_short_one():
    sixty = empty(60, 1)
    long = Problem(sixty.minutes, whole(360), sixty.cost, sixty.allowed, sixty.waiting)
    assert (solve(long).place == 0).all()
    short = solve(sixty)
    assert (short.place == 0).sum() == 10
    assert short.gap == 0


def test_a_case_that_may_come_nowhere_and_a_meeting_without_minutes():
    problem = Problem(
        whole(5, 5), whole(0, 5), np.zeros((2, 2), np.int64), whole(1, 1, 0, 0, shape=(2, 2)) > 0, whole(1, 1)
    )
    assert solve(problem).place.tolist() == [1, NOWHERE]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost": np.ones((3, 2))}, "whole numbers"),
        ({"cost": np.full((3, 2), -1)}, "between"),
        ({"cost": np.full((3, 2), 10**7)}, "between"),
        ({"minutes": np.zeros(3, int)}, "a minute at least"),
        ({"waiting": np.ones(2, int)}, "shape"),
        ({"order": whole(0, 0, 1)}, "every case once"),
    ],
)
def test_a_problem_that_does_not_fit_together_is_refused(change, message):
    parts = vars(empty(3, 2)) | change
    with pytest.raises(ValueError, match=message):
        Problem(**{name: parts[name] for name in ("minutes", "capacity", "cost", "allowed", "waiting", "order")})


def test_packing_gains_as_much_as_trying_every_set():
    chance = np.random.default_rng(5)
    for _ in range(40):
        gain, minutes = chance.integers(1, 30, 9), chance.integers(1, 12, 9)
        room = int(chance.integers(0, 30))
        sets = itertools.chain.from_iterable(itertools.combinations(range(9), size) for size in range(10))
        most = max(int(gain[list(chosen)].sum()) for chosen in sets if minutes[list(chosen)].sum() <= room)
        gained, taken = most_gain(gain[:, None], minutes, whole(room))
        assert gained[0] == gain[taken[:, 0]].sum() == most
        assert gain[best_set(gain, minutes, room)].sum() == most


def test_the_solver_knows_nothing_of_django():
    for path in SOLVER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            module = node.module if isinstance(node, ast.ImportFrom) else ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            assert not any((name or "").startswith("django") for name in [module, *names]), path
