"""What a message is about. A person may switch off some kinds, never those that somebody waits for an answer to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The value never changes once a message was written."""

    REMINDER = "reminder", _("reminder of missing facts")
    CUT_OFF = "cut-off", _("cases not ready at the cut-off")
    INVITATION = "invitation", _("invitation to a meeting")
    AGENDA = "agenda", _("agenda")
    LETTER = "letter", _("outcome letter")
    MINUTES = "minutes", _("minutes")
    RELEASE = "release", _("released outcome")
    TASK = "task", _("task from a decision")
    CONDITION = "condition", _("condition that has come due")
    DEVIATION = "deviation", _("report on what became of a decision")
    FOLLOW_UP = "follow-up", _("what became of decisions")
    NOTICE = "notice", _("notice")
    EMERGENCY = "emergency", _("emergency access to a case")
    CHECKPOINT = "checkpoint", _("signed end of the event log")


# A muted kind still stands in the mailbox, without a mark and without an e-mail.
MUTABLE = (
    Kind.REMINDER, Kind.CUT_OFF, Kind.AGENDA, Kind.MINUTES, Kind.TASK, Kind.CONDITION, Kind.DEVIATION, Kind.CHECKPOINT,
)  # fmt: skip


def choices() -> list[tuple[str, str]]:
    """Value and label of every kind. The column names this function, so that a new kind needs no migration."""
    return Kind.choices
