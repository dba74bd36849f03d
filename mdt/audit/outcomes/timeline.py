"""What became of the patient, for the timeline of the case."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.history.entries import Entry, adds
from mdt.people.templatetags.looks import day


@adds
def follow_up_events(case: Case) -> Iterator[Entry]:
    """What stands, at the moment when it was reported: the timeline shows when the team came to know it."""
    rows = FollowUpEvent.objects.standing().filter(case=case).select_related("reported_by")
    for row in rows:
        words = {"what": row.get_kind_display(), "day": day(row.happened_on)}
        yield Entry(
            at=row.reported_at,
            kind="report",
            title=_("Follow-up: %(what)s, %(day)s") % words,
            text=_("; ").join(filter(None, [row.value_label, row.text, row.told_by])),
            who=str(row.reported_by),
            url=reverse("case-follow-up", args=[case.reference]),
        )
