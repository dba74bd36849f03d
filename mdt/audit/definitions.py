"""How every figure is counted: the words of docs/audit.md, in English letter by letter, which a test checks."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFINITIONS: Final[dict[str, Promise]] = {
    "axes": _(
        "Counted are the newest versions of all decisions of the period, by the day of the meeting; deferrals decide "
        "nothing and are counted apart. Rows: how the decision stands to the proposal that the meeting saw. Columns: "
        "the newest report of what became of it; not known means that nobody has reported. Shares are of the row, with "
        "the 95 % interval after Wilson."
    ),
    "listed": _(
        "Counted is every place on the agenda of a meeting of the period: one for each case and meeting. Not counted "
        "are cases that were taken off before the meeting, and meetings that were cancelled. Not discussed: the "
        "meeting ended without a decision on the case. Still open: the meeting has not been ended."
    ),
}
