"""How far an edition is checked, and which of its rules were verified: read from signatures and comparisons.

Both speak for exactly one digest. The status that a rule file declares holds until somebody signs in the system; after
that a file that changed begins again as a draft.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mdt.rulebook import library
from mdt.rulebook.models import EditionStep, Judgement, Status


@dataclass(frozen=True)
class Standing:
    """The status that holds for a digest, and the signatures that led to it, oldest first."""

    status: str
    steps: tuple[EditionStep, ...] = ()
    is_changed: bool = False
    """Whether another text of the same edition was signed before: its signatures do not count here."""

    @property
    def holding(self) -> tuple[EditionStep, ...]:
        """The signatures that still hold: those since the edition was last sent back."""
        held: tuple[EditionStep, ...] = ()
        for step in self.steps:
            held = () if step.status == Status.DRAFT else (*held, step)
        return held

    @property
    def review(self) -> EditionStep | None:
        """The first of the two signatures."""
        return next((step for step in self.holding if step.status == Status.REVIEWED), None)

    @property
    def signed_by(self) -> str:
        """Who signed up to the status that holds, in words; "" where it only stands in the file."""
        return _(", ").join(dict.fromkeys(step.signed_by.display_name for step in self.holding))


def standings_of(editions: Iterable[tuple[str, str, str, str]]) -> dict[str, Standing]:
    """Digest → standing, for (scheme, edition, digest, status in the file). One query for all of them."""
    wanted = list(editions)
    steps: dict[tuple[str, str], list[EditionStep]] = {}
    rows = EditionStep.objects.filter(scheme__in={scheme for scheme, *_rest in wanted})
    for step in rows.select_related("signed_by").order_by("number"):
        steps.setdefault((step.scheme, step.edition), []).append(step)
    found = {}
    for scheme, edition, digest, declared in wanted:
        signed = steps.get((scheme, edition), [])
        own = tuple(step for step in signed if step.digest == digest)
        status = own[-1].status if own else Status.DRAFT.value if signed else declared
        found[digest] = Standing(status, own, is_changed=bool(signed) and len(own) < len(signed))
    return found


def standing_of(edition: library.Signable) -> Standing:
    """The standing of a loaded edition."""
    key = (edition.scheme, edition.edition, edition.digest, edition.status)
    return standings_of([key])[edition.digest]


def status_of(scheme: str, edition: str, digest: str) -> str:
    """draft, reviewed, approved or retired for exactly this text; draft for one neither loaded nor signed."""
    loaded = library.edition_of_digest(scheme, edition, digest)
    declared = loaded.status if loaded else Status.DRAFT.value
    return standings_of([(scheme, edition, digest, declared)])[digest].status


def with_signed_statuses(systems: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The systems of an outcome with `status` and `verified_by` as they were signed here, the rest as it is."""
    asked = [
        (name, system["edition"], system["digest"], system["status"])
        for name, system in systems.items()
        if system.get("digest")
    ]
    standings = standings_of(asked)
    changed = {}
    for name, system in systems.items():
        standing = standings.get(system.get("digest") or "")
        changed[name] = dict(system)
        if standing is not None and (standing.steps or standing.is_changed):
            changed[name] |= {"status": standing.status, "verified_by": standing.signed_by}
    return changed


def signed_parts(pathway: str, language: str) -> list[dict[str, str]]:
    """The files of a pathway's options, arguments and gates with the status that holds, as data for a proposal."""
    rules = library.rulebook().pathways.get(pathway)
    files = library.part_files(rules) if rules is not None else ()
    standings = standings_of((each.scheme, each.edition, each.digest, each.status) for each in files)
    return [
        {
            "part": each.part,
            "edition": each.edition,
            "label": each.labels(language),
            "digest": each.digest,
            "status": standings[each.digest].status,
            "verified_by": standings[each.digest].signed_by or each.verified_by,
        }
        for each in files
    ]


def judgements_of(scheme: str, digest: str) -> dict[str, Judgement]:
    """Rule id → the newest comparison with the paper."""
    rows = Judgement.objects.filter(scheme=scheme, digest=digest).select_related("judged_by").order_by("id")
    return {row.rule: row for row in rows}


def verifications_of(scheme: str, digest: str) -> dict[str, Judgement]:
    """Rule id → who found the rule as it is in the paper, where and when; only where that is the newest word."""
    return {
        rule: row for rule, row in judgements_of(scheme, digest).items() if row.verdict == Judgement.Verdict.AS_IN_PAPER
    }


def verified_rules(digests: Iterable[str]) -> dict[tuple[str, str], Judgement]:
    """(digest, rule id) → who found the rule as it is in the paper; only where that is the newest word. One query."""
    rows = Judgement.objects.filter(digest__in=list(digests)).select_related("judged_by").order_by("id")
    newest = {(row.digest, row.rule): row for row in rows}
    return {key: row for key, row in newest.items() if row.verdict == Judgement.Verdict.AS_IN_PAPER}


def verified_counts(digests: Iterable[str]) -> Counter[str]:
    """Digest → how many of its rules were found as in the paper, by the newest comparison of each. One query."""
    rows = Judgement.objects.filter(digest__in=list(digests)).order_by("id").values_list("digest", "rule", "verdict")
    newest = {(digest, rule): verdict for digest, rule, verdict in rows}
    return Counter(digest for (digest, _rule), verdict in newest.items() if verdict == Judgement.Verdict.AS_IN_PAPER)


@dataclass(frozen=True)
class Progress:
    """How much of an edition was compared with the paper, in rules."""

    total: int
    as_in_paper: int
    differs: int
    not_found: int

    @property
    def judged(self) -> int:
        return self.as_in_paper + self.differs + self.not_found

    @property
    def open(self) -> int:
        return self.total - self.judged


def progress_of(edition: library.Signable, judgements: Mapping[str, Judgement]) -> Progress:
    """Counted over the rules that the edition has."""
    ids = [each.id for each in library.citables(edition)]
    verdicts = [judgements[rule].verdict for rule in ids if rule in judgements]
    counts = [verdicts.count(verdict) for verdict in ("as-in-paper", "differs", "not-found")]
    return Progress(len(ids), *counts)
