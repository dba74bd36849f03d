"""A real mail server in this process, which keeps what it takes and can be told to refuse."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeper:
    """What arrived, and what to answer: an answer for the recipient, and one for the text. '' hangs up."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.on_recipient = self.on_text = "250 OK"
        self.on_taken: Callable[[], None] = lambda: None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.on_text:
            server.transport.close()
        elif self.on_text.startswith("250"):
            self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.on_taken()  # before the client hears of it
        return self.on_text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def mail_server(port: int | None = None) -> Iterator[tuple[Keeper, int]]:
    """The server's keeper and port, until the block ends."""
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield keeper, controller.port
    finally:
        controller.stop()
