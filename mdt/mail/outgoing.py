"""The e-mail of a message: what is sent, and what the server's answer means."""

import smtplib
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.addresses import public
from mdt.duties.registry import Unavailable
from mdt.mail.attachments import may_leave_for
from mdt.mail.models import Message


class Refused(Exception):
    """The server will not take this message, however often it is tried."""


def send(message: Message, address: str) -> None:
    """Hand the message to the mail server. It carries the same Message-ID each time: receivers know a repeat by it.

    Raises Refused where trying again would not help, Unavailable where no message can be sent at present, and
    another error (smtplib.SMTPException, OSError) where this one is to be tried again later.
    """
    try:
        email = email_of(message, address)
        email.message()
    except ValueError as error:  # a header that cannot be written, a sign that cannot be encoded
        raise Refused(described(error)) from error
    email.connection = _opened()
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as error:
        _refuse_if_final(*next(iter(error.recipients.values())), error)
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        _refuse_if_final(error.smtp_code, error.smtp_error, error)
    finally:
        email.connection.close()


def _opened() -> BaseEmailBackend:
    """A connection to the server, signed in. What fails from here on concerns one message, not all of them: a server
    that hangs up on one text must not hold up the others."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable(described(error)) from error
    return connection


def _refuse_if_final(code: int, said: bytes | str, error: smtplib.SMTPException) -> None:
    if 500 <= code < 600:
        raise Refused(answer(code, said)) from error
    raise smtplib.SMTPException(answer(code, said)) from error


def answer(code: int, said: bytes | str) -> str:
    """The server's own words, on one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(f"{code} {text}".split())[:200]


def described(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}".strip().partition("\n")[0][:200]


def email_of(message: Message, address: str) -> EmailMessage:
    """The message as an e-mail, in plain text."""
    enclosures = list(message.enclosures.all())
    leaving = [file for file in enclosures if not file.is_clinical or may_leave_for(address)]
    email = EmailMessage(
        subject=message.subject,
        body=text_of(message, is_cut=len(leaving) < len(enclosures)),
        from_email=formataddr((_sender_name(message), settings.MAIL_FROM)),
        to=[formataddr((message.to.name if message.to_id else message.name, address))],
        headers={
            "Message-ID": message.internet_id,
            "Date": format_datetime(timezone.localtime(message.posted_at)),
            "Auto-Submitted": "auto-generated",
        },
    )
    for file in leaving:
        email.attach(file.name, bytes(file.content), file.media_type)
    return email


def _sender_name(message: Message) -> str:
    with override(message.language):
        return _("MDT case manager")


def text_of(message: Message, *, is_cut: bool) -> str:
    """The text with what stands under each e-mail: where to read it, and that nobody reads an answer."""
    link = public(reverse("message", args=[message.pk])) if message.to_id else public("/")
    with override(message.language):
        parts = [message.body.rstrip()]
        if is_cut:
            parts.append(
                _("An attachment with clinical content is not sent by e-mail. Open it here: %(link)s") % {"link": link}
            )
        note = _("MDT case manager: %(link)s\nThis e-mail was sent by a program; nobody reads an answer to it.")
        parts.append("-- \n" + note % {"link": link})
    return "\n\n".join(parts) + "\n"
