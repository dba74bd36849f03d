"""The rules that this installation has loaded, found by the names that addresses carry. Nothing here writes."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import Http404

from classification import Rulebook, RulebookError, load_rulebook
from classification.coverage import Coverage, TooManyCombinations, cover, cover_both
from classification.edition import Citation, Edition
from classification.edition_file import read_edition
from classification.facts import Text
from classification.options import Argument, Gate
from classification.pathway import RULES
from classification.rulebook import PathwayRules
from classification.scheme import compile_scheme

FILES = {
    "facts": "facts.toml",
    "pathway": "pathway.toml",
    "options": "options.toml",
    "arguments": "arguments.toml",
    "gates": "gates.toml",
    "examples": "examples.toml",
}
UPLOAD_LIMIT = 200_000  # characters; the longest edition that ships has a quarter of that
FLAG = "flag:"
GATE = "gate:"
PARTS = ("options", "arguments", "gates")


@dataclass(frozen=True)
class Citable:
    """One thing of an edition that is compared with the paper: a row of a component, or a flag."""

    id: str
    texts: Text
    citation: Citation
    component: Text | None


@dataclass(frozen=True)
class PartFile:
    """The file of a pathway's options, arguments or gates: it is compared and signed like an edition.

    ``scheme`` names it among the editions (``gclm:gates``); no scheme of a rule file can have a colon in its name.
    """

    pathway: str
    part: str
    scheme: str
    edition: str
    labels: Text
    valid_from: dt.date
    status: str
    verified_by: str
    digest: str
    file: str
    arguments: tuple[Argument, ...]
    gates: tuple[Gate, ...]
    valid_to: None = None


Signable = Edition | PartFile


def part_files(rules: PathwayRules) -> tuple[PartFile, ...]:
    """The signed files of a pathway's options. A folder may keep arguments and gates in the file of the options."""
    found = []
    arguments = {each.id: each for option in rules.options for each in (*option.pro, *option.con)}
    gates = {gate.id: gate for option in rules.options for gate in option.gates}
    own = {header.file for header in rules.options.headers}
    for header in rules.options.headers:
        part = header.file.removesuffix(".toml")
        held = [each for each in PARTS if each == part or (part == "options" and FILES[each] not in own)]
        found.append(
            PartFile(
                rules.pathway.id,
                part,
                f"{rules.pathway.id}:{part}",
                header.edition,
                header.labels,
                header.valid_from,
                header.status,
                header.verified_by,
                header.digest,
                header.file,
                tuple(arguments.values()) if "arguments" in held else (),
                tuple(gates.values()) if "gates" in held else (),
            )
        )
    return tuple(found)


def citables(edition: Signable) -> Iterator[Citable]:
    """Every rule of an edition in the order of its file: rows first, then flags; of a part, arguments, then gates."""
    if isinstance(edition, PartFile):
        for argument in edition.arguments:
            yield Citable(argument.id, argument.texts, argument.citation, None)
        for gate in edition.gates:
            yield Citable(f"{GATE}{gate.id}", gate.texts, gate.citation, None)
        return
    for component in edition.components:
        for rule in component.rules:
            yield Citable(rule.id, rule.texts, rule.citation, component.labels)
    for flag in edition.flags:
        yield Citable(f"{FLAG}{flag.id}", flag.texts, flag.citation, None)


def rulebook() -> Rulebook:
    """The rules of the installation; read once in the life of a process."""
    return load_rulebook()


def pathway_or_404(pathway: str) -> PathwayRules:
    """Raises Http404 for a pathway that is not loaded."""
    rules = rulebook().pathways.get(pathway)
    if rules is None:
        raise Http404
    return rules


def edition_or_404(pathway: str, scheme: str, edition: str) -> tuple[PathwayRules, Edition]:
    """An edition by its names. Raises Http404."""
    rules = pathway_or_404(pathway)
    for each in rules.editions:
        if (each.scheme, each.edition) == (scheme, edition):
            return rules, each
    raise Http404


def signable_or_404(pathway: str, scheme: str, edition: str) -> tuple[PathwayRules, Signable]:
    """An edition, or the file of options, arguments or gates, by its names. Raises Http404."""
    rules = pathway_or_404(pathway)
    for each in (*rules.editions, *part_files(rules)):
        if (each.scheme, each.edition) == (scheme, edition):
            return rules, each
    raise Http404


def edition_of_digest(scheme: str, edition: str, digest: str) -> Signable | None:
    """The loaded edition or part with exactly this digest; None if the files are others by now."""
    for rules in rulebook().pathways.values():
        for each in (*rules.editions, *part_files(rules)):
            if (each.scheme, each.edition, each.digest) == (scheme, edition, digest):
                return each
    return None


def _file_or_404(pathway: str, name: str) -> Path:
    path = RULES / pathway_or_404(pathway).pathway.id / name
    if not path.is_file():
        raise Http404
    return path


def edition_text(pathway: str, edition: Edition) -> bytes:
    """The TOML text of an edition as it lies on the disk. Raises Http404 if it is there no more."""
    return _file_or_404(pathway, edition.file).read_bytes()


def part_text(pathway: str, part: str) -> bytes:
    """The TOML text of one of FILES. Raises Http404."""
    if part not in FILES:
        raise Http404
    return _file_or_404(pathway, FILES[part]).read_bytes()


def file_of_part(pathway: str, part: str) -> str:
    """Which of FILES holds a part: a folder may keep arguments and gates in the file of the options."""
    if part == "assumptions":
        return "pathway"
    return part if (RULES / pathway / FILES[part]).is_file() else "options"


def under_reading(rules: PathwayRules, edition: Edition, reading: str) -> Edition:
    """The same file under another of its readings. Raises Http404 for a reading that it does not have."""
    if reading not in edition.readings:
        raise Http404
    if reading == edition.reading:
        return edition
    return read_edition(_file_or_404(rules.pathway.id, edition.file), rules.pathway.facts, reading)


def read_text(rules: PathwayRules, text: str) -> Edition:
    """An edition from a text that somebody brought. It is parsed and checked; nothing in it is run or kept.

    Raises RulebookError naming row and reason, also for a text that is too long or has too many combinations.
    """
    name = "text.toml"
    if len(text) > UPLOAD_LIMIT:
        raise RulebookError(name, "", f"is longer than {UPLOAD_LIMIT} characters")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        edition = read_edition(path, rules.pathway.facts)
    try:
        cover(edition, rules.pathway)  # first: it refuses what would take long before it begins
    except TooManyCombinations as error:
        raise RulebookError(name, "", f"{error}: too many to compare") from None
    compile_scheme(edition, rules.pathway)
    return edition


@lru_cache(maxsize=128)
def coverage_of(pathway: str, digest: str) -> Coverage | None:
    """Enumerated once for a digest; None if the combinations are too many to list on a page."""
    rules = rulebook()[pathway]
    edition = next(each for each in rules.editions if each.digest == digest)
    try:
        return cover(edition, rules.pathway)
    except TooManyCombinations:
        return None


def coverage_of_both(rules: PathwayRules, old: Edition, new: Edition) -> Coverage | None:
    """Two editions over the same combinations; None if there are too many."""
    try:
        return cover_both(old, new, rules.pathway)
    except TooManyCombinations:
        return None
