"""Telling the coordinators that a meeting will lack a discipline."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mdt.addresses import public
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.meetings.calendar.coming import Gap, coming_to
from mdt.meetings.calendar.expected import DECLINED
from mdt.meetings.models import Reply
from mdt.people.models import Role, User
from mdt.people.templatetags.looks import day, discipline_label


def warn_of_gaps(*, reply: Reply) -> None:
    """Where somebody declined and a discipline that listed cases need is missing now, write to each coordinator."""
    if reply.answer not in DECLINED:
        return
    meeting = reply.meeting
    coming = coming_to([meeting])[meeting.pk]
    theirs = {one.discipline for one in coming.asked if one.person == reply.person}
    coordinators = User.objects.filter(
        memberships__team=meeting.team, memberships__role=Role.COORDINATOR, is_active=True
    ).exclude(pk=reply.replied_by_id)
    for gap in coming.missing:
        if gap.discipline in theirs:
            for person in coordinators.distinct():
                _warn(reply, gap, person)


def _warn(reply: Reply, gap: Gap, person: User) -> None:
    meeting = reply.meeting
    with override(language.of(person)), timezone.override(meeting.team.zone):
        words = {
            "discipline": discipline_label(gap.discipline),
            "time": day(meeting.starts_at, "long_time"),
            "count": len(gap.cases or gap.perhaps),
            "cases": _(", ").join(case.reference for case in gap.cases or gap.perhaps),
            "link": public(meeting.get_absolute_url()),
        }
        subject = _("%(discipline)s will be missing in the MDT meeting, %(time)s") % words
        text = ngettext(
            "%(count)d listed case cannot be decided without this discipline: %(cases)s.",
            "%(count)d listed cases cannot be decided without this discipline: %(cases)s.",
            len(gap.cases),
        )
        if not gap.cases:
            text = ngettext(
                "%(count)d sealed case may ask for this discipline once its proposal is open: %(cases)s.",
                "%(count)d sealed cases may ask for this discipline once their proposals are open: %(cases)s.",
                len(gap.perhaps),
            )
        body = f"{subject}.\n{text % words}\n\n{words['link']}"
    key = f"gap:{meeting.pk}:{gap.discipline}:{reply.pk}:{person.pk}"
    post(key=key, kind=MessageKind.NOTICE, to=person, subject=subject, body=body, team=meeting.team)
