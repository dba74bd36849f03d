"""The words of the question what became of decisions, in the active language. They name cases by reference only."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mdt.addresses import public
from mdt.audit.followup.checks.due import DUE_AFTER, OVERDUE_AFTER, Standing
from mdt.people.templatetags.looks import day

MOST_CASES = 60


def subject(standings: list[Standing]) -> str:
    overdue = sum(each.is_overdue for each in standings)
    if overdue:
        return ngettext(
            "%(count)d decision: nobody has said in %(days)d days what became of it",
            "%(count)d decisions: nobody has said in %(days)d days what became of them",
            overdue,
        ) % {"count": overdue, "days": OVERDUE_AFTER}
    return ngettext("What became of %(count)d decision?", "What became of %(count)d decisions?", len(standings)) % {
        "count": len(standings)
    }


def body(standings: list[Standing]) -> str:
    lines = []
    overdue = [each for each in standings if each.is_overdue]
    due = [each for each in standings if not each.is_overdue]
    if overdue:
        lines += [
            _("Overdue: released %(days)d days ago or more, and not known whether carried out.") % _after(OVERDUE_AFTER)
        ]
        lines += _lines(overdue)
    if due:
        lines += [_("Due: released %(days)d days ago or more.") % _after(DUE_AFTER), *_lines(due)]
    lines.append(
        _("One click is enough where it was carried out as decided: %(link)s") % {"link": public(reverse("follow-up"))}
    )
    return "\n".join(lines)


def _after(days: int) -> dict[str, int]:
    return {"days": days}


def _lines(standings: list[Standing]) -> list[str]:
    lines = []
    for each in standings[:MOST_CASES]:
        decision = each.decision
        address = [decision.meeting.reference, decision.case.reference, decision.version]
        words = {
            "case": decision.case.reference,
            "day": day(decision.meeting.local_start),
            "released": day(each.released_on),
        }
        said = _("%(case)s, decided on %(day)s, released on %(released)s") % words
        lines.append(said + (_(" (reported: not begun yet)") if each.is_pending else ""))
        lines.append("    " + public(reverse("implementation-report", args=address)))
    if len(standings) > MOST_CASES:
        lines.append(_("… and more, on the page."))
    return [*lines, ""]
