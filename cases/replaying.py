"""Stored snapshots asked again: their records, what they answered, and what other rules answer to the same facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import translation

from cases.models import Case, FactRecord, Proposal
from cases.reasoning import fact_label
from classification import FactError, load_rulebook
from classification.columnar import Archive
from classification.columns import Layout
from classification.edition import Edition
from classification.replay import Replay, answer, compare, rules_of
from classification.replay_many import Row
from mdt.rulebook.standing import with_signed_statuses

NOT_ASKED = "-"
"""Stands for the old answer where a proposal was made before the scheme was asked."""


@dataclass(frozen=True)
class Question:
    """Which rules are asked: one edition of one scheme in one reading; `folder` holds rules from outside."""

    pathway: str
    scheme: str
    edition: str | None = None
    reading: str | None = None
    folder: str | Path | None = None

    @property
    def rules(self):
        """Raises classification.replay.NotThere, and classification.RulebookError for a folder."""
        return rules_of(self.pathway, self.scheme, self.edition, self.reading, self.folder)

    @property
    def asked(self) -> Edition:
        """The edition that answers. Raises as `rules` does."""
        return self.rules.editions[0]


@lru_cache
def layout_of(pathway: str) -> Layout:
    """Where the facts of a pathway lie in a record, for the rules that are installed."""
    return Layout(load_rulebook()[pathway].reader)


@lru_cache
def current_layouts() -> dict[str, str]:
    """Installed pathway → name of its layout."""
    return {pathway: layout_of(pathway).digest for pathway in load_rulebook().pathways}


def pack(pathway: str, facts: Mapping[str, Any], restaging: Mapping[str, Any] | None) -> bytes:
    """The record of a snapshot. Facts that the vocabulary of today does not know make it irregular, never wrong."""
    layout = layout_of(pathway)
    try:
        return layout.pack(facts, restaging)
    except FactError:
        return layout.irregular


@lru_cache(maxsize=8)
def _installed_archive(question: Question) -> Archive:
    return Archive(question.rules, question.scheme, layout_of(question.pathway))


def archive_of(question: Question) -> Archive:
    """The rules of a question ready for many records. Raises as `Question.rules` does."""
    if question.folder is None:
        return _installed_archive(question)
    return Archive(question.rules, question.scheme, layout_of(question.pathway))


def facts_by_id(ids: Sequence[int]) -> dict[int, tuple[dict, dict | None]]:
    """Proposal → facts and restaging, for those that no record can say."""
    found: dict[int, tuple[dict, dict | None]] = {}
    for start in range(0, len(ids), 500):  # SQLite takes only so many parameters
        rows = Proposal.objects.filter(pk__in=ids[start : start + 500])
        found |= {pk: (facts, restaging) for pk, facts, restaging in rows.values_list("pk", "facts", "restaging_facts")}
    return found


def read_chunk(
    question: Question, *, after: int, size: int, team_id: int | None = None, is_all_snapshots: bool = False
) -> list[Row]:
    """The next snapshots behind the proposal `after`: id, record, and what they answered to the question's scheme.

    By one cursor over a narrow table. Only the newest snapshot of each case unless `is_all_snapshots`; without
    `team_id` those of every team.
    """
    table = connection.ops.quote_name(FactRecord._meta.db_table)
    team = "team_id = %s AND" if team_id is not None else ""
    newest = "" if is_all_snapshots else "AND is_newest"
    sql = f"""
        SELECT proposal_id, CASE WHEN layout = %s THEN record END,
               CASE WHEN system = %s THEN types_possible END, CASE WHEN system = %s THEN types_provisional END
        FROM {table} WHERE {team} pathway = %s AND proposal_id > %s {newest} ORDER BY proposal_id LIMIT %s
    """
    layout = layout_of(question.pathway).digest
    chosen = [] if team_id is None else [team_id]
    with connection.cursor() as cursor:
        cursor.execute(sql, [layout, question.scheme, question.scheme, *chosen, question.pathway, after, size])
        rows = cursor.fetchall()
    if None in map(itemgetter(2), rows):
        return list(_with_stored_answers(question.scheme, rows))
    return rows


def _with_stored_answers(scheme: str, rows: list[tuple]) -> Iterator[Row]:
    """The same rows, with the answers of a scheme that does not lead the pathway read out of the stored outcome."""
    system = KeyTransform(scheme, KeyTransform("systems", KeyTransform("en", "outcome_plain")))
    possible, provisional = (
        KeyTransform("possible", system),
        KeyTransform("possible", KeyTransform("provisional", system)),
    )
    ids = [row[0] for row in rows if row[2] is None]
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), 500):
        own = Proposal.objects.filter(pk__in=ids[start : start + 500]).annotate(
            _said=KeyTransform(scheme, "answers"), _one=possible, _two=provisional
        )
        for pk, said, one, two in own.values_list("pk", "_said", "_one", "_two"):
            one, two = said or (one, two)
            found[pk] = (NOT_ASKED, NOT_ASKED) if one is None else (" ".join(one), " ".join(two or one))
    for pk, record, one, two in rows:
        yield (pk, record, *(found[pk] if one is None else (one, two)))


def proposals_behind(
    question: Question, *, team_id: int | None = None, is_all_snapshots: bool = False, after: int = 0
) -> int:
    """How many snapshots `read_chunk` would give from `after` on."""
    rows = FactRecord.objects.filter(pathway=question.pathway, proposal_id__gt=after)
    rows = rows if team_id is None else rows.filter(team_id=team_id)
    return (rows if is_all_snapshots else rows.filter(is_newest=True)).count()


def replay_proposal(proposal: Proposal, question: Question, language: str) -> Replay:
    """What a proposal answered, and what the question's rules answer to its facts, with what changed and why.

    Raises as `Question.rules` does, and FactError for a fact that these rules do not know.
    """
    before = proposal.answer_in(language)["systems"].get(question.scheme)
    after = answer(question.rules, proposal.facts, proposal.restaging_facts, language)
    if question.folder is None:  # signatures in the system outrank the file; rules from outside have none
        with translation.override(language):
            after = with_signed_statuses({question.scheme: after})[question.scheme]
    names = {*((before or {}).get("missing") or ()), *after["missing"]}
    known = layout_of(question.pathway).pathway.facts
    labels = {name: fact_label(question.pathway, name, language) for name in names if name in known}
    return compare(before, after, labels)


def askable(pathway: str | None = None) -> list[tuple[str, Edition, str]]:
    """Everything that can be asked of the installed rules: pathway, edition, reading ("" where it has only one)."""
    found = []
    for name, rules in load_rulebook().pathways.items():
        if pathway in (None, name):
            order = list(rules.schemes)
            for edition in sorted(rules.editions, key=lambda each: (order.index(each.scheme), each.valid_from)):
                found += [(name, edition, reading) for reading in edition.readings or ("",)]
    return found


def unpacked() -> QuerySet[Proposal]:
    """Proposals that have no record, or one of another vocabulary, oldest first: what `pack_records` works off."""
    layouts = current_layouts()
    rows = Proposal.objects.filter(case__pathway__in=layouts).exclude(case__in=Case.objects.restricted())
    return rows.exclude(record__layout__in=layouts.values()).order_by("pk")
