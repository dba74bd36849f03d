"""Applying a plan to the agendas of a team in one step, and undoing it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.agenda import list_case, unlist_case
from mdt.meetings.actions.locks import grow
from mdt.meetings.models import AgendaItem, AgendaPlan, Meeting, PlanUndoing
from mdt.meetings.planning.order import difficulty
from mdt.meetings.planning.plan import Filled, Plan
from mdt.people.models import Team, User


def _changed() -> StaleForm:
    return StaleForm(
        _(
            "Cases or meetings changed in the meantime. Nothing was stored; the plan below is made anew, with what you "
            "had fixed."
        )
    )


def lock_agendas(team: Team) -> None:
    """Lock the team, its coming meetings and its cases in preparation until the end of the transaction."""
    Team.objects.select_for_update().get(pk=team.pk)
    meetings = Meeting.objects.select_for_update(of=("self",)).filter(team=team, state=Meeting.State.PLANNED)
    list(meetings.order_by("pk"))
    states = (Case.State.REFERRED, Case.State.LISTED)
    cases = Case.objects.select_for_update(of=("self",)).filter(team=team, state__in=states)
    list(cases.order_by("pk").values_list("pk"))


def refuse_overfull(meetings: list[Filled]) -> None:
    """Raise ActionError for a meeting over its minutes to which the plan adds or moves a case."""
    for filled in meetings:
        if filled.over and any(placed.is_new or placed.is_moved for placed in filled.placed):
            words = {"meeting": filled.slot.meeting.reference, "minutes": filled.over}
            raise ActionError(
                _("%(meeting)s would be %(minutes)d minutes over its time: plan again, or take a case out.") % words
            )


def refuse_obstacles(plan: Plan) -> None:
    """Raise ActionError for a case that nobody fixed in a place where it may not be."""
    for placed in plan.placed:
        if placed.conflicts and not placed.is_fixed:
            words = {"case": placed.case.reference, "meeting": placed.place}
            raise ActionError(_("%(case)s cannot come to %(meeting)s: plan again.") % words)


@transaction.atomic
def apply_plan(
    *, plan: Plan, by: User, digest: str, reasons: Mapping[str, str] | None = None, sort: bool = True
) -> AgendaPlan:
    """List and move every case as `plan` says, all or nothing.

    The caller has locked the agendas, and made the plan after that. `digest` is the one of the situation that the
    person saw. `reasons`: case reference → why a case that is not ready, or is past the cut-off, is listed all the
    same; without one such a case stays in the queue, and its place is kept for it by the next plan.

    What stands on an agenda keeps its order: what comes to it follows at the end, hard cases first with `sort`.

    Raises StaleForm where something changed since, ActionError where a place breaks a rule.
    """
    team, reasons = plan.situation.team, reasons or {}
    if plan.situation.digest() != digest:
        raise _changed()
    refuse_overfull(plan.meetings)
    refuse_obstacles(plan)
    orders = {
        filled.slot.meeting.reference: list(_on_agenda(filled.slot.meeting).values_list("pk", flat=True))
        for filled in plan.meetings
    }
    changed: set[int] = set()
    left = _take_off(plan, by, changed, orders)
    moves = _put_on(plan, by, reasons, left, changed, sort=sort)
    kept = _mark(plan, changed)
    if not moves and not kept:
        raise ActionError(_("Nothing would change."))
    agendas = plan.agendas
    applied = AgendaPlan.objects.create(
        team=team,
        moves=moves,
        kept=kept,
        orders={reference: order for reference, order in orders.items() if order},
        cost=agendas.cost,
        bound=agendas.bound,
        certificate={"kind": agendas.certificate.kind, "prices": list(agendas.certificate.prices)},
        applied_by=by,
    )
    record(
        Kind.AGENDAS_PLANNED,
        by=by,
        team=team,
        subject=applied,
        cases=len(moves),
        percent=f"{100 * agendas.gap:.1f}" if agendas.gap < 1 else "?",
        moved=[move["case"] for move in moves],
    )
    return applied


def _on_agenda(meeting: Meeting):
    return meeting.agenda.exclude(state=AgendaItem.State.REMOVED).order_by("position", "id")


def _take_off(plan: Plan, by: User, changed: set[int], orders: Mapping[str, list[int]]) -> dict[str, dict[str, Any]]:
    """Every case that moves or has no place any more leaves its agenda. Reference → where it was."""
    left = {}
    for placed in plan.changes:
        item = placed.candidate.item
        if item is None:
            continue
        where = _("moved to %(meeting)s") % {"meeting": placed.place} if placed.slot else _("taken off by the plan")
        left[placed.case.reference] = {
            "meeting": item.meeting_id,
            "position": orders[item.meeting.reference].index(item.pk) + 1,
            "planned_minutes": item.planned_minutes,
            "late_reason": item.late_reason,
            "listed_though": item.listed_though,
            "is_fixed": item.is_fixed,
        }
        unlist_case(item=item, by=by, reason=where)
        changed.add(item.meeting_id)
    return left


def _put_on(
    plan: Plan,
    by: User,
    reasons: Mapping[str, str],
    left: dict[str, dict[str, Any]],
    changed: set[int],
    *,
    sort: bool,
) -> list[dict[str, Any]]:
    """Every new or moved case joins its agenda; what only waits for facts, and has no reason, is passed over."""
    moves, changes = [], plan.changes
    if sort:
        changes = sorted(changes, key=lambda one: difficulty(one.candidate.minutes, one.case))
    for placed in changes:
        before, new = left.get(placed.case.reference), None
        reason = reasons.get(placed.case.reference, "").strip()
        if placed.needs_reason and placed.is_fixed and not (reason or before):
            words = {"case": placed.case.reference, "meeting": placed.place}
            raise ActionError(_("Say why %(case)s is listed for %(meeting)s although it is late or not ready.") % words)
        if placed.slot is not None and (not placed.needs_reason or reason or before):
            late = reason or (before["late_reason"] if before else "")
            late = late or (_("moved by the plan of agendas") if before else "")
            new = list_case(
                meeting=placed.slot.meeting,
                case=placed.case,
                by=by,
                planned_minutes=placed.candidate.minutes,
                late_reason=late,
            )
            if placed.is_fixed:
                _fix(new, is_fixed=True)
            changed.add(placed.slot.meeting.pk)
        if new is not None or before is not None:
            moves.append({"case": placed.case.reference, "item": new.pk if new else None, "from": before})
    return moves


def _mark(plan: Plan, changed: set[int]) -> list[dict[str, Any]]:
    """Minutes and marks of cases that stay where they are."""
    kept = []
    for placed in plan.placed:
        item = placed.candidate.item
        if item is None or placed.is_moved:
            continue
        if (item.planned_minutes, item.is_fixed) != (placed.candidate.minutes, placed.is_fixed):
            kept.append({"item": item.pk, "planned_minutes": item.planned_minutes, "is_fixed": item.is_fixed})
            AgendaItem.objects.filter(pk=item.pk).update(
                planned_minutes=placed.candidate.minutes, is_fixed=placed.is_fixed
            )
            if item.meeting_id not in changed:
                grow(item.meeting)
            changed.add(item.meeting_id)
    return kept


def _fix(item: AgendaItem, *, is_fixed: bool) -> None:
    item.is_fixed = is_fixed
    item.save(update_fields=["is_fixed"])


@transaction.atomic
def undo_plan(*, plan: AgendaPlan, by: User) -> PlanUndoing:
    """Put every case back where it was before the plan, as a whole or not at all.

    Raises ActionError where the plan was undone already, is not the newest of its team, or where somebody worked on
    with what it listed: a decision, a move, a meeting that began or is over.
    """
    lock_agendas(plan.team)
    newest = AgendaPlan.objects.filter(team=plan.team).order_by("-id").first()
    if plan.pk != newest.pk or PlanUndoing.objects.filter(plan=plan).exists():
        raise ActionError(_("Only the newest plan can be undone, and only once."))
    items = _untouched(plan)
    meetings = _still_planned(plan)
    for move in plan.moves:
        if move["item"] is not None:
            unlist_case(item=items[move["item"]], by=by, reason=_("the plan of agendas was undone"))
    back = [_put_back(move, meetings, by) for move in plan.moves if move["from"] is not None]
    for kept in plan.kept:
        AgendaItem.objects.filter(pk=kept["item"]).update(
            planned_minutes=kept["planned_minutes"], is_fixed=kept["is_fixed"]
        )
    _into_old_places(back)
    undoing = PlanUndoing.objects.create(plan=plan, undone_by=by)
    record(
        Kind.PLAN_UNDONE,
        by=by,
        team=plan.team,
        subject=undoing,
        plan=plan.pk,
        moved=[move["case"] for move in plan.moves],
    )
    return undoing


def _worked_on() -> ActionError:
    return ActionError(_("Somebody has worked on with these agendas since: the plan cannot be undone as a whole."))


def _untouched(plan: AgendaPlan) -> dict[int, AgendaItem]:
    """The items that the plan listed, by id. Raises ActionError where one is no longer as it was listed."""
    wanted = [move["item"] for move in plan.moves if move["item"] is not None]
    items = {item.pk: item for item in AgendaItem.objects.filter(pk__in=wanted).select_related("meeting", "case__team")}
    stands = AgendaItem.State.LISTED
    if any(item.state != stands or item.lane != AgendaItem.Lane.DISCUSS for item in items.values()):
        raise _worked_on()
    if AgendaItem.objects.filter(pk__in=wanted, decisions__isnull=False).exists():
        raise _worked_on()
    back = [move["case"] for move in plan.moves if move["item"] is None]
    if Case.objects.filter(reference__in=back).exclude(state=Case.State.REFERRED).exists():
        raise _worked_on()
    return items


def _still_planned(plan: AgendaPlan) -> dict[int, Meeting]:
    """The meetings that cases go back to. Raises ActionError where one is over or cancelled."""
    wanted = {move["from"]["meeting"] for move in plan.moves if move["from"] is not None}
    meetings = {meeting.pk: meeting for meeting in Meeting.objects.filter(pk__in=wanted).select_related("team")}
    if any(meeting.state != Meeting.State.PLANNED for meeting in meetings.values()):
        raise _worked_on()
    return meetings


def _put_back(move: Mapping[str, Any], meetings: Mapping[int, Meeting], by: User) -> AgendaItem:
    before = move["from"]
    meeting, case = meetings[before["meeting"]], Case.objects.select_related("team").get(reference=move["case"])
    item = AgendaItem.objects.create(
        meeting=meeting,
        case=case,
        position=before["position"],
        planned_minutes=before["planned_minutes"],
        late_reason=before["late_reason"],
        listed_though=before.get("listed_though", ""),
        is_fixed=before["is_fixed"],
        added_by=by,
    )
    grow(meeting)
    record(Kind.CASE_LISTED, by=by, case=case, subject=item, meeting=meeting.reference, is_ready=case.is_ready)
    set_state(case=case, state=Case.State.LISTED, meets_at=meeting.starts_at, is_sealed=item.is_sealed)
    return item


def _into_old_places(back: list[AgendaItem]) -> None:
    """Each case that came back stands at its old place; the others keep the order that they have by now."""
    for meeting in {item.meeting for item in back}:
        came = sorted((item for item in back if item.meeting == meeting), key=lambda item: item.position)
        items = list(_on_agenda(meeting).exclude(pk__in=[item.pk for item in came]))
        for item in came:
            items.insert(item.position - 1, item)
        for position, item in enumerate(items, start=1):
            item.position = position
        AgendaItem.objects.bulk_update(items, ["position"])
