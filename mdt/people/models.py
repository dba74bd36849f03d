from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mdt.clocks import CLOCK_SLACK
from mdt.events.append_only import AppendOnly, AppendOnlyQuerySet
from mdt.people import second_factor, time_zones
from mdt.people.disciplines import Discipline


class Role(models.TextChoices):
    """What a person may do within one team; mdt.people.permissions says what each role grants."""

    MEMBER = "member", _("Member")
    CHAIR = "chair", _("Chair")
    COORDINATOR = "coordinator", _("Coordinator")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    PRIVACY = "privacy", _("Privacy officer")
    SUPPORTIVE = "supportive", _("Supportive care")


class User(AbstractUser):
    """A person who signs in. Rights come from memberships in teams, never from the account itself."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=120, blank=True, help_text=_("As colleagues say it, without title."))
    title = models.CharField(_("title"), max_length=40, blank=True, help_text=_("Dr, Prof., …"))
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of messages, and of the pages after signing in."),
    )
    password_is_initial = models.BooleanField(
        default=False, help_text=_("Set by somebody else: to be replaced at the next sign-in.")
    )

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = ("username", "name", "title", "discipline", "email", "is_superuser", "is_staff", "is_active")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "username"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """Title and name as shown beside what this person did; a Chinese title follows its name: 魏忠教授."""
        name = self.name or self.username
        return f"{self.title} {name}".strip() if name.isascii() or self.title.isascii() else f"{name}{self.title}"

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar; the last two characters of a Chinese name."""
        words = (self.name or self.username).split()
        if len(words) == 1:
            return words[0][-2:] if not words[0].isascii() else words[0][:2].upper()
        return "".join(word[0] for word in words[:2]).upper()

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.name or self.username


