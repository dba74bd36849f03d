"""What the pages of the privacy office show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases.models import Case, FindingDraft, Patient
from mdt.events.models import Event
from mdt.meetings.models import DeskDraft, Document
from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with
from mdt.privacy.models import ErasureRequest, LegalHold, Notice, Restriction
from mdt.privacy.policy import KindOfRecord, policy
from mdt.privacy.reach import reach_of

SHOWN = 50


@dataclass(frozen=True)
class Due:
    """A patient whose record nobody has written to for as long as the policy says."""

    case: Case
    last_entry_at: datetime
    is_held: bool
    is_asked: bool


@dataclass(frozen=True)
class KindRow:
    """One kind of the policy, and how many of it are past their time; None: nothing can fall due."""

    kind: KindOfRecord
    due: int | None


def in_words(tables: dict[str, int]) -> list[tuple[str, int]]:
    """What the tables hold as a reader says it, with how many; tables without a name for readers come together."""
    found: dict[str, int] = {}
    for label, count in tables.items():
        name = apps.get_model(label)._meta.original_attrs.get("verbose_name_plural")
        name = str(name) if isinstance(name, Promise) else _("other rows")  # only a translated name is for readers
        found[name] = found.get(name, 0) + count
    other = found.pop(_("other rows"), 0)
    return [*sorted(found.items()), *([(_("other rows"), other)] if other else [])]


def teams_of(user: User) -> list[int]:
    return teams_with(user, Permission.PRIVACY_MANAGE)


def begin_of(years: int) -> datetime:
    """What was last touched before this moment is past its time."""
    return timezone.now() - timedelta(days=round(years * 365.25))


def due_records(teams: list[int]) -> list[Due]:
    """Patients whose record is past its time, oldest first; none while the hospital has not said the years."""
    years = policy().kind("record").years
    if years is None:
        return []
    touched = Event.objects.writes().filter(team__in=teams).exclude(case_reference="")
    last = touched.values("case_reference").annotate(last=Max("at")).order_by("last")
    by_reference = {row["case_reference"]: row["last"] for row in last.filter(last__lt=begin_of(years))}
    held = set(LegalHold.objects.in_force().filter(team__in=teams).values_list("patient_id", flat=True))
    asked = set(_open_requests(teams).values_list("patient_id", flat=True))
    found: dict[int, Due] = {}
    cases = Case.objects.filter(reference__in=list(by_reference)[:2000]).select_related("team").order_by("pk")
    young = set(
        Case.objects.filter(team__in=teams, patient__in=[case.patient_id for case in cases])
        .exclude(reference__in=by_reference)
        .values_list("patient_id", flat=True)
    )
    for case in cases:
        if case.patient_id in young:  # a younger case of the same patient keeps the older one
            continue
        due = Due(case, by_reference[case.reference], case.patient_id in held, case.patient_id in asked)
        if case.patient_id not in found or found[case.patient_id].last_entry_at < due.last_entry_at:
            found[case.patient_id] = due
    return sorted(found.values(), key=lambda due: due.last_entry_at)


def _open_requests(teams: list[int]):
    return ErasureRequest.objects.filter(team__in=teams, erasure=None).exclude(decision__outcome="refused")


def kinds(teams: list[int], due: list[Due]) -> list[KindRow]:
    """The policy, row by row."""
    rows = []
    for kind in policy().kinds:
        count = None
        if kind.years is not None:
            begin = begin_of(kind.years)
            count = {
                "record": lambda: len(due),
                "copies": lambda begin=begin: Document.objects.filter(
                    decision__case__team__in=teams, made_at__lt=begin
                ).count(),
                "drafts": lambda begin=begin: (
                    FindingDraft.objects.filter(case__team__in=teams, saved_at__lt=begin).count()
                    + DeskDraft.objects.filter(item__case__team__in=teams, saved_at__lt=begin).count()
                ),
            }[kind.code]()
        rows.append(KindRow(kind, count))
    return rows


def office(user: User) -> dict:
    """The first page."""
    teams = teams_of(user)
    due = due_records(teams)
    requests = ErasureRequest.objects.filter(team__in=teams).for_page()
    return {
        "policy": policy(),
        "kinds": kinds(teams, due),
        "due": due[:SHOWN],
        "due_count": len(due),
        "requests": requests[:SHOWN],
        "notices_open": Notice.objects.filter(team__in=teams, answer=None).count(),
        "restrictions": Restriction.objects.in_force()
        .filter(team__in=teams)
        .select_related("placed_by", "team")[:SHOWN],
        "holds": LegalHold.objects.in_force().filter(team__in=teams).select_related("placed_by", "team")[:SHOWN],
    }


def order(request: ErasureRequest) -> dict:
    """One request: whose, how much there is, what was decided, what came of it."""
    patient = Patient.objects.filter(pk=request.patient_id).first()
    decision, erasure = request.decided, request.carried_out
    parts = decision.parts if decision and decision.parts else ["record"]
    reach = reach_of(request.patient_id, parts, order=request.pk) if patient and not erasure else None
    return {
        "order": request,
        "patient": patient,
        "decision": decision,
        "erasure": erasure,
        "exceptions": policy().exception_labels(decision.exceptions) if decision else [],
        "reach": in_words(reach.count()) if reach else [],
        "cases": reach.references if reach else [],
        "restriction": Restriction.objects.in_force().filter(patient_id=request.patient_id).first(),
        "hold": LegalHold.objects.in_force().filter(patient_id=request.patient_id).first(),
        "erased": in_words(erasure.tables) if erasure else [],
    }
