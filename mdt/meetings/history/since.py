"""What changed since the meeting that last decided on a case: read from stored snapshots, no rule runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.course_page import says
from cases.models import Case, Proposal
from cases.reasoning import describe, fact_label, pathway_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings.documents.wording import capital, headline, sentence, type_words
from mdt.meetings.history.entries import Entry, added
from mdt.meetings.models import AgendaItem, ConditionStep, Decision, NextStep
from mdt.meetings.outcome.next_steps import with_marks
from mdt.people.templatetags.looks import day, discipline_label

WHY_BACK = (Kind.CASE_REOPENED, Kind.RESTAGING_OPENED, Kind.CASE_UNLISTED)


@dataclass(frozen=True)
class Change:
    """A fact that is new, corrected or gone: its words then and now, and who said so."""

    label: str
    before: str
    after: str
    who: str

    @property
    def is_new(self) -> bool:
        return not self.before

    @property
    def is_gone(self) -> bool:
        return not self.after


@dataclass(frozen=True)
class Since:
    """What a meeting must know that decided on this case before. `until` bounds it: None is now."""

    decision: Decision
    now: Proposal | None
    until: datetime | None = None
    changes: list[Change] = field(default_factory=list)
    settled: list[Change] = field(default_factory=list)
    reports: list[Entry] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def is_nothing_new(self) -> bool:
        """Neither a fact nor an assumption, a report, a step that was done, nor a reason to come back."""
        return not (self.changes or self.settled or self.reports or self.why or any(self._done))

    @property
    def decided(self) -> str:
        return headline(self.decision)

    @property
    def type_then(self) -> str:
        """What the meeting gave; where it deferred, what the proposal said."""
        if self.decision.category:
            return capital(type_words(self.decision.category, self.decision.case.pathway))
        return self._proposed(self.decision.proposal) if self.decision.proposal else ""

    @property
    def type_now(self) -> str:
        """What the rules say now; after a restaging, of what can be resected now."""
        return self._proposed(self.now) if self.now else ""

    @property
    def resectable_now(self) -> str:
        if self.now is None or not self.now.is_restaged:
            return ""
        current = self.now.answer.get("current_resectability") or {}
        return says(self._pathway, current.get("possible", []), current.get("provisional", []))

    @cached_property
    def steps(self) -> list[NextStep]:
        """The next steps of that decision, each with its newest mark."""
        return list(with_marks(self.decision.next_steps.select_related("owner")))

    @property
    def _done(self) -> Iterator[bool]:
        return (bool(step.is_done) and self._in_time(step.marked_at) for step in self.steps)

    def is_done(self, step: NextStep) -> bool:
        return bool(step.is_done) and self._in_time(step.marked_at)

    def _in_time(self, at: datetime | None) -> bool:
        return self.until is None or (at is not None and at <= self.until)

    @property
    def _pathway(self) -> str:
        return self.decision.case.pathway

    def _proposed(self, proposal: Proposal) -> str:
        system = proposal.main_system
        return says(self._pathway, system["possible"], system["provisional"]["possible"])


def since_last(
    case: Case, now: Proposal | None, *, item: AgendaItem | None = None, until: datetime | None = None
) -> Since | None:
    """What changed since the newest signed decision, before the meeting of `item` where one is given; None without one.

    `now` is the proposal to compare with; rows later than `until` do not count.
    """
    decision = _last_decision(case, item, until)
    if decision is None:
        return None
    then = decision.proposal
    settled = list(_settled(then, now)) if then and now else []
    known = {change.label for change in settled}
    return Since(
        decision=decision,
        now=now,
        until=until,
        changes=[change for change in _changes(then, now) if change.label not in known] if then and now else [],
        settled=settled,
        reports=[
            entry
            for entry in added(case)
            if entry.kind == "report"
            and entry.at > decision.recorded_at
            and entry.decided_on == decision.agenda_item_id
            and (until is None or entry.at <= until)
        ],
        why=list(_why(case, decision, until)),
    )


def _last_decision(case: Case, item: AgendaItem | None, until: datetime | None) -> Decision | None:
    rows = Decision.objects.filter(case=case, sign_off__isnull=False)
    if item is not None:
        rows = rows.exclude(agenda_item=item).filter(meeting__starts_at__lt=item.meeting.starts_at)
    if until is not None:
        rows = rows.filter(sign_off__signed_at__lte=until)
    return (
        rows.select_related("case__team", "meeting__team", "proposal__case", "sign_off")
        .prefetch_related("options")
        .order_by("-meeting__starts_at", "-version")
        .first()
    )


def _changes(then: Proposal, now: Proposal) -> Iterator[Change]:
    """Facts whose holding statement says something else than it did. What a restaging did not ask again is not gone."""
    pathway = pathway_of(now.case.pathway)
    before, after = then.current_statements, now.current_statements
    begins_anew = now.is_restaged and (not then.is_restaged or now.case.restagings.count() > 1)
    for name in pathway.facts:
        old, new = _holding(before.get(name)), _holding(after.get(name))
        if name in pathway.showing.not_printed or _value(old) == _value(new):
            continue
        if new is None and begins_anew:
            continue
        yield _change(now.case.pathway, name, old, new)


def _settled(then: Proposal, now: Proposal) -> Iterator[Change]:
    """Assumptions on which the earlier proposal rested and which somebody has stated since."""
    for entry in (then.main_system.get("provisional") or {}).get("assumptions", ()):
        name = entry["fact"]
        stated = _holding(now.current_statements.get(name)) or _holding(now.statements.get(name))
        if stated is not None and _holding(then.statements.get(name)) is None:
            yield _change(now.case.pathway, name, None, stated)


def _change(pathway: str, name: str, old: dict | None, new: dict | None) -> Change:
    language = get_language()

    def words(statement: dict | None) -> str:
        return describe(pathway, name, statement["value"], language) if statement else ""

    said = new or old or {}
    parts = [said.get("by"), discipline_label(said.get("discipline")), day(said.get("on"))]
    return Change(fact_label(pathway, name, language), words(old), words(new), _(", ").join(filter(None, parts)))


def _holding(statements: list[dict] | None) -> dict | None:
    if not statements:
        return None
    return next((entry for entry in statements if entry["holds"]), statements[0])


def _value(statement: dict | None) -> Any:
    return statement["value"] if statement else None


def _why(case: Case, decision: Decision, until: datetime | None) -> Iterator[str]:
    """Why the case is back, from the log: deferred, brought back, staged again, not reached on another agenda."""
    if decision.verdict == Decision.Verdict.DEFERRED:
        words = {"day": day(decision.meeting.local_start), "reason": decision.reason_text}
        yield sentence(_("Deferred on %(day)s: %(reason)s") % words)
    due = ConditionStep.objects.filter(
        kind=ConditionStep.Kind.DUE, condition__decision__case=case, at__gt=decision.recorded_at
    ).select_related("condition")
    for step in due if until is None else due.filter(at__lte=until):
        words = {"day": day(step.look_on or step.at), "what": step.condition.what}
        yield sentence(_("A condition fell due on %(day)s: %(what)s") % words)
    lines = Event.objects.of_case(case.reference).filter(kind__in=WHY_BACK, at__gt=decision.recorded_at)
    if until is not None:
        lines = lines.filter(at__lte=until)
    for event in lines.order_by("number"):
        words = {"day": day(event.at), "reason": event.data.get("reason", "")}
        if event.kind == Kind.CASE_REOPENED:
            yield sentence(_("Brought back on %(day)s: %(reason)s") % words)
        elif event.kind == Kind.RESTAGING_OPENED:
            yield sentence(_("Staged again from %(day)s: %(reason)s") % words)
        elif event.data.get("meeting") != decision.meeting.reference:
            words["meeting"] = event.data.get("meeting", "")
            yield sentence(_("Not discussed in %(meeting)s: %(reason)s") % words)
