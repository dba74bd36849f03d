"""Messages, the mailbox of each person, and how far an e-mail has got."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdt.events.append_only import AppendOnly
from mdt.mail.kinds import choices
from mdt.people.models import User


class Message(AppendOnly):
    """Something that was written to one person, once for its key. Where they are a person of the system, this row
    is what their mailbox shows; an e-mail is a copy of it."""

    SUBJECT_LENGTH = 250  # characters

    key = models.CharField(max_length=200, unique=True, help_text="What it is about and when: posted once.")
    kind = models.CharField(_("kind"), max_length=20, choices=choices)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="messages", verbose_name=_("to")
    )
    address = models.EmailField(_("address"), blank=True, help_text="Of somebody outside the system.")
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    body = models.TextField(_("text"))
    case_reference = models.CharField(_("case"), max_length=32, blank=True)
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("team"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    internet_id = models.CharField(
        max_length=200, unique=True, help_text="The Message-ID of its e-mail: receivers know a repeat by it."
    )
    posted_at = models.DateTimeField(_("posted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="message_to_person_or_address",
                condition=Q(to__isnull=False, address="") | (Q(to__isnull=True) & ~Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def recipient(self) -> str:
        """Whom it is for, as shown."""
        return str(self.to) if self.to_id else self.name or self.address


class Enclosure(AppendOnly):
    """A file that goes with a message."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="enclosures")
    name = models.CharField(_("file"), max_length=150)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField(_("size"), help_text="Bytes.")
    is_clinical = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def unread(self) -> "EntryQuerySet":
        return self.filter(opened_at__isnull=True)


class Entry(models.Model):
    """A message in somebody's mailbox: whether it is still unread."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="entry")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mailbox")
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailbox entry")
        verbose_name_plural = _("mailbox entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="mail_entry_of_person"),
            # The mark in the frame of every page counts these.
            models.Index(fields=["person"], condition=Q(opened_at__isnull=True), name="mail_entry_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.message}"


class Delivery(models.Model):
    """How far the e-mail of a message has got. Without a row it was never meant to leave the system."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        HELD = "held", _("held back")

    NO_SERVER, NO_ADDRESS = "no-server", "no-address"  # reasons that have words of their own on the page

    message = models.OneToOneField(Message, models.PROTECT, related_name="delivery")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_to = models.CharField(_("sent to"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text="Why it was not sent.")
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="mail_delivery_state")]
        constraints = [
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_failed_has_reason",
                condition=~Q(state="failed") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message}: {self.state}"


class Muted(models.Model):
    """A kind of message that a person wants no mark and no e-mail for."""

    person = models.ForeignKey(User, models.PROTECT, related_name="muted_kinds")
    kind = models.CharField(_("kind"), max_length=20, choices=choices)

    class Meta:
        verbose_name = _("muted kind")
        verbose_name_plural = _("muted kinds")
        ordering = ["person", "kind"]
        constraints = [models.UniqueConstraint(name="muted_once", fields=["person", "kind"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"
