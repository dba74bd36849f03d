"""The rules of a deployment: pathways, the editions of their schemes, and treatment options, with one
digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from .checking import RulebookError
from .conditions import Conditions
from .edition import Edition
from .edition_file import read_edition
from .examples import Case, read_cases
from .options import Options
from .options_file import read_options
from .pathway import RULES, Pathway, read_pathway
from .quorum import QuorumRules, read_quorum
from .reader import Reader
from .rule_files import entries_of, toml_files
from .scheme import Scheme, compile_scheme

NO_OPTIONS = Options((), "", Conditions({}, ()), {})
FOLDER_LIMIT = 20
RESERVED = (
    "facts.toml",
    "pathway.toml",
    "options.toml",
    "arguments.toml",
    "gates.toml",
    "examples.toml",
    "standard_of_care.toml",
    "quorum.toml",
)


@dataclass(frozen=True)
class PathwayRules:
    """A pathway with the editions of its schemes, its treatment options, and who must be at the table."""

    pathway: Pathway
    editions: tuple[Edition, ...]
    compiled: tuple[Scheme, ...]
    options: Options
    cases: tuple[Case, ...] = ()
    quorum: QuorumRules = field(default_factory=QuorumRules)
    _in_force: dict = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """The names of the schemes in the pathway's order; the leading one is first."""
        names = dict.fromkeys(edition.scheme for edition in self.editions)
        named = [name for name in self.pathway.schemes if name in names]
        return tuple(dict.fromkeys([*named, *names]))

    @cached_property
    def reader(self) -> Reader:
        """Reads cases for all editions at once."""
        return Reader(self.pathway, self.compiled)

    def in_force_on(self, on: dt.date | None) -> tuple[tuple[Scheme, int, int], ...]:
        """Of each scheme the edition in force on a day, with its share of a reading's keys."""
        found = self._in_force.get(on)
        if found is None:
            if len(self._in_force) > 1000:
                self._in_force.clear()
            chosen = {id(each.edition) for each in (self.in_force(name, on) for name in self.schemes) if each}
            found = self._in_force[on] = tuple(span for span in self.reader.spans if id(span[0].edition) in chosen)
        return found

    def with_only(self, scheme: Scheme) -> PathwayRules:
        """The same pathway with one edition of one scheme."""
        return PathwayRules(self.pathway, (scheme.edition,), (scheme,), self.options, self.cases, self.quorum)

    def in_force(self, scheme: str, on: dt.date | None) -> Scheme | None:
        """The edition in force on a day; the latest one if no day is given; None if none was in force."""
        own = [each for each in self.compiled if each.edition.scheme == scheme]
        if on is None:
            return max(own, key=lambda each: each.edition.valid_from)
        return next((each for each in own if each.edition.is_in_force(on)), None)


@dataclass(frozen=True)
class Rulebook:
    """All rules that a deployment uses, with one digest over every file."""

    pathways: Mapping[str, PathwayRules]
    digest: str

    def __getitem__(self, pathway: str) -> PathwayRules:
        if pathway not in self.pathways:
            raise KeyError(f"no pathway {pathway!r}; known: {', '.join(self.pathways)}")
        return self.pathways[pathway]


def _check_overlap(editions: list[Edition]) -> None:
    for one in editions:
        for other in editions:
            if one is other or one.scheme != other.scheme:
                continue
            if one.edition == other.edition:
                raise RulebookError(other.file, other.edition, f"repeats an edition of {one.file}")
            if one.valid_from <= other.valid_from and one.is_in_force(other.valid_from):
                raise RulebookError(other.file, other.edition, f"overlaps edition {one.edition} in {one.file}")


def _read_folder(folder: Path, readings: Mapping[str, str]) -> tuple[PathwayRules, str]:
    # A folder that is no pathway of its own holds editions for the one that ships first.
    fallback = None if (folder / "pathway.toml").exists() else RULES / "gclm"
    pathway = read_pathway(folder, fallback)
    files = [path for path in toml_files(folder) if path.name not in RESERVED]
    editions = []
    for path in files:
        edition = read_edition(path, pathway.facts, None)
        if edition.scheme in readings:
            edition = read_edition(path, pathway.facts, readings[edition.scheme])
        editions.append(edition)
    _check_overlap(editions)
    compiled = tuple(compile_scheme(edition, pathway) for edition in editions)
    source = folder / "options.toml"
    if not source.exists() and fallback is not None:
        source = fallback / "options.toml"
    options, options_digest = read_options(source, pathway, editions) if source.exists() else (NO_OPTIONS, "")
    cases, cases_digest = read_cases(folder / "examples.toml", pathway.facts, editions)
    leading = next((name for name in pathway.schemes if any(each.scheme == name for each in editions)), "")
    categories = tuple(dict.fromkeys(c.id for each in editions if each.scheme == leading for c in each.categories))
    source = folder / "quorum.toml"
    if not source.exists() and fallback is not None:
        source = fallback / "quorum.toml"
    quorum, quorum_digest = read_quorum(source, pathway, options, categories)
    digest = pathway.digest + options_digest + cases_digest + quorum_digest
    digest += "".join(edition.digest for edition in editions)
    return PathwayRules(pathway, tuple(editions), compiled, options, cases, quorum), digest


def _folders_of(path: Path) -> list[Path]:
    folders = [each for each in entries_of(path) if each.is_dir()]
    for folder in folders:
        if not folder.resolve().is_relative_to(path.resolve()):
            raise RulebookError(folder.name, "", "leads out of its folder")
    return [folder for folder in folders if toml_files(folder)]


def _read(path: Path, readings: tuple[tuple[str, str], ...]) -> Rulebook:
    if not path.is_dir():
        raise RulebookError(path.name, "", "is not a folder of rule files")
    folders = [path] if toml_files(path) else _folders_of(path)
    if not folders:
        raise RulebookError(path.name, "", "holds no rule file")
    if len(folders) > FOLDER_LIMIT:
        raise RulebookError(path.name, "", f"holds more than {FOLDER_LIMIT} pathways")
    pathways, digests = {}, []
    for folder in folders:
        rules, digest = _read_folder(folder, dict(readings))
        if rules.pathway.id in pathways:
            raise RulebookError(folder.name, rules.pathway.id, "repeats the pathway of another folder")
        pathways[rules.pathway.id] = rules
        digests.append(digest)
    return Rulebook(pathways, hashlib.sha256("".join(digests).encode()).hexdigest())


@lru_cache(maxsize=8)
def _load(path: Path, readings: tuple[tuple[str, str], ...]) -> Rulebook:
    return _read(path, readings)


def load_rulebook(
    path: str | Path | None = None,
    readings: Mapping[str, str] | None = None,
    pathway: str | None = None,
) -> Rulebook:
    """Read a folder of rule files, or the rules that ship with the package.

    ``path`` is a folder with one pathway's files, or one with a folder for each pathway. Vocabulary, pathway
    and options that a folder lacks are taken from the package. ``readings`` chooses a reading for a scheme,
    for example ``{"c-gclm": "A"}``. A folder is untrusted: its files are data of a limited size, none outside it is
    read, and nothing in it is run. Raises ``RulebookError`` naming file and row. The rules of the package
    are read once in the life of a process, a folder every time. With ``pathway``, raises ``KeyError`` if the rules
    do not hold it.
    """
    folder = Path(path) if path is not None else RULES
    chosen = tuple(sorted((readings or {}).items()))
    rulebook = _read(folder, chosen) if path is not None else _load(folder, chosen)
    if pathway is not None:
        rulebook[pathway]
    return rulebook
