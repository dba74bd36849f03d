"""Eighty three-valued rules of three comparisons over 28 facts: the project, zen-engine, generated Python."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from . import ours, peers
from .timing import in_turns, print_table

RULES, SEED, CHUNK = 80, 80, 250
UNKNOWN_SHARE = 0.1
NUMBERS = {
    "flr_percent": (0, 100), "pdl1_cps": (0, 100), "pdl1_tap_percent": (0, 100), "age_years": (20, 95),
    "fgfr2b_percent": (0, 100), "cea_ng_ml": (0, 500), "afp_ng_ml": (0, 500), "ca19_9_u_ml": (0, 500),
    "bilirubin_umol_l": (1, 90), "albumin_g_l": (20, 50), "creatinine_clearance_ml_min": (10, 150),
    "lvef_percent": (20, 80), "oesophageal_invasion_mm": (0, 60), "charlson_index": (0, 12),
}  # fmt: skip
CHOICES = {
    "timing": ("synchronous", "metachronous"),
    "best_response": ("CR", "PR", "SD", "PD", "NE"),
    "lauren": ("intestinal", "diffuse", "mixed"),
    "differentiation": ("well", "moderate", "poor"),
    "t_basis": ("c", "p", "yp"),
    "her2_specimen": ("primary", "metastasis"),
    "liver_background": ("normal", "chemotherapy_injured", "fibrosis_or_cirrhosis"),
    "ebv": ("positive", "negative"),
    "child_pugh": ("A", "B", "C"),
    "pdl1_specimen": ("primary", "metastasis"),
}
# None of these follows from another or excludes one: contradicting facts would leave both answers possible.
FLAGS = ("ascites", "staging_laparoscopy_done", "accepts_surgery", "accepts_systemic_therapy")
SCORE = {"no": 1, "yes": 2}
FACTS = (*NUMBERS, *CHOICES, *FLAGS)
SHAPES = ("{a} and ({b} or {c})", "({a} and {b}) or {c}", "{a} and {b} and {c}", "{a} or {b} or {c}")
OURS, FLOOR, TRACED, PLAIN = (
    "this project: states + missing", "generated straight-line Python: states + missing",
    "zen-engine graph, trace=True: states", "zen-engine graph: states",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """One fact against a limit (at most it), some values, or yes."""

    fact: str
    limit: float | None = None
    values: tuple[str, ...] = ()

    def python(self, value: str) -> str:
        if self.limit is not None:
            return f"{value} <= {self.limit}"
        return f"{value} in {self.values!r}" if self.values else value

    def zen(self) -> str:
        if self.limit is not None:
            return f"{self.fact} <= {self.limit}"
        return f"{self.fact} in {list(self.values)!r}" if self.values else f"{self.fact} == true"

    def toml(self, holds: bool) -> str:
        if self.limit is not None:
            return f"{self.fact} = {{ {'le' if holds else 'gt'} = {self.limit} }}"
        if self.values:
            rest = [v for v in CHOICES[self.fact] if (v in self.values) == holds]
            return f"{self.fact} = [{', '.join(map(repr, rest))}]".replace("'", '"')
        return f"{self.fact} = {'true' if holds else 'false'}"


@dataclass(frozen=True)
class Rule:
    """Three comparisons joined in one of four shapes."""

    shape: int
    parts: tuple[Comparison, Comparison, Comparison]

    def holds(self, answers: tuple[bool, bool, bool]) -> bool:
        a, b, c = answers
        return (a and (b or c), (a and b) or c, a and b and c, a or b or c)[self.shape]

    def kleene(self, answers: tuple[bool | None, ...]) -> tuple[bool | None, tuple[bool, bool, bool]]:
        """By brute force over completions: the state, and which of the three alone can flip it."""
        worlds = list(product(*((False, True) if each is None else (each,) for each in answers)))
        reached = {self.holds(world) for world in worlds}
        flips = tuple(
            any(
                (*world[:at], not world[at], *world[at + 1 :]) in worlds
                and self.holds(world) != self.holds((*world[:at], not world[at], *world[at + 1 :]))
                for world in worlds
            )
            for at in range(3)
        )
        return (None if len(reached) > 1 else reached.pop()), flips  # type: ignore[return-value]


def random_rules() -> list[Rule]:
    rng = random.Random(SEED)

    def comparison(fact: str) -> Comparison:
        if fact in NUMBERS:
            low, high = NUMBERS[fact]
            return Comparison(fact, limit=rng.randint(low + 1, high - 1))
        if fact in CHOICES:
            values = CHOICES[fact]
            return Comparison(fact, values=tuple(rng.sample(values, rng.randint(1, len(values) - 1))))
        return Comparison(fact)

    return [
        Rule(rng.randrange(len(SHAPES)), tuple(comparison(fact) for fact in rng.sample(FACTS, 3)))  # type: ignore[arg-type]
        for _ in range(RULES)
    ]


def random_facts(number: int, seed: int) -> list[dict[str, Any]]:
    """Cases in which each fact is unknown with one chance in ten, so that nearly every case has gaps."""
    rng = random.Random(seed)

    def value(fact: str) -> Any:
        if rng.random() < UNKNOWN_SHARE:
            return None
        if fact in NUMBERS:
            return rng.randint(*NUMBERS[fact])
        return rng.choice(CHOICES[fact]) if fact in CHOICES else rng.random() < 0.5

    return [{fact: value(fact) for fact in FACTS} for _ in range(number)]


def write_rule_files(rules: list[Rule], folder: Path) -> None:
    """Each rule as a scheme of its own, in the format of the rule files; vocabulary and pathway are the package's."""
    for number, rule in enumerate(rules):
        tests = [(part.toml(True), part.toml(False)) for part in rule.parts]
        (a, no_a), (b, no_b), (c, no_c) = tests
        rows = (  # rows exclude one another: the loader asks for exactly one that is true
            (("yes", [a], [b, c]), ("no", [no_a], []), ("no", [a, no_b, no_c], [])),
            (("yes", [c], []), ("yes", [no_c, a, b], []), ("no", [no_c], [no_a, no_b])),
            (("yes", [a, b, c], []), ("no", [no_a], []), ("no", [a], [no_b, no_c])),
            (("yes", [a], []), ("yes", [no_a], [b, c]), ("no", [no_a, no_b, no_c], [])),
        )[rule.shape]
        text = "".join(
            f'[[component.row]]\nid = "r{number:02}.1.{name}{at}"\nwhen = {{ {", ".join(when)} }}\n'
            + (f"any = [{', '.join('{ ' + each + ' }' for each in any_of)}]\n" if any_of else "")
            + f'score = {SCORE[name]}\ntext = {{ en = "{name}", zh = "{name}" }}\n'
            + 'cite = { source = "bench", locator = "made up", label = "unverified" }\n'
            for at, (name, when, any_of) in enumerate(rows)
        )
        categories = "".join(
            f'[[category]]\nid = "{name}"\nscore = {score}\nlabel = {{ en = "{name}", zh = "{name}" }}\n'
            f'text = {{ en = "{name}", zh = "{name}" }}\n'
            for name, score in SCORE.items()
        )
        (folder / f"r{number:02}.toml").write_text(
            f'scheme = "r{number:02}"\nedition = "1"\nquestion = "guideline"\nlabel = {{ en = "Rule", zh = "规则" }}\n'
            'valid_from = 2020-01-01\nstatus = "draft"\nverified_by = ""\ncombine = "max"\n'
            '[sources.bench]\ntext = "made up"\ndoi = ""\n'
            f'{categories}[[component]]\nid = "rule"\nlabel = {{ en = "Rule", zh = "规则" }}\n{text}'
        )


