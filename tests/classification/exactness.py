"""Whether engine and brute force agree on random incomplete cases: on one case, on many, and as a command.

    python -m tests.classification.exactness --cases 1000000 --jobs 2 --seed 7

prints progress, the first differences as JSON, and a table per system. Every case is answered one by one and by the
oracle, and by columns if a record can hold it. Ends with 1 if any answer differs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from functools import cache
from multiprocessing import get_context

from classification import Outcome, load_rulebook
from classification.columnar import Archive
from classification.columns import Layout
from classification.decision import missing_names, scores_of

from . import oracle
from .random_cases import random_case, random_restaging

CHUNK = 1000
PARTS = ("possible", "provisional", "missing")
EXAMPLES = 3


def drawn(seed, number):
    """Seeded cases, each with what was stated at restaging or None."""
    rng = random.Random(seed)
    for _ in range(number):
        yield random_case(rng), random_restaging(rng)


def differences(rules, facts, restaging, systems=None, expected=None):
    """(system, part, what the engine says, what brute force says) wherever the two disagree."""
    outcome = Outcome(rules, facts, None, restaging)
    expected, has_contradiction = expected or oracle.answers(facts, restaging, systems)
    for name, own in expected.items():
        system = outcome.systems[name]
        for part, one, other in zip(PARTS, (system.possible, system.provisional, system.missing), own, strict=True):
            if set(one) != other:
                yield name, part, sorted(one), sorted(other)
    leading = outcome.systems["c-gclm"]
    if leading.state == "typed" and ("INCONSISTENT_LIVER" in leading.flags) != has_contradiction:
        yield "c-gclm", "contradiction", [str(not has_contradiction)], [str(has_contradiction)]


@cache
def archives():
    """The columns of the rules, and for each system its answers by columns with the words for their bits."""
    rules = load_rulebook()["gclm"]
    layout = Layout(rules.reader)
    schemes = {scheme.edition.scheme: scheme for scheme in rules.compiled}
    return layout, [(name, Archive(rules, name, layout), schemes[name]) for name in oracle.SYSTEMS]


def by_columns(cases):
    """For each system, the answers of a whole list of cases at once: (place, sets). Cases that no record can hold are
    left out: they are answered one by one.
    """
    layout, systems = archives()
    records = layout.unpack(b"".join(layout.pack(*case) for case in cases))
    places = [at for at, is_irregular in enumerate(records["irregular"]) if not is_irregular]
    for name, archive, scheme in systems:
        ids, names = scheme.category_ids, missing_names(scheme)
        found = archive.decide_regular(records)
        possible, provisional, missing = (column.tolist() for column in found)
        yield (
            name,
            (
                (
                    at,
                    (
                        {ids[score] for score in scores_of(possible[at])},
                        {ids[score] for score in scores_of(provisional[at])},
                        {fact for bit, fact in enumerate(names) if missing[at] >> bit & 1},
                    ),
                )
                for at in places
            ),
        )


def check_chunk(job):
    """Differences in one chunk of cases: numbers by system, and examples; and how many answers were open."""
    seed, number, with_columns = job
    rules = load_rulebook()["gclm"]
    cases = list(drawn(seed, number))
    wrong, still_open, examples = Counter(), Counter(), []

    def note(place, name, part, found, expected, path):
        wrong[name] += 1
        if len(examples) < EXAMPLES:
            facts, restaging = cases[place]
            entry = {"system": name, "part": part, "path": path, "found": found, "expected": expected}
            examples.append(entry | {"facts": facts, "restaging": restaging})

    expected = []
    for place, (facts, restaging) in enumerate(cases):
        answers = oracle.answers(facts, restaging)
        expected.append(answers[0])
        still_open.update(name for name, own in answers[0].items() if len(own[0]) > 1)
        for name, part, one, other in differences(rules, facts, restaging, expected=answers):
            note(place, name, part, one, other, "one by one")
    if with_columns:
        for name, found in by_columns(cases):
            for place, own in found:
                for part, one, other in zip(PARTS, own, expected[place][name], strict=True):
                    if one != other:
                        note(place, name, part, sorted(one), sorted(other), "by columns")
    return number, wrong, still_open, examples


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1, help="processes that work at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-columns", action="store_true", help="leave out the answers by columns")
    options = parser.parse_args(arguments)
    sizes = [min(CHUNK, options.cases - start) for start in range(0, options.cases, CHUNK)]
    jobs = [(f"{options.seed}/{at}", size, not options.no_columns) for at, size in enumerate(sizes)]
    done, wrong, still_open, examples, began = 0, Counter(), Counter(), [], time.monotonic()
    with get_context("spawn").Pool(options.jobs) as pool:
        for number, own_wrong, own_open, own_examples in pool.imap_unordered(check_chunk, jobs):
            done += number
            wrong.update(own_wrong)
            still_open.update(own_open)
            for example in own_examples[: EXAMPLES - len(examples)]:
                examples.append(example)
                print(json.dumps(example, ensure_ascii=False), flush=True)
            if done % (20 * CHUNK) == 0 or done == options.cases:
                spent = time.monotonic() - began
                print(f"{done:>9} cases, {sum(wrong.values())} differences, {spent:.0f} s", flush=True)
    print(f"\n{'system':<16}{'cases':>10}{'open':>10}{'differences':>13}")
    for name in oracle.SYSTEMS:
        print(f"{name:<16}{done:>10}{still_open[name]:>10}{wrong[name]:>13}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
