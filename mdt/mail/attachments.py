"""What goes with a message, and who may be given it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

CALENDAR = "text/calendar"
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(; ?[a-z]+=[A-Za-z0-9.-]+)*\Z")


@dataclass(frozen=True)
class Attachment:
    """A file: its name as the recipient sees it, its media type, its bytes.

    A media type is 'application/pdf', say, or 'text/calendar; method=REQUEST'.
    It counts as clinical unless it is a calendar entry or the caller says that it is not.
    """

    name: str
    media_type: str
    content: bytes
    is_clinical: bool | None = None

    def __post_init__(self) -> None:
        if not MEDIA_TYPE.match(self.media_type):
            raise ValueError(f"{self.media_type!r} is no media type.")

    @property
    def holds_clinical(self) -> bool:
        return self.media_type.partition(";")[0] != CALENDAR if self.is_clinical is None else self.is_clinical

    @property
    def file_name(self) -> str:
        """The name without anything that a header or a folder could be tricked with."""
        return re.sub(r'[\x00-\x1f\x7f/\\:"]+', "-", self.name).strip(" .-")[:150] or "attachment"


def may_leave_for(address: str) -> bool:
    """Whether clinical content may be mailed to this address: only where its domain is listed."""
    return address.rpartition("@")[2].lower() in {domain.lower() for domain in settings.MAIL_CLINICAL_DOMAINS}


_guards: list[Callable] = []


def register_guard(guard: Callable) -> None:
    """`guard(user, message)` raises PermissionDenied where a clinical file of the message may not be opened just now.

    Rooms above say so here; the mail knows none of them.
    """
    _guards.append(guard)


def refuse_guarded(user, message) -> None:
    for guard in _guards:
        guard(user, message)
