from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.patient import Patient, not_in_future


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("routine")
    URGENT = "urgent", _("urgent")
    EMERGENCY = "emergency", _("emergency")


LAST_REFERRALS = 300
JUST_REFERRED = timedelta(minutes=15)  # as long as the page offers to take a referral back


class CaseQuerySet(models.QuerySet):
    def of_teams(self, team_ids: list[int]) -> "CaseQuerySet":
        """The cases of these teams: the only entry for lists, fed by permissions.teams_with."""
        return self.filter(team_id__in=team_ids).unrestricted()

    def unrestricted(self) -> "CaseQuerySet":
        """Without the cases of patients whose data may only be stored (GDPR 18): for every list, figure and export.

        Others ask `exclude(case__in=Case.objects.restricted())`. A subquery over an index of nearly nothing, so that
        narrow indexes go on answering alone.
        """
        return self.exclude(pk__in=Case.objects.restricted())

    def restricted(self) -> models.QuerySet:
        """Ids of the cases whose data may only be stored."""
        return self.filter(is_restricted=True).order_by().values("pk")

    def referrers(self) -> list[str]:
        """Who referred the newest cases, the last one first, each once: what a form offers while somebody types."""
        newest = self.order_by("-id").values_list("referrer", flat=True)[:LAST_REFERRALS]
        return [name for name in dict.fromkeys(newest) if name]

    def open(self) -> "CaseQuerySet":
        return self.exclude(state=Case.State.CLOSED)


