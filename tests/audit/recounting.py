"""The audit counted once more, the simple way: from the rows of meetings, decisions, reports and follow-up, one by one.

Nothing here reads the audit's rows or uses its code: no SQL beyond loading, no packing, no projection.
"""

import statistics
from collections import Counter
from datetime import date, timedelta
from math import sqrt

from cases.models import Proposal
from classification import load_rulebook
from mdt.audit.models import ImplementationReport
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.models import AgendaItem, AttendanceMark, Decision, Meeting, Release, Told
from mdt.meetings.outcome.working_days import working_days_of

Z = 1.959963984540054


def wilson(count, total):
    p = count / total
    centre, spread = p + Z**2 / (2 * total), Z * sqrt(p * (1 - p) / total + Z**2 / (4 * total**2))
    low = 0.0 if count == 0 else (centre - spread) / (1 + Z**2 / total)
    high = 1.0 if count == total else (centre + spread) / (1 + Z**2 / total)
    return low, high


def local_day(moment, team):
    return moment.astimezone(team.zone).date()


def recount(team_ids):
    """One dictionary for each case on an agenda, as docs/audit.md says."""
    found = []
    decided_before = set()
    items = AgendaItem.objects.filter(meeting__team__in=team_ids).select_related("case", "meeting__team")
    for item in sorted(items, key=lambda item: (item.meeting.starts_at, item.pk)):
        one = _item(item)
        if one is None:
            continue
        one["again"] = item.case_id in decided_before
        if one["ended"] == "decided":
            decided_before.add(item.case_id)
        found.append(one)
    return found


def _item(item):
    meeting, team = item.meeting, item.meeting.team
    if item.case.closed_as == "mistake":
        return None
    versions = list(Decision.objects.filter(agenda_item=item).order_by("version"))
    newest = versions[-1] if versions else None
    if newest is not None:
        ended = "deferred" if newest.verdict == "deferred" else "decided"
    elif item.left_because or (meeting.state == "held" and item.state != "removed"):
        ended = "not_discussed"
    elif item.state == "removed" or meeting.state == "cancelled":
        return None
    else:
        ended = "open"
    one = {
        "ended": ended, "team": team.pk, "day": local_day(meeting.starts_at, team), "late": bool(item.late_reason),
        "case": item.case_id, "concordance": "", "implementation": "", "confirmed": "", "edition": "", "option": "",
        "treatment": "", "discipline": "", "departure": "", "not_done": "", "signed": False, "quorate": False,
        "wish": False, "comorbidity": False, "prospective": None, "present": [], "checklist": {}, "resected": "",
    }  # fmt: skip
    ready = _ready_on(item)
    one["ready_after_days"] = (ready - item.case.referred_on).days if ready else None
    if newest is not None:
        _decision(one, item, newest, [version.pk for version in versions], ready)
    return one


def _ready_on(item):
    since = None
    for proposal in Proposal.objects.filter(case=item.case, made_at__lte=item.meeting.starts_at).order_by("number"):
        states = [entry["state"] for entry in proposal.readiness]
        if states and all(state in ("known", "disputed") for state in states):
            since = since or proposal.made_at
        else:
            since = None
    return local_day(since, item.meeting.team) if since else None


