"""Every write to messages: post one, carry out its e-mail, open it."""

from mdt.mail.actions.post import post
from mdt.mail.attachments import Attachment

__all__ = ["Attachment", "post"]
