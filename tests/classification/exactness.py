"""Whether engine and brute force agree on random incomplete cases: on one case, on many, and as a command.

    python -m tests.classification.exactness --cases 1000000 --jobs 2 --seed 7 --record exactness.jsonl

prints progress, the first differences as JSON, and a table per system. Every case is answered one by one and by the
oracle, and by columns if a record can hold it. Ends with 1 if any answer differs.

With ``--record``, every finished chunk is a line of that file, and the same command started again goes on where it was
interrupted. A record belongs to one seed, one state of the rules and one state of the code: with another it is refused.
Workers are replaced after some chunks, so memory stays bounded.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from classification import Outcome, load_rulebook
from classification.columnar import Archive
from classification.columns import IRREGULAR, Layout
from classification.decision import missing_names, scores_of

from . import oracle
from .random_cases import random_case, random_restaging

CHUNK = 1000
PARTS = ("possible", "provisional", "missing")
EXAMPLES = 3
PROGRESS = 10
"""Chunks between two lines of progress."""
CHUNKS_OF_A_WORKER = 40
"""Then another process takes over: what engine and oracle remember by then is some hundred MB."""


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
    places = [at for at, flags in enumerate(records["flags"]) if not flags & IRREGULAR]
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
    at, seed, number, with_columns = job
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
    return {"at": at, "cases": number, "wrong": wrong, "open": still_open, "examples": examples}


class Record:
    """Results of finished chunks, one a line, under a first line that says of what. Without a path, in memory only.

    Raises ``SystemExit`` for a file that belongs to another seed, other rules or other code.
    """

    def __init__(self, path, what):
        self.path, self.chunks = path, {}
        lines = path.read_text().splitlines(keepends=True) if path is not None and path.exists() else []
        whole = [json.loads(line) for line in lines if line.endswith("\n")]  # the last one may have been cut off
        if whole and whole[0] != what:
            sys.exit(f"{path} records {json.dumps(whole[0])}, not {json.dumps(what)}")
        for chunk in whole[1:]:
            self.chunks[chunk["at"]] = chunk
        if path is not None:
            path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (what, *whole[1:])))

    def add(self, chunk):
        self.chunks[chunk["at"]] = chunk
        if self.path is not None:
            with self.path.open("a") as file:
                file.write(json.dumps(chunk, ensure_ascii=False) + "\n")

    def total(self, part):
        """Counts by system over all chunks."""
        found = Counter()
        for chunk in self.chunks.values():
            found.update(chunk[part])
        return found

    @property
    def cases(self):
        return sum(chunk["cases"] for chunk in self.chunks.values())

    @property
    def examples(self):
        return [example for chunk in self.chunks.values() for example in chunk["examples"]]


def workers(jobs):
    """Processes that work on chunks at the same time."""
    return ProcessPoolExecutor(jobs, get_context("spawn"))


def checked(jobs, processes):
    """Chunks as they are finished. Each process works on some of them and makes room for a fresh one.

    Not by the pool's own ``max_tasks_per_child``: when several workers end at once, Python 3.11 can wait for ever.
    Raises ``BrokenProcessPool`` if a worker was killed: the record says where to go on.
    """
    share = processes * CHUNKS_OF_A_WORKER
    for start in range(0, len(jobs), share):
        pool = workers(processes)
        try:
            for done in as_completed([pool.submit(check_chunk, job) for job in jobs[start : start + share]]):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def code_digest():
    """One digest over the engine, the oracle and the random cases."""
    here = Path(__file__).parent
    files = [*Path(load_rulebook.__code__.co_filename).parent.glob("*.py"), *here.glob("oracle/*.py")]
    parts = [path.read_bytes() for path in (*sorted(files), here / "random_cases.py")]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1, help="processes that work at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-columns", action="store_true", help="leave out the answers by columns")
    parser.add_argument("--record", type=Path, help="file of finished chunks, to go on after an interruption")
    options = parser.parse_args(arguments)
    sizes = [min(CHUNK, options.cases - start) for start in range(0, options.cases, CHUNK)]
    jobs = [(at, f"{options.seed}/{at}", size, not options.no_columns) for at, size in enumerate(sizes)]
    what = {
        "seed": options.seed,
        "cases": options.cases,
        "columns": not options.no_columns,
        "rules": load_rulebook().digest,
        "code": code_digest(),
    }
    record = Record(options.record, what)
    left = [job for job in jobs if job[0] not in record.chunks]
    began, before = time.monotonic(), record.cases
    if before:
        print(f"{before:>9} cases were finished before", flush=True)
    for chunk in checked(left, options.jobs):
        for example in chunk["examples"][: max(0, EXAMPLES - len(record.examples))]:
            print(json.dumps(example, ensure_ascii=False), flush=True)
        record.add(chunk)
        if len(record.chunks) % PROGRESS == 0 or record.cases == options.cases:
            spent = time.monotonic() - began
            rest = spent / (record.cases - before) * (options.cases - record.cases)
            wrong = sum(record.total("wrong").values())
            print(f"{record.cases:>9} cases, {wrong} differences, {spent:.0f} s, {rest:.0f} s left", flush=True)
    wrong, still_open = record.total("wrong"), record.total("open")
    print(f"\n{'system':<16}{'cases':>10}{'open':>10}{'differences':>13}")
    for name in oracle.SYSTEMS:
        print(f"{name:<16}{record.cases:>10}{still_open[name]:>10}{wrong[name]:>13}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
