"""Facts in, types out: the rulebook at the command line, without a database."""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases.reasoning import pathways_in_use
from classification import FactError, Rulebook, RulebookError, classify, load_rulebook, parse_facts

PHASES = {"baseline", "restaging"}
LONGEST = 2000  # characters of a message: room for every fact name of a pathway


class Command(BaseCommand):
    """Reads one JSON object or JSON lines; writes one JSON object per case and line. Bad input: one line, exit 2."""

    help = "Classify cases: facts as JSON in, one JSON object per case out."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a JSON file, or - for standard input")
        parser.add_argument("--pathway", help="pathway id; without it the first one in use, or the only one of --rules")
        parser.add_argument("--rules", metavar="FOLDER", help="a folder of rule files instead of the installed rules")
        parser.add_argument("--on", default=None, metavar="DATE", help="clinical date that chooses the edition")
        parser.add_argument("--language", default="en", choices=["en", "zh-hans"], help="language of the sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answers = list(self._answers(options))
        except FactError as error:
            self._refuse(str(error))
        except (InputError, RulebookError) as error:
            self._refuse(str(error))
        except RecursionError:  # read at the edge of the stack, and too deep to be repeated in a message
            self._refuse("input: nested too deeply; give one object, or one object a line")
        for answer in answers:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _refuse(self, message: str) -> None:
        message = one_line(message)
        self.stderr.write(self.style.ERROR(message) if self.stderr.isatty() else message)
        raise SystemExit(2)

    def _answers(self, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
        rulebook, pathway = rules_for(options["pathway"], options["rules"])
        on = read_day(options["on"])
        vocabulary = rulebook[pathway].pathway.facts
        latest = max(timezone.localdate(), on or dt.date.min)
        for facts, restaging in read_cases(read_text(options["file"])):
            for phase in (facts, restaging or {}):
                parse_facts(phase, vocabulary, latest)  # the rules read no clock: a date to come is refused here
            answer = classify(facts, rulebook=rulebook, on=on, pathway=pathway, restaging=restaging)
            yield answer.as_dict(options["language"])


class InputError(ValueError):
    """Input that is no case at all."""


def one_line(message: str) -> str:
    """The message as a terminal may show it: no line break, no control character, not endless."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in message).split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"


def rules_for(pathway: str | None, folder: str | None) -> tuple[Rulebook, str]:
    """The rules and the pathway that are meant. Raises InputError for a pathway that they do not hold."""
    rulebook = load_rulebook(folder)
    if pathway is None and folder is None:
        pathway = pathways_in_use()[0]
    elif pathway is None and len(rulebook.pathways) == 1:
        pathway = next(iter(rulebook.pathways))
    if pathway not in rulebook.pathways:
        raise InputError(f"pathway: {pathway!r} is not known; give one of {', '.join(rulebook.pathways)}")
    return rulebook, pathway


def read_day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"on: {text!r} is not a date; give YYYY-MM-DD") from None


def read_text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"file: {name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"file: {name} is not UTF-8 text") from None


def read_cases(text: str) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Facts, and those of a restaging if given apart, from one JSON object or from JSON lines.

    An object with ``facts`` is a case file around them, one with ``baseline`` a case whose phases are kept apart.
    """
    try:
        cases = [read_json(text)]
    except ValueError as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2:
            raise InputError(f"input: not valid JSON: {whole}; give one object, or one object a line") from None
        cases = []
        for number, line in lines:
            try:
                cases.append(read_json(line))
            except ValueError as error:
                raise InputError(f"input: line {number} is not valid JSON: {error}; give one object a line") from None
    for case in cases:
        facts = case.get("facts", case) if isinstance(case, dict) else case
        if not isinstance(facts, dict):
            raise FactError("facts", "give one JSON object of fact names and values")
        yield read_phases(facts) if PHASES & set(facts) else (facts, None)


def read_phases(case: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """``baseline`` and ``restaging`` of one object. Raises FactError where one is no object or stands among facts."""
    among = ", ".join(sorted(set(case) - PHASES))
    if among or "baseline" not in case:
        raise FactError(
            "baseline", f"give baseline and restaging, each with its facts, and nothing else ({among or 'no baseline'})"
        )
    for phase, facts in case.items():
        if not isinstance(facts, dict) and not (phase == "restaging" and facts is None):
            raise FactError(phase, "give one JSON object of fact names and values")
    return case["baseline"], case.get("restaging")


def read_json(text: str) -> Any:
    """JSON in which no name is given twice and no number is infinite."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise ValueError(f"{name!r} is given twice")
            found[name] = value
        return found

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not a number")

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