class Case(models.Model):
    """One referral of one patient to the meeting, from the question to the signed answer.

    What was found, proposed and decided are rows of their own and are never overwritten. The columns under "what the
    queue shows" repeat the newest of them as typed values, so that the queue never reads JSON or runs a rule; only
    cases.projection writes them.
    """

    class State(models.TextChoices):
        REFERRED = "referred", _("in preparation")
        LISTED = "listed", _("on an agenda")
        DECIDED = "decided", _("decided, not signed")
        SIGNED = "signed", _("signed")
        CLOSED = "closed", _("closed")

    class Closing(models.TextChoices):
        """Why a case is closed, where it matters to figures; empty: another reason, in words."""

        MISTAKE = "mistake", _("referred by mistake")

    class Reason(models.TextChoices):
        NEW = "new", _("new diagnosis")
        RESTAGING = "restaging", _("restaging under or after treatment")
        RECURRENCE = "recurrence", _("recurrence")
        COMPLICATION = "complication", _("complication or emergency")
        SECOND_OPINION = "second-opinion", _("second opinion")
        OTHER = "other", _("other")

    reference = models.CharField(_("case number"), max_length=24, unique=True)
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="cases", verbose_name=_("team"))
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="cases", verbose_name=_("patient"))
    pathway = models.CharField(_("pathway"), max_length=20, default="gclm")
    question = models.TextField(
        _("question for the meeting"),
        max_length=1000,
        help_text=_("What should the meeting decide? One or two sentences."),
    )
    reason = models.CharField(_("reason for presentation"), max_length=16, choices=Reason, default=Reason.NEW)
    summary = models.TextField(
        _("clinical summary"),
        max_length=4000,
        blank=True,
        help_text=_("What happened so far, in your words."),
    )
    citation = models.CharField(
        _("published source"),
        max_length=400,
        blank=True,
        help_text=_("For a published case: where it was described."),
    )
    referrer = models.CharField(
        _("referring doctor"), max_length=120, help_text=_("Who asks, and will be told the outcome.")
    )
    referrer_email = models.EmailField(
        _("e-mail of the referring doctor"),
        blank=True,
        help_text=_("To send the outcome to; left empty, the letter is printed."),
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.ROUTINE)
    referred_on = models.DateField(_("referred on"), default=timezone.localdate, validators=[not_in_future])
    target_on = models.DateField(_("to be discussed by"))
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with every change of the referral."))
    closed_reason = models.CharField(_("reason for closing"), max_length=400, blank=True)
    closed_as = models.CharField(_("closed as"), max_length=8, choices=Closing, blank=True)

    # What the queue shows
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REFERRED)
    is_ready = models.BooleanField(default=False)
    is_disputed = models.BooleanField(default=False)
    readiness = models.JSONField(
        default=list,
        help_text=_("Required items in order: fact, owner, and known, missing, stale or disputed."),
    )
    to_confirm = models.JSONField(
        default=list,
        help_text=_("Facts that the provisional type assumes and that no required item asks for, by effect."),
    )
    types_possible = models.CharField(max_length=40, blank=True, help_text=_("Categories, separated by spaces."))
    types_provisional = models.CharField(max_length=40, blank=True)
    type_confirmed = models.CharField(max_length=20, blank=True)
    liver = models.JSONField(default=dict, help_text=_("Lesions and figures of the liver, for the small picture."))
    meets_at = models.DateTimeField(_("next meeting"), null=True, blank=True)
    is_sealed = models.BooleanField(
        default=False, help_text=_("A meeting gathers opinions before it shows the proposal: lists show no type.")
    )
    came_back_for = models.CharField(
        max_length=400, blank=True, help_text=_("The condition of an earlier decision for which the case is looked at.")
    )
    search_text = models.CharField(max_length=600, blank=True)

    is_restricted = models.BooleanField(
        default=False,
        help_text="The patient's data may only be stored, by an order of the privacy office (mdt.privacy).",
    )

    # What the event log covers with a digest (mdt.events.rows): all but what the queue repeats.
    named_in_log = (
        "reference", "team_id", "patient_id", "pathway", "question", "reason", "summary", "citation", "referrer",
        "referrer_email", "urgency", "referred_on", "target_on", "referred_by_id", "created_at", "closed_reason",
        "closed_as", "is_restricted",
    )  # fmt: skip

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["target_on", "id"]
        indexes = [
            models.Index(fields=["team", "state", "target_on", "id"], name="case_by_state"),
            models.Index(fields=["team", "state", "is_ready"], name="case_counts"),
            # Read from end to end by a search: much narrower than the rows themselves.
            models.Index(fields=["team", "search_text"], name="case_search"),
            models.Index(fields=["id"], name="case_restricted", condition=Q(is_restricted=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_target_not_before_referral",
                condition=Q(target_on__gte=models.F("referred_on")),
                violation_error_message=_("The target date lies before the referral."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_just_referred(self) -> bool:
        return self.state == self.State.REFERRED and self.created_at > timezone.now() - JUST_REFERRED

    @property
    def age_days(self) -> int:
        """Days since referral: the 'day N' badge."""
        return (timezone.localdate() - self.referred_on).days

    @property
    def is_overdue(self) -> bool:
        return self.state in (self.State.REFERRED, self.State.LISTED) and self.target_on < timezone.localdate()

    @property
    def latest_proposal(self):
        """The newest proposal, or None before the first finding. One query."""
        return self.proposals.order_by("-number").first()


class Waiting(models.Model):
    """Whose turn it is: one row for each discipline or role that a case waits for. Rebuilt with the case's projection.

    The queue's first group ("waiting for me") and the disciplines' worklists read this table by index.
    """

    class What(models.TextChoices):
        FACTS = "facts", _("findings are missing")
        CONFIRMING = "confirming", _("an assumption waits to be confirmed")
        LISTING = "listing", _("ready for an agenda")
        SIGNATURE = "signature", _("decision waits for the chair")

    case = models.ForeignKey(Case, models.CASCADE, related_name="waiting")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+")
    whom = models.CharField(max_length=20, help_text=_("A discipline, or the role chair or coordinator."))
    what = models.CharField(max_length=12, choices=What)
    facts = models.JSONField(default=list)
    target_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["team", "whom", "target_on", "case"], name="waiting_by_whom")]
        constraints = [models.UniqueConstraint(name="waiting_once", fields=["case", "whom", "what"])]

    def __str__(self) -> str:
        return f"{self.case_id} waits for {self.whom}: {self.what}"


class ReferenceCounter(models.Model):
    """Last case number given in a team and year; locked while the next is taken."""

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="counter_once", fields=["team", "year"])]

    def __str__(self) -> str:
        return f"{self.team.code}-{self.year}-{self.last:04}"