def _decision(one, item, decision, versions, ready):
    team = item.meeting.team
    options = sorted(decision.options.all(), key=lambda option: option.rank)
    first = options[0] if options else None
    proposal = decision.proposal
    one["confirmed"], one["departure"] = decision.category, decision.reason
    one["signed"], one["quorate"] = hasattr(decision, "sign_off"), decision.is_quorate
    one["present"], one["checklist"] = decision.present, decision.checklist
    one["discipline"] = "".join(
        [seat["discipline"] for seat in decision.present if seat["person"] == decision.responsible_id][:1]
    )
    if first is not None:
        one["option"] = first.option
        kinds = {option.id: option.kind for option in load_rulebook()[item.case.pathway].options}
        one["treatment"] = kinds.get(first.option, "other")
    report = ImplementationReport.objects.filter(decision__in=versions).order_by("-id").first()
    if one["ended"] == "decided":
        against = first is not None and first.proposed_status in ("", "not_recommended", "contraindicated")
        if decision.verdict == "changed" or against:
            has_reason = decision.reason != "" and decision.reason_text != ""
            one["concordance"] = "different_with_reason" if has_reason else "different_without_reason"
        elif decision.verdict == "settled":
            one["concordance"] = "no_proposal"
        else:
            possible, assumed = proposal.types_possible.split(), proposal.types_provisional.split()
            rests = len(possible) != 1 and len(assumed) == 1
            carried = bool(decision.conditions.strip()) or decision.condition_rows.exists()
            one["concordance"] = "conditional" if carried or rests else "concordant"
        one["implementation"] = report.status if report else "unknown"
        one["not_done"] = report.reason if report else ""
    events = FollowUpEvent.objects.filter(case=item.case, is_retraction=False, superseded_by=None)
    since = [event for event in events.order_by("happened_on", "id") if event.happened_on >= one["day"]]
    began = report.treatment_started_on if report else None
    began = began or min((e.happened_on for e in since if e.kind in ("treatment", "resection")), default=None)
    one["resected"] = next((event.value for event in since if event.kind == "resection"), "")
    if proposal is not None:
        one["edition"] = f"{proposal.system} {proposal.edition}"
        facts = proposal.current_facts
        one["wish"], one["comorbidity"] = "patient_preference" in facts, "comorbidity_note" in facts
        if began is not None:
            signed_on = local_day(decision.sign_off.signed_at, team) if one["signed"] else one["day"]
            one["prospective"] = not (began < one["day"] and began < signed_on)
        elif facts.get("before_any_systemic_therapy") is True:
            one["prospective"] = True
    one["discussed_after_days"] = (one["day"] - ready).days if ready else None
    release = Release.objects.filter(decision__in=versions).order_by("released_at").first()
    one["released_after_days"] = (
        _working_days(one["day"], local_day(release.released_at, team), team) if release else None
    )
    told = Told.objects.filter(decision__in=versions, whom="patient").order_by("told_on").first()
    one["told_after_days"] = (told.told_on - one["day"]).days if told else None
    one["treated_after_days"] = (began - told.told_on).days if told and began else None


def _working_days(first, last, team):
    calendar = working_days_of(team)
    count, day = 0, first
    while day < last:
        day += timedelta(days=1)
        count += calendar.is_working_day(day)
    return count


def spread(values):
    """Quartiles and median of a list, by Python's own library."""
    if not values:
        return None, None, None
    if len(values) == 1:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


SHARES = {
    # key: what counts, out of what
    "quorate": (lambda r: r["quorate"], lambda r: r["ended"] in ("decided", "deferred")),
    "prospective": (lambda r: r["prospective"] is True, lambda r: r["ended"] == "decided"),
    "prospective_unknown": (lambda r: r["prospective"] is None, lambda r: r["ended"] == "decided"),
    "signed": (lambda r: r["signed"], lambda r: r["ended"] in ("decided", "deferred")),
    "deferred": (lambda r: r["ended"] == "deferred", lambda r: r["ended"] != "open"),
    "not_discussed": (lambda r: r["ended"] == "not_discussed", lambda r: r["ended"] != "open"),
    "late": (lambda r: r["late"], lambda r: True),
    "again": (lambda r: r["again"], lambda r: r["ended"] in ("decided", "deferred")),
    "no_preference": (lambda r: not r["wish"], lambda r: r["ended"] == "decided"),
    "no_comorbidity": (lambda r: not r["comorbidity"], lambda r: r["ended"] == "decided"),
    "unknown": (lambda r: r["implementation"] == "unknown", lambda r: r["ended"] == "decided"),
}


def share_of(rows, key):
    counts, of = SHARES[key]
    pool = [row for row in rows if of(row)]
    return sum(bool(counts(row)) for row in pool), len(pool)


def tally(rows, name):
    """How often each value occurs among decisions."""
    return Counter(row[name] for row in rows if row["ended"] == "decided")


def meetings_held(team_ids, first_on, last_on):
    held = Meeting.objects.filter(team__in=team_ids, state="held").select_related("team")
    return [meeting for meeting in held if first_on <= local_day(meeting.starts_at, meeting.team) <= last_on]


def who_came(meeting):
    """Person → the disciplines under which they were marked as present, without marks that were taken back."""
    marks = list(AttendanceMark.objects.filter(meeting=meeting))
    gone = {mark.takes_back_id for mark in marks}
    came = {}
    for mark in marks:
        if mark.is_present and mark.pk not in gone and mark.takes_back_id is None:
            came.setdefault(mark.person_id, set()).add(mark.discipline)
    return came


def month_of(day: date) -> str:
    return f"{day.year}-{day.month:02}"
