"""What a check of the log found, in words: on the page, and in the message to auditors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mdt.events.models import Event
from mdt.events.verification import RowFault, Verdict, What

SHOWN = 20
WORDS = {
    What.CHANGED: gettext_lazy("changed"),
    What.REMOVED: gettext_lazy("removed from the table"),
    What.NOT_IN_LOG: gettext_lazy("not in the log"),
    What.NAMED_TWICE: gettext_lazy("named twice with different content"),
    What.UNREADABLE: gettext_lazy("unreadable"),
    What.LEFT_OPEN: gettext_lazy("left open: the guards of append-only tables let everything through"),
    What.COLUMNS_UNKNOWN: gettext_lazy("named with columns that nobody knows any more"),
}


def faults_in_words(verdict: Verdict) -> Iterator[str]:
    """One sentence for each sort of fault; nothing where all is whole."""
    if verdict.broken_at is not None:
        yield _(
            "The chain is broken at line %(number)d. The %(count)d lines before it are whole. "
            "Tell whoever runs the database, and change nothing."
        ) % {"number": verdict.broken_at, "count": verdict.checked}
    if verdict.faults:
        count = len(verdict.faults)
        shown = "; ".join(map(_fault, verdict.faults[:SHOWN])) + ("; …" if count > SHOWN else "")
        sentence = ngettext(
            "%(count)d row is not as the log says: %(rows)s. Tell whoever runs the database, and change nothing.",
            "%(count)d rows are not as the log says: %(rows)s. Tell whoever runs the database, and change nothing.",
            count,
        )
        yield sentence % {"count": count, "rows": shown}
    if verdict.checkpoint_faults:
        shown = "; ".join(verdict.checkpoint_faults[:SHOWN])
        yield _("The log does not fit what was signed: %(faults)s.") % {"faults": shown}


@dataclass(frozen=True)
class Checked:
    """What the last check of the log found, for a page. `until`: the last line that it covered.

    `has_later`: lines stand on the page that were written since, and that no check has covered.
    """

    at: datetime
    is_whole: bool
    until: int
    rows: int
    has_later: bool


def checked_of(event: Event | None, shown: Iterable[Event]) -> Checked | None:
    """The line that a check left, read for a page that shows these lines; None where nothing has been checked yet."""
    if event is None:
        return None
    said = event.data
    is_whole = said.get("broken_at") is None and not said.get("faults")
    until = said.get("checked") or 0
    has_later = any(line.number > until for line in shown)
    return Checked(event.at, is_whole, until, said.get("rows") or 0, has_later)


def whole_in_words(verdict: Verdict) -> str:
    """What a check says where all is whole: what the two numbers count."""
    return _(
        "Nothing was changed: %(count)d lines of the log, none altered or missing. The %(rows)d stored records that "
        "the lines name (findings, proposals, decisions …) are as the lines say."
    ) % {"count": verdict.checked, "rows": verdict.rows_checked}


def erased_in_words(verdict: Verdict) -> Iterator[str]:
    """One sentence for each order of erasure: what is rightly not there any more."""
    for each in verdict.erased:
        yield _("Erased by order %(order)d: %(rows)d rows, and the details of %(lines)d lines.") % vars(each)


def _fault(fault: RowFault) -> str:
    if fault.line is None:
        return f"{fault.row} {WORDS[fault.what]}"
    return _("%(row)s %(what)s (line %(line)d)") % {"row": fault.row, "what": WORDS[fault.what], "line": fault.line}
