"""The words of reminders and of the list at the cut-off, in the language that is active.

They name cases by their reference and facts by their label: no patient, no value, no diagnosis.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.addresses import public
from mdt.meetings.chasing.deadline import Deadline
from mdt.meetings.chasing.needs import discipline_name, labels, needed
from mdt.meetings.models import Meeting
from mdt.people.joining import listed
from mdt.people.templatetags.looks import day

MOST_CASES = 60


@dataclass(frozen=True)
class Ask:
    """Required items of one case that a discipline is asked for."""

    deadline: Deadline
    discipline: str
    items: tuple[str, ...]

    @property
    def case(self) -> Case:
        return self.deadline.case


def digest_subject(asked: list[Ask]) -> str:
    first = _until(asked[0].deadline)
    count = len({ask.case.pk for ask in asked})
    return ngettext(
        "%(count)d case waits for you, %(first)s", "%(count)d cases wait for you, the first %(first)s", count
    ) % {
        "count": count,
        "first": first,
    }


def digest_body(asked: list[Ask]) -> str:
    lines = [
        _("These facts are needed before the meeting, and nobody has stated them yet or they have grown too old."),
        "",
    ]
    for ask in asked:
        lines.append(_("%(case)s, %(until)s") % {"case": ask.case.reference, "until": _until(ask.deadline)})
        lines.append(
            "    "
            + _("%(discipline)s: %(facts)s")
            % {
                "discipline": discipline_name(ask.discipline),
                "facts": listed(labels(ask.case, list(ask.items), get_language())),
            }
        )
        lines.append("    " + public(reverse("finding-record", args=[ask.case.reference, ask.discipline])))
    lines += ["", _("All of it, with why it matters: %(link)s") % {"link": public(reverse("worklist"))}]
    lines.append(_("No reminder follows for what has come in."))
    return "\n".join(lines)


def _until(deadline: Deadline) -> str:
    at = deadline.at.astimezone(deadline.case.team.zone)
    if deadline.meeting is None:
        return _("to be discussed by %(day)s") % {"day": day(at.date())}
    return _("cut-off %(time)s") % {"time": f"{day(at.date())} {at:%H:%M}"}


def cut_off_subject(meeting: Meeting, listed: list[Case]) -> str:
    if not listed:
        return _("%(meeting)s: the cut-off has come; all cases on the agenda are ready") % {
            "meeting": meeting.reference
        }
    return ngettext(
        "%(meeting)s: the cut-off has come; %(count)d case on the agenda is not ready",
        "%(meeting)s: the cut-off has come; %(count)d cases on the agenda are not ready",
        len(listed),
    ) % {"meeting": meeting.reference, "count": len(listed)}


def cut_off_body(meeting: Meeting, listed: list[Case], unlisted: list[Case]) -> str:
    lines = [public(meeting.get_absolute_url())]
    if listed:
        lines += ["", _("On the agenda, and not ready:")]
        lines += [line for case in listed for line in _case_lines(case)]
    if unlisted:
        lines += ["", _("On no agenda, to be discussed by then, and not ready:")]
        lines += [line for case in unlisted[:MOST_CASES] for line in _case_lines(case)]
        if len(unlisted) > MOST_CASES:
            lines.append(_("… and more, in the queue."))
    lines += ["", _("From now on a case is put on this agenda only with a reason.")]
    return "\n".join(lines)


def _case_lines(case: Case) -> list[str]:
    asked = [
        "    "
        + _("%(discipline)s: %(facts)s")
        % {"discipline": discipline_name(owner), "facts": listed(labels(case, items, get_language()))}
        for owner, items in needed(case).items()
    ]
    return [case.reference, *asked, "    " + public(case.get_absolute_url())]
