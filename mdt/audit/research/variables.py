"""The columns of the export, each described once: the file, its dictionary and the page are made of this list."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, Patient
from cases.models.case import Urgency
from classification import load_rulebook
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.audit.research.pseudonyms import pseudonym
from mdt.audit.rows.models import AuditRow
from mdt.meetings.concordance import Concordance
from mdt.meetings.models import AgendaItem, Decision
from mdt.people.disciplines import Discipline

OLDEST, YOUNGEST, STEP = 90, 20, 5
"""Ages from 90 on are one band, as the HIPAA safe harbour has it (45 CFR 164.514(b)(2)); few are under 20."""
HIDDEN = "*"
"""Stands for age and sex where too few rows share them."""


@dataclass(frozen=True)
class Raw:
    """One row of the audit with what stands beside it."""

    row: AuditRow
    case: Case
    facts: Mapping[str, Any]

    @property
    def patient(self) -> Patient:
        return self.case.patient


@dataclass(frozen=True)
class Variable:
    """One column: what it means, its unit, its codes in words (empty: no list), and from where it comes."""

    name: str
    meaning: str | Promise
    source: str
    read: Callable[[Raw], Any]
    unit: str | Promise = ""
    codes: Mapping[str, str | Promise] = field(default_factory=dict)


def age_band(born_on: date, on: date) -> str:
    """ "60-64"; "90+", "<20"."""
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    if age >= OLDEST:
        return f"{OLDEST}+"
    if age < YOUNGEST:
        return f"<{YOUNGEST}"
    low = age - age % STEP
    return f"{low}-{low + STEP - 1}"


def _column(name: str, meaning: str | Promise, unit: str | Promise = "", codes: Iterable = ()) -> Variable:
    def read(raw: Raw) -> Any:
        value = getattr(raw.row, name)
        return int(value) if isinstance(value, bool) else value

    codes = dict(codes) if codes else YES_NO if name.startswith(("is_", "has_")) else {}
    return Variable(name, meaning, f"AuditRow.{name}", read, unit, codes)


def _days_after(name: str, meaning: str | Promise) -> Variable:
    def read(raw: Raw) -> int | None:
        on = getattr(raw.row, name)
        return None if on is None else (on - raw.row.meeting_on).days

    return Variable(name.removesuffix("_on") + "_day", meaning, f"AuditRow.{name}", read, _("days after the meeting"))


def _followed(raw: Raw) -> int | None:
    end = raw.row.died_on or raw.row.last_seen_on
    return None if end is None or raw.row.is_contradictory else (end - raw.row.meeting_on).days


YES_NO = {"0": _("no"), "1": _("yes")}
HIDES = {HIDDEN: _("left out: fewer than five rows share age, sex, year, site and type")}

VARIABLES: tuple[Variable, ...] = (
    Variable("case", _("pseudonym of the case"), "Case.reference", lambda r: pseudonym("case", r.case.reference)),
    Variable("patient", _("pseudonym of the patient"), "Patient", lambda r: pseudonym("patient", str(r.patient.pk))),
    Variable("site", _("pseudonym of the team"), "Team", lambda r: pseudonym("team", str(r.row.team_id))),
    Variable("meeting_year", _("year of the meeting"), "Meeting.starts_at", lambda r: r.row.meeting_on.year),
    Variable(
        "age_band", _("age at the meeting, in bands of five years"), "Patient.born_on",
        lambda r: age_band(r.patient.born_on, r.row.meeting_on), _("years"), HIDES,
    ),
    Variable("sex", _("sex"), "Patient.sex", lambda r: r.patient.sex, "", {**dict(Patient.Sex.choices), **HIDES}),
    _column("pathway", _("pathway")),
    _column("edition", _("scheme and edition whose proposal the meeting saw")),
    Variable("presented_for", _("reason for presentation"), "Case.reason", lambda r: r.case.reason, "",
             dict(Case.Reason.choices)),
    Variable("urgency", _("urgency"), "Case.urgency", lambda r: r.case.urgency, "", dict(Urgency.choices)),
    _column("lane", _("lane"), "", AgendaItem._meta.get_field("lane").choices or ()),
    _column("ended", _("how the case ended at the meeting"), "", AuditRow.Ended.choices),
    _column("proposed", _("the one type proposed; empty: open or none")),
    _column("confirmed", _("type confirmed")),
    _column("verdict", _("how the type stands to the proposal"), "", Decision.Verdict.choices),
    _column("concordance", _("how the decision stands to the proposal"), "", Concordance.choices),
    _column("departure", _("coded reason for departing"), "", Decision.Reason.choices),
    _column("intent", _("intent of treatment"), "", Decision.Intent.choices),
    _column("option", _("first option, by its id in the pathway")),
    _column("treatment", _("kind of that option")),
    _column("discipline", _("discipline of the responsible doctor"), "", Discipline.choices),
    _column("dissents", _("members who disagreed"), pgettext_lazy("a unit", "people")),
    _column("implementation", _("what became of the decision"), "", AuditRow.Implementation.choices),
    _column("not_done_because", _("why it was not carried out as decided"), "", ImplementationReport.Reason.choices),
    _column("is_signed", _("signed by a chair")),
    _column("is_quorate", _("quorum met")),
    _column("is_late", _("listed late or not ready")),
    _column("is_again", _("decided in an earlier meeting too")),
    _column("has_preference", _("the patient's wish was recorded")),
    _column("has_comorbidity", _("comorbidity was recorded")),
    _column("is_prospective", _("decided before treatment; empty: not known")),
    _column("ready_after_days", _("referral to ready"), _("days")),
    _column("discussed_after_days", _("ready to discussed"), _("days")),
    _column("released_after_days", _("meeting to release"), _("working days")),
    _column("told_after_days", _("meeting to patient told"), _("days")),
    _column("treated_after_days", _("patient told to treatment"), _("days")),
    _days_after("treatment_began_on", _("treatment began")),
    _column("response", _("best response"), "", FollowUpEvent.VALUES[FollowUpEvent.Kind.RESPONSE]),
    _days_after("resected_on", _("first resection")),
    _column("r_status", _("residual tumour of that resection"), "", FollowUpEvent.VALUES[FollowUpEvent.Kind.RESECTION]),
    _days_after("recurred_on", _("first recurrence")),
    Variable("followed_days", _("until death, else until last seen alive; empty: not known, or dates that contradict"),
             "AuditRow.died_on, last_seen_on", _followed, _("days after the meeting")),
    Variable("is_dead", _("died"), "AuditRow.died_on", lambda r: int(r.row.died_on is not None), "", YES_NO),
)  # fmt: skip
CODED = ("choice", "yes_no", "number", "integer", "set")


def facts_of(pathway: str) -> tuple[Variable, ...]:
    """A column for each coded fact that the leading scheme asks: as it was known when the meeting decided.

    What is not a known value (one of several, a range) stands as "uncertain"; nothing stated stays empty. A set stands
    as its members with "|" between, and as "none" if it was looked at and is empty.
    """
    rules = load_rulebook()[pathway]
    asked = {
        name
        for edition in rules.editions
        if edition.scheme == rules.schemes[0]
        for component in edition.components
        for rule in component.rules
        for name in rule.facts
    }
    found = []
    for name, fact in rules.pathway.facts.items():
        if name in asked and not fact.record and fact.type in CODED:
            codes = {value: fact.value_labels[value] for value in fact.values if value in fact.value_labels}
            found.append(
                Variable(
                    f"fact_{name}",
                    fact.labels,
                    f"Proposal.facts[{name}]",
                    lambda raw, name=name: _fact(raw.facts.get(name)),
                    fact.units or "",
                    {**codes, "uncertain": _("stated, but not as one value")},
                )
            )
    return tuple(found)


def _fact(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return int(value) if isinstance(value, bool) else value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value) or "none"
    return "uncertain"