def straight_line(rules: list[Rule]) -> Callable[[dict[str, Any]], tuple[tuple, int]]:
    """Generated code: one line for each comparison that two rules may share, one table look-up for each rule.

    States are False, True or None; missing facts are bits in the order of ``FACTS``.
    """
    lines = ["def decide(case):"]
    lines += [f"    f{at} = case[{fact!r}]" for at, fact in enumerate(FACTS)]
    tables: dict[str, Any] = {}
    lines.append("    missing = 0")
    for number, rule in enumerate(rules):
        names = [f"f{FACTS.index(part.fact)}" for part in rule.parts]
        bits = [1 << FACTS.index(part.fact) for part in rule.parts]
        a, b, c = (part.python(name) for part, name in zip(rule.parts, names, strict=True))
        plain = SHAPES[rule.shape].format(a=f"({a})", b=f"({b})", c=f"({c})")
        index = " + ".join(
            f"(2 if {name} is None else {text}) * {9 // 3**at}"
            for at, (name, text) in enumerate(zip(names, (a, b, c), strict=True))
        )
        table = []
        for answers in product((False, True, None), repeat=3):
            state, flips = rule.kleene(answers)
            table.append((state, sum(bit for bit, flip in zip(bits, flips, strict=True) if flip)))
        tables[f"t{number}"] = tuple(table)
        lines += [
            f"    if {' is None or '.join(names)} is None:",
            f"        s{number}, gaps = t{number}[{index}]",
            "        missing |= gaps",
            "    else:",
            f"        s{number} = {plain}",
        ]
    lines.append(f"    return ({', '.join(f's{number}' for number in range(len(rules)))}), missing")
    exec("\n".join(lines), tables)  # text made above, from the rules of this module
    return tables["decide"]