class Team(models.Model):
    """A multidisciplinary team of one hospital. Cases, meetings and rights belong to exactly one team."""

    name = models.CharField(
        pgettext_lazy("of a team or a series", "name"),
        max_length=120,
        help_text=_("For instance: Upper GI tumour board."),
    )
    hospital = models.CharField(_("hospital"), max_length=120)
    code = models.SlugField(
        _("code"),
        max_length=8,
        unique=True,
        help_text=_("Two to eight letters; case references begin with it."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=time_zones.default_time_zone,
        validators=[time_zones.validate_time_zone],
        help_text=_("By this clock its meetings are held and shown."),
    )
    opinions_first = models.BooleanField(
        _("opinions before the proposal"),
        default=False,
        help_text=_("New meetings ask each discipline for its own type before the proposal is shown."),
    )
    is_synthetic = models.BooleanField(
        _("synthetic"),
        default=False,
        help_text=_("Made for the demonstration, no patient behind it: the audit counts it where it is asked for."),
    )
    people = models.ManyToManyField(User, through="Membership", related_name="teams")
    created_at = models.DateTimeField(auto_now_add=True)

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = ("name", "hospital", "code", "time_zone", "created_at")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["hospital", "name"]
        constraints = [
            # Case references begin with the code in capitals: "gc" and "GC" would give the same ones.
            models.UniqueConstraint(
                Lower("code"),
                name="team_code_once",
                violation_error_message=_("This code belongs to another team."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}{', ' if self.name.isascii() else '，'}{self.hospital}"

    def get_absolute_url(self) -> str:
        return reverse("team", args=[self.code])

    @property
    def zone(self) -> ZoneInfo:
        """The team's clock, for `datetime.astimezone` and `timezone.override`."""
        return time_zones.zone(self.time_zone)


class Membership(models.Model):
    """One role of one person in one team; a person may hold several."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    added_at = models.DateTimeField(auto_now_add=True)

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = ("team_id", "user_id", "role", "added_at")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["team", "user", "role"],
                violation_error_message=_("This person already holds this role in the team."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.team}"


class SignInQuerySet(models.QuerySet):
    def open(self) -> "SignInQuerySet":
        """Sessions that nobody and nothing has ended. One that was never used again may have run out since."""
        return self.filter(ended_at=None)


class SignIn(models.Model):
    """One session of a person: from where it was begun, how, and how it ended."""

    class Way(models.TextChoices):
        PASSWORD = "password", _("password")
        SECOND_FACTOR = "second-factor", _("password and second factor")
        PROVIDER = "provider", _("hospital sign-on")

    class Ending(models.TextChoices):
        SIGNED_OUT = "signed-out", _("signed out")
        IDLE = "idle", _("not used for too long")
        EXPIRED = "expired", _("open for too long")
        REVOKED = "revoked", _("ended from elsewhere")
        REPLACED = "replaced", _("signed in anew")

    person = models.ForeignKey(User, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    way = models.CharField(max_length=16, choices=Way)
    began_at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True, help_text=_("Of the client, as the proxy says it."))
    browser = models.CharField(max_length=200, blank=True, help_text=_("As the browser names itself."))
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person}, {self.began_at:%F %R}"


class SecondFactorQuerySet(models.QuerySet):
    def confirmed(self) -> "SecondFactorQuerySet":
        """Those that are asked for: a code of the app was entered once."""
        return self.filter(confirmed_at__isnull=False)


class SecondFactor(models.Model):
    """The authenticator app of a person. Until a code was entered it does not count."""

    person = models.OneToOneField(User, models.PROTECT, related_name="second_factor")
    sealed_secret = models.TextField(help_text=_("Sealed with a key made from MDT_SECRET_KEY."))
    made_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0, help_text=_("Half minute of the last code used: none serves twice."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Wrong codes in a row."))
    locked_until = models.DateTimeField(null=True)

    objects = SecondFactorQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person}"

    @property
    def secret(self) -> str:
        """As the app knows it; "" after MDT_SECRET_KEY changed: no code is right then, and it must be set up anew."""
        try:
            return second_factor.opened(self.sealed_secret)
        except second_factor.SecretLost:
            return ""


class RecoveryCode(models.Model):
    """One of the codes that open the account once when the phone is lost. Only its keyed digest is kept."""

    person = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"{self.person} {self.digest[:6]}"


class ProviderIdentity(models.Model):
    """As whom the hospital's sign-on knows a person: by its lasting identifier, not by a name that may change hands."""

    person = models.OneToOneField(User, models.PROTECT, related_name="provider_identity")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="provider_identity_once", fields=["issuer", "subject"])]

    def __str__(self) -> str:
        return f"{self.person}, {self.issuer}"


class EmergencyAccessQuerySet(AppendOnlyQuerySet):
    def running(self) -> "EmergencyAccessQuerySet":
        """Those that open their case now."""
        now = timezone.now()
        return self.filter(until__gt=now, opened_at__lte=now + CLOCK_SLACK)


class EmergencyAccess(AppendOnly):
    """Somebody opened, with a reason and for some hours, a case of another team of their hospital to read it."""

    person = models.ForeignKey(User, models.PROTECT, related_name="emergency_accesses")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", help_text=_("Whose case it is."))
    case_reference = models.CharField(_("case"), max_length=32, db_index=True)
    reason = models.TextField(_("reason"), max_length=400)
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person}, {self.case_reference}, {self.opened_at:%F %R}"


class RestrictedOpeningQuerySet(AppendOnlyQuerySet):
    def running(self) -> "RestrictedOpeningQuerySet":
        """Those that open their case now."""
        now = timezone.now()
        return self.filter(until__gt=now, opened_at__lte=now + CLOCK_SLACK)


class RestrictedOpening(AppendOnly):
    """Somebody who treats the patient read, for some hours, what may only be stored: by which exception, and why."""

    class Ground(models.TextChoices):
        VITAL = "vital", _("the patient's vital interests: treatment that cannot wait")
        CONSENT = "consent", _("the patient consents to this use")
        CLAIMS = "claims", _("legal claims are made or defended")
        OTHERS = "others", _("the rights of another person")
        PUBLIC = "public", _("an important public interest")

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    case_reference = models.CharField(_("case"), max_length=32, db_index=True)
    ground = models.CharField(_("exception"), max_length=8, choices=Ground)
    reason = models.CharField(_("reason"), max_length=400)
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()

    objects = RestrictedOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of restricted data")
        verbose_name_plural = _("openings of restricted data")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person}, {self.case_reference}, {self.ground}"
