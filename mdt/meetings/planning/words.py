"""The plan in plain sentences: how good it is, why a case is where it is, and what would help one that has no place."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.reasoning import quorum_of
from mdt.meetings.planning.plan import Placed, Plan
from mdt.meetings.planning.situation import Situation, Slot
from mdt.people.templatetags.looks import day, discipline_label, listed

CLOSE = 0.0005
NEAR = 0.05  # a share of the waiting; a choice of words, no clinical threshold


def certificate(plan: Plan) -> str:
    """How good this plan is, in words for who applies it, as was proved and not guessed."""
    agendas = plan.agendas
    if not plan.situation.candidates:
        return ""
    if agendas.gap <= CLOSE:
        return _("This is the best plan possible: no other has less waiting.")
    if agendas.gap == float("inf") or agendas.gap > 1:
        return _("It is not proved how far this plan is from the best possible one.")
    if agendas.gap <= NEAR:
        return _("A good plan: at best a little waiting could still be saved.")
    return _("A usable plan. Whether a better one exists is not proved: look at it before you apply it.")


def proof(plan: Plan) -> str:
    """The figure behind the words, for who wants it; "" where they say all."""
    gap = plan.agendas.gap
    if not plan.situation.candidates or gap <= CLOSE or gap > 1:
        return ""
    words = {"percent": f"{ceil(1000 * gap) / 10:g}"}
    return _("Proved: the waiting in this plan is at most %(percent)s %% above the least possible.") % words


def obstacle(code: str) -> str:
    """One reason why a case cannot come to a meeting."""
    kind, _colon, discipline = code.partition(":")
    if kind == "away":
        return _("%(discipline)s is not expected") % {"discipline": discipline_label(discipline)}
    if kind == "perhaps-away":
        return _("%(discipline)s is not expected, and may be asked for once the proposal is open") % {
            "discipline": discipline_label(discipline)
        }
    return {
        "cut-off": _("the cut-off has passed"),
        "facts": _("facts are missing, and the cut-off is near"),
    }[kind]


def why_there(placed: Placed) -> str:
    """`target 3 Dec, urgent, needs hepatobiliary surgery, 8 min: 2 contradictions`."""
    case, needs = placed.case, placed.candidate.needs
    parts = []
    if placed.is_late:
        days = (placed.slot.day - case.target_on).days
        late = ngettext("%(days)d day after its target", "%(days)d days after its target", days) % {"days": days}
        parts.append(_("target %(day)s, %(late)s") % {"day": day(case.target_on, "short"), "late": late})
    else:
        parts.append(_("target %(day)s") % {"day": day(case.target_on, "short")})
    if case.urgency != "routine":
        parts.append(case.get_urgency_display())
    # Those that not every meeting has: beyond what every case of the pathway needs, and the surgeon of the liver.
    usual = set(quorum_of(case.pathway)) - {"hepatobiliary"}
    beyond = [one for one in needs.disciplines if one not in usual]
    if beyond:
        parts.append(_("needs %(disciplines)s") % {"disciplines": listed(discipline_label(one) for one in beyond)})
    parts.append(minutes_in_words(placed))
    if needs.not_in_team:
        who = listed(discipline_label(one) for one in needs.not_in_team)
        parts.append(_("an open option asks for %(who)s, which nobody in the team has") % {"who": who})
    if not case.is_ready:
        parts.append(_("facts are still missing"))
    return _("; ").join(parts)


def minutes_in_words(placed: Placed) -> str:
    """`8 min: 2 contradictions, the systems disagree`; a person's own minutes say so."""
    needs, minutes = placed.candidate.needs, placed.candidate.minutes
    if minutes != needs.minutes:
        return _("%(minutes)d min on the agenda; the rule says %(rule)d") % {"minutes": minutes, "rule": needs.minutes}
    if needs.why:
        return _("%(minutes)d min: %(why)s") % {"minutes": minutes, "why": needs.why}
    return _("%(minutes)d min") % {"minutes": minutes}


def why_nowhere(placed: Placed, plan: Plan) -> str:
    """Why a case has no place, and the one thing that would help most."""
    situation = plan.situation
    if placed.is_fixed:
        return _("A person chose not to place it now.")
    if not situation.slots:
        return _("No meeting is planned: plan one.")
    row = situation.candidates.index(placed.candidate)
    if placed.candidate.minutes > max(slot.free for slot in situation.slots):
        return _("It needs %(minutes)d minutes, more than any meeting has: plan a longer one.") % {
            "minutes": placed.candidate.minutes
        }
    obstacles = situation.obstacle_table[row]
    if any(not found for found in obstacles):
        return _full(placed, plan, obstacles)
    only_away = [(at, found) for at, found in enumerate(obstacles) if all("away:" in code for code in found)]
    if only_away:
        at, found = min(only_away, key=lambda entry: (len(entry[1]), entry[0]))
        who = listed(discipline_label(code.partition(":")[2]) for code in found)
        return _("No meeting has everybody that it needs. %(who)s on %(day)s would open a place.") % {
            "who": who,
            "day": day(situation.slots[at].day, "short"),
        }
    if not placed.case.is_ready:
        return _not_ready(placed, situation)
    return _("All cut-offs have passed or somebody is away: plan one more meeting.")


def _full(placed: Placed, plan: Plan, obstacles: list[list[str]]) -> str:
    """The meetings that would suit have no minutes left."""
    suited: list[Slot] = [plan.situation.slots[at] for at, found in enumerate(obstacles) if not found]
    lefts = {filled.slot.meeting.pk: filled.slot.free - filled.minutes for filled in plan.meetings}
    nearest = max(suited, key=lambda slot: lefts[slot.meeting.pk])
    short = placed.candidate.minutes - max(0, lefts[nearest.meeting.pk])
    return ngettext(
        "The meetings that suit it are full: %(count)d minute more on %(day)s would be enough.",
        "The meetings that suit it are full: %(count)d minutes more on %(day)s would be enough.",
        short,
    ) % {"count": short, "day": day(nearest.day, "short")}


def _not_ready(placed: Placed, situation: Situation) -> str:
    missing = [item for item in placed.case.readiness if item["state"] in ("missing", "stale")]
    owner = discipline_label(missing[0]["owner"]) if missing else ""
    if owner:
        return _("Facts are missing, and every cut-off is near: ask %(owner)s first.") % {"owner": owner}
    return _("Facts are missing, and every cut-off is near.")