def zen_expressions(rules: list[Rule]) -> dict[str, str]:
    """Two rails in one expression: 1 certainly, 2 possibly, 0 not."""
    found = {}
    for number, rule in enumerate(rules):
        sure = [f"({part.fact} != null and {part.zen()})" for part in rule.parts]
        maybe = [f"({part.fact} == null or {part.zen()})" for part in rule.parts]
        both = (SHAPES[rule.shape].format(a=a, b=b, c=c) for a, b, c in (sure, maybe))
        found[f"r{number:02}"] = "({}) ? 1 : ({}) ? 2 : 0".format(*both)
    return found


def truth(rules: list[Rule], case: dict[str, Any]) -> tuple[tuple[bool | None, ...], frozenset[str]]:
    """States and missing facts, by completing every rule in every way."""
    states, missing = [], set()
    for rule in rules:
        answers = tuple(
            None if case[part.fact] is None else bool(eval(part.python("value"), {"value": case[part.fact]}))
            for part in rule.parts
        )
        state, flips = rule.kleene(answers)
        states.append(state)
        missing |= {part.fact for part, flip in zip(rule.parts, flips, strict=True) if flip}
    return tuple(states), frozenset(missing)


def measure_many(cases: int) -> dict[str, Any]:
    """Part a2."""
    from .classify_case import print_summary

    rules = random_rules()
    with tempfile.TemporaryDirectory(prefix="bench-rules-") as folder:
        write_rule_files(rules, Path(folder))
        system = ours.ManyRules(Path(folder))
    floor, zen = straight_line(rules), peers.zen_engine(zen_expressions(rules))
    options, names = {"trace": True}, [f"r{number:02}" for number in range(RULES)]
    engines: dict[str, Callable] = {
        OURS: system.decide,
        FLOOR: floor,
        PLAIN: lambda case: zen.evaluate("rules", case)["result"],
        TRACED: lambda case: zen.evaluate("rules", case, options)["result"],
    }
    drawn = random_facts(cases, SEED + 1)
    for case in random_facts(CHUNK, SEED + 2):
        for answer in engines.values():
            answer(case)
    spans = [drawn[at : at + CHUNK] for at in range(0, cases - CHUNK + 1, CHUNK)]
    timed = in_turns(engines, [dict.fromkeys(engines, span) for span in spans], clock=time.process_time)
    right = dict.fromkeys(engines, 0)
    missing = {OURS: 0, FLOOR: 0}
    checked = drawn[: min(cases, 2000)]
    for case in checked:
        want, flips = truth(rules, case)
        got = system.decide(case)
        right[OURS] += system.states(got) == want
        missing[OURS] += system.missing(got) == flips
        states, bits = floor(case)
        right[FLOOR] += states == want
        missing[FLOOR] += frozenset(fact for at, fact in enumerate(FACTS) if bits >> at & 1) == flips
        for name in (PLAIN, TRACED):
            answer = engines[name](case)
            right[name] += tuple((False, True, None)[int(answer[each])] for each in names) == want
    rows = [
        {
            "engine": name,
            "us a case": each.per_case_us,
            "us a rule": each.per_case_us / RULES,
            "cases/s": 1e6 / each.per_case_us,
            "x generated": each.times(timed[FLOOR]),
            "x ours": each.times(timed[OURS]),
            "states right": f"{right[name]:,}/{len(checked):,}",
            "missing right": f"{missing[name]:,}/{len(checked):,}" if name in missing else None,
        }
        for name, each in timed.items()
    ]
    print_table(f"a2. {RULES} rules, 3 comparisons each, {len(FACTS)} facts: {cases:,} cases", rows)
    summary = {
        "zen with trace / ours (goal >= 20)": timed[TRACED].times(timed[OURS]),
        "zen / ours (goal >= 12)": timed[PLAIN].times(timed[OURS]),
        "ours / generated straight-line (goal <= 2)": timed[OURS].times(timed[FLOOR]),
    }
    print_summary(summary)
    return {"rows": rows, "summary": summary}
