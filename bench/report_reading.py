"""Precision and recall of the report reader, on sentences with the facts that they state.

Published sentences (open case reports, cited) and sentences of our own in the style of reports ("own"; "written" are
the later ones, all Chinese, some with the facts of cited cases) are counted apart, and so are those that the patterns
were made with (development) and those that were set aside before. What a set gave when it was first read, before any
pattern was changed by it, stands beside what it gives now: `first_readings.json` keeps it.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from classification import load_pathway
from mdt.reading import STATED, read_examined_on, read_report
from mdt.reading.mention import PARTS

HERE = Path(__file__).parent / "report_sentences"
SETS = (
    ("published", "development"),
    ("published", "held_out"),
    ("published", "first_look"),
    ("published", "second_look"),
    ("own", "development"),
    ("own", "held_out"),
    ("written", "development"),
    ("written", "held_out"),
    ("written", "second_look"),
)
DAYS_READ_ON = date(2026, 11, 26)
"""When the labelled days are read: a later day is no examination."""


@dataclass
class Score:
    """Facts found rightly, found wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    sentences: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.right, self.wrong, self.missed = (
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
        )

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def sentences(kind: str, part: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{kind}_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def language_of(text: str) -> str:
    """By the characters; "HER2（3+）" is Chinese by its brackets."""
    is_chinese = any("\u3001" <= character <= "\u9fff" or "\uff01" <= character <= "\uff5e" for character in text)
    return "Chinese" if is_chinese else "English"


def items(fact: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as things that can be counted: each part of a list for itself."""
    vocabulary = load_pathway("gclm").facts
    if fact in PARTS and value != []:
        for part in value:
            part = {"site": part} if fact == "distant_sites" and isinstance(part, str) else part
            yield fact, json.dumps(part, sort_keys=True, ensure_ascii=False)
    elif fact in PARTS:
        yield fact, "[]"
    else:
        stated = vocabulary[fact].parse(value).to_json()
        if isinstance(stated, dict) and "one_of" in stated:  # "poor to moderate" says what "moderate to poor" does
            stated = {"one_of": sorted(stated["one_of"], key=str)}
        stated = int(stated) if isinstance(stated, float) and stated == int(stated) else stated
        yield fact, json.dumps(stated, sort_keys=True)


def judge(entry: dict[str, Any]) -> tuple[Counter, Counter]:
    """What the sentence says, and what the reader offers: only what it would let somebody take over."""
    vocabulary = load_pathway("gclm").facts
    said = Counter(item for fact, value in entry["says"].items() for item in items(fact, value))
    offered: Counter = Counter()
    for mention in read_report(entry["text"], vocabulary):
        if mention.certainty == STATED:
            offered.update(items(mention.fact, mention.whole))
    return said, offered


def measure(kind: str, part: str) -> dict[tuple[str, str], Score]:
    """Scores by (group of facts, language); the group "all" holds everything."""
    groups = {name: fact.group for name, fact in load_pathway("gclm").facts.items()}
    scores: dict[tuple[str, str], Score] = {}
    for entry in sentences(kind, part):
        language = language_of(entry["text"])
        said, offered = judge(entry)
        whole = scores.setdefault(("all", language), Score())
        whole.sentences += 1
        for label, counted in (("right", said & offered), ("wrong", offered - said), ("missed", said - offered)):
            for (fact, value), number in counted.items():
                for group in ("all", groups[fact]):
                    score = scores.setdefault((group, language), Score())
                    setattr(score, label, getattr(score, label) + number)
                if label != "right":
                    whole.shown.append(f"{label:7}{fact} = {value}\n       {entry['text']}")
    return scores


def total(scores: dict[tuple[str, str], Score]) -> Score:
    """English and Chinese together."""
    summed = Score()
    for (group, _language), score in scores.items():
        if group == "all":
            summed.add(score)
            summed.sentences += score.sentences
    return summed


def examined_days(part: str) -> Score:
    """How well the day of the examination is found in sentences labelled with it (None: it must not be offered)."""
    score = Score()
    for entry in sentences("examined", part):
        score.sentences += 1
        found = read_examined_on(entry["text"], DAYS_READ_ON)
        offered = found.on.isoformat() if found and found.on else None
        is_right = offered == entry["examined_on"]
        score.right += is_right and offered is not None
        score.wrong += not is_right and offered is not None
        score.missed += not is_right and entry["examined_on"] is not None
        if not is_right:
            score.shown.append(f"offered {offered}, is {entry['examined_on']}\n       {entry['text']}")
    return score


def days_offered_elsewhere() -> list[str]:
    """Sentences of the sets of facts in which a day is offered; each was looked at when it was labelled."""
    texts = [entry["text"] for kind, part in SETS for entry in sentences(kind, part)]
    return [text for text in texts if (found := read_examined_on(text, DAYS_READ_ON)) and found.on]


def _percent(share: float | None) -> str:
    return "   –" if share is None else f"{share:4.0%}"


def _line(group: str, language: str, score: Score) -> str:
    counts = f"{score.right:6}{score.wrong:6}{score.missed:7}"
    return f"  {group:16}{language:10}{counts}       {_percent(score.precision)}    {_percent(score.recall)}"


def first_reading(kind: str, part: str) -> dict[str, Score]:
    """Scores by language as they were when the set was first read; empty where nobody wrote them down."""
    kept = json.loads((HERE / "first_readings.json").read_text(encoding="utf-8"))
    return {language: Score(**counts) for language, counts in kept.get(f"{kind}_{part}", {}).items()}


def by_report(kind: str, part: str) -> dict[str, Score]:
    """Scores by the kind of report (CT, endoscopy, pathology …), where the sentences name it."""
    scores: dict[str, Score] = {}
    for entry in sentences(kind, part):
        if "report" not in entry:
            continue
        said, offered = judge(entry)
        score = scores.setdefault(entry["report"], Score())
        score.add(Score((said & offered).total(), (offered - said).total(), (said - offered).total()))
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--show", action="store_true", help="every fact that was missed or found wrongly, with its sentence"
    )
    parser.add_argument("--only", choices=("development", "held_out", "first_look", "second_look"), help="one part")
    asked = parser.parse_args()
    for kind, part in SETS:
        if asked.only not in (None, part):
            continue
        scores = measure(kind, part)
        whole = total(scores)
        print(f"\n{kind}, {part.replace('_', ' ')}: {whole.sentences} sentences")
        print(f"  {'facts':16}{'language':10}{'right':>6}{'wrong':>6}{'missed':>7}  precision  recall")
        for (group, language), score in sorted(
            scores.items(), key=lambda each: (each[0][1], each[0][0] != "all", each[0])
        ):
            print(_line(group, language, score))
        print(_line("all", "both", whole))
        for report, score in by_report(kind, part).items():
            print(_line(f"in {report}", "", score))
        for language, score in first_reading(kind, part).items():
            print(_line("first reading", language, score))
        if asked.show:
            for (group, _language), score in scores.items():
                if group == "all":
                    print("\n".join(score.shown))
    for part in ("development", "held_out"):
        score = examined_days(part)
        print(f"\nday of the examination, {part.replace('_', ' ')}: {score.sentences} sentences")
        print(_line("day", "both", score))
        for language, first in first_reading("examined", part).items():
            print(_line("first reading", language, first))
        if asked.show:
            print("\n".join(score.shown))
    print(f"\nday of the examination offered in the sentences above: {len(days_offered_elsewhere())}")


if __name__ == "__main__":
    main()
