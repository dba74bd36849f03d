"""Posting a message: once for its key, in the caller's transaction."""

import re
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from mdt.addresses import public
from mdt.events import kinds as events
from mdt.events.chain import record
from mdt.mail import language
from mdt.mail.actions.delivery import begin
from mdt.mail.actions.names import case_of, recipient_of
from mdt.mail.attachments import Attachment, may_leave_for
from mdt.mail.kinds import MUTABLE, Kind
from mdt.mail.models import Delivery, Enclosure, Entry, Message, Muted
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can

# Line ends of every kind, and other signs that show nothing: a header must not be broken up or disguised by them.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@transaction.atomic
def post(
    *,
    key: str,
    kind: str,
    to: User | None = None,
    address: str = "",
    name: str = "",
    subject: str,
    body: str,
    attachments: Sequence[Attachment] = (),
    case_reference: str = "",
    team: Team | None = None,
    by: User | None = None,
    is_own_act: bool = False,
) -> Message:
    """Write to a person of the system, or to an address outside it. A key is posted once: later, the first message
    is returned and nothing else happens.

    `subject` and `body` are plain text in the recipient's language (`mdt.mail.language.of`); they hold no patient's
    name, number or diagnosis. Line ends in the subject become blanks, and what is longer than 250 characters is cut.
    Clinical attachments are kept for people who may see the team's cases, and for addresses of listed domains; others
    get a notice instead. An e-mail follows after the commit, where it has somewhere to go.

    `is_own_act`: it tells the recipient what they did themselves just now: it stands in their mailbox without a mark.

    Raises ValueError for an unknown kind, for both or neither of `to` and `address`, for an address that no mail can
    reach, and for clinical attachments without a team.
    """
    Kind(kind)
    if (to is None) == (not address):
        raise ValueError("A message goes to a person or to an address: give exactly one.")
    if not key or len(key) > 200 or not subject.strip() or not body.strip():
        raise ValueError("A message has a key of at most 200 characters, a subject and a text.")
    if any(item.holds_clinical for item in attachments) and team is None:
        raise ValueError("Clinical attachments belong to a team: give it.")
    if first := Message.objects.filter(key=key).first():
        return first
    given = [item for item in attachments if not item.holds_clinical or _may_have(to, address, team)]
    message = Message(
        key=key,
        kind=kind,
        to=to,
        address=_usable(address),
        name=_one_line(name, 120),
        language=language.of(to) if to else get_language() or settings.LANGUAGE_CODE,
        subject=_one_line(subject, Message.SUBJECT_LENGTH),
        body=body.replace("\r\n", "\n").replace("\0", ""),
        case_reference=case_reference,
        team=team,
        by=by,
        internet_id=f"<{uuid.uuid4()}@{settings.MAIL_FROM.rpartition('@')[2].strip('> ')}>",
    )
    if len(given) < len(attachments):
        message.body += _notice(message)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        # Another transaction posted the key at the same moment.
        return Message.objects.get(key=key)
    _enclose(message, given)
    _deliver(message, is_own_act=is_own_act)
    record(
        events.Kind.MESSAGE_POSTED,
        by=by,
        team=team,
        case=case_of(message),
        subject=message,
        message=message.kind,
        to=recipient_of(message),
    )
    return message


def _may_have(to: User | None, address: str, team: Team | None) -> bool:
    """Whether the recipient may be given clinical content of the team."""
    return can(to, Permission.CASE_VIEW, team) if to and team else bool(address) and may_leave_for(address)


def _usable(address: str) -> str:
    """The address, checked. Raises ValueError where no mail can reach it."""
    if not address:
        return ""
    address = address.strip()
    try:
        validate_email(address)
        if not address.rpartition("@")[0].isascii():
            raise ValidationError("The part before the @ is not ASCII.")
    except ValidationError as error:
        raise ValueError(f"{address!r} is no e-mail address.") from error
    return address


def _one_line(text: str, most: int) -> str:
    return Truncator(" ".join(UNSEEN.sub(" ", text).split())).chars(most)


def _notice(message: Message) -> str:
    with override(message.language):
        text = _(
            "A document belongs to this message. It holds clinical content and cannot be sent to this address. "
            "People of the team find it in the MDT case manager: %(link)s"
        )
        return "\n\n" + text % {"link": public("/")}


def _enclose(message: Message, attachments: Sequence[Attachment]) -> None:
    Enclosure.objects.bulk_create(
        Enclosure(
            message=message,
            name=item.file_name,
            media_type=item.media_type,
            content=item.content,
            size=len(item.content),
            is_clinical=item.holds_clinical,
        )
        for item in attachments
    )


def _deliver(message: Message, *, is_own_act: bool) -> None:
    """Put it into the mailbox of a person of the system; owe the e-mail where there is somewhere to send it."""
    if message.to_id is None:
        begin(delivery=Delivery.objects.create(message=message))
        return
    is_muted = message.kind in MUTABLE and Muted.objects.filter(person_id=message.to_id, kind=message.kind).exists()
    is_marked = not (is_muted or is_own_act)
    Entry.objects.create(message=message, person_id=message.to_id, opened_at=None if is_marked else timezone.now())
    if message.to.email and message.to.is_active and settings.SMTP and not is_muted:
        begin(delivery=Delivery.objects.create(message=message))
