"""Letters and minutes in a mailbox, of a case whose data may only be stored."""

import re

from cases.models import Case
from mdt.mail.models import Message
from mdt.people.models import User
from mdt.people.permissions import Permission, refuse_restricted

MINUTES = re.compile(r"minutes:(\d+):")


def refuse_restricted_files(user: User, message: Message) -> None:
    """Raise Restricted for files of such a case, and for minutes that hold one, but for who opened it with a reason."""
    held = Case.objects.filter(is_restricted=True).order_by("pk")
    if minutes := MINUTES.match(message.key):
        held = held.filter(agenda_items__meeting=int(minutes[1])).distinct()
    else:
        held = held.filter(reference=message.case_reference or "-")
    for case in held:
        refuse_restricted(user, Permission.CASE_VIEW, case)
