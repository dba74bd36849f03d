"""What changed since the meeting that decided before, as the letter prints it: in a few lines, at the top."""

from typing import Any

from django.utils.translation import gettext as _

from mdt.meetings.documents.decision_parts import labelled
from mdt.meetings.documents.wording import listed, sentence
from mdt.meetings.history.since import Change, Since, since_last
from mdt.meetings.models import Decision
from mdt.people.joining import sentences
from mdt.people.templatetags.looks import day


def since_part(decision: Decision) -> dict[str, Any]:
    """`label` and `lines`; no lines for a case that was never decided on. Rows after this decision do not count."""
    since = since_last(decision.case, decision.proposal, item=decision.agenda_item, until=decision.recorded_at)
    if since is None:
        return {"label": "", "lines": []}
    held_on = day(since.decision.meeting.local_start)
    label = _("What changed since the meeting of %(day)s") % {"day": held_on}
    if since.is_nothing_new:
        nothing = labelled(_("Nothing new since %(day)s.") % {"day": held_on}, "")
        return {"label": label, "lines": [nothing, labelled(_("Decided then:"), since.decided)]}
    return {"label": label, "lines": list(_lines(since))}


def _lines(since: Since):
    if since.why:
        yield labelled(_("Why it is back:"), sentences(since.why))
    yield labelled(_("Decided then:"), since.decided)
    if done := [step.what for step in since.steps if since.is_done(step)]:
        yield labelled(_("Done since:"), sentence(listed(done, _("; "))))
    if since.reports:
        reported = (_("%(title)s: %(text)s") % {"title": one.title, "text": one.text} for one in since.reports)
        yield labelled(_("What became of it:"), sentence(listed(reported, _("; "))))
    if since.changes:
        yield labelled(_("New and corrected facts:"), sentence(listed(map(_words, since.changes), _("; "))))
    if since.settled:
        yield labelled(_("Assumed then, known now:"), sentence(listed(map(_words, since.settled), _("; "))))
    types = _("then %(then)s, now %(now)s") % {"then": since.type_then or "–", "now": since.type_now or "–"}
    yield labelled(_("Type:"), sentence(types))


def _words(change: Change) -> str:
    words = vars(change)
    if change.is_gone:
        return _("%(label)s: %(before)s taken back (%(who)s)") % words
    if change.is_new:
        return _("%(label)s: %(after)s (%(who)s)") % words
    return _("%(label)s: %(before)s → %(after)s (%(who)s)") % words
