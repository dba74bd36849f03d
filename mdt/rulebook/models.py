from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mdt.events.append_only import AppendOnly
from mdt.people.disciplines import Discipline
from mdt.people.models import Role


class Status(models.TextChoices):
    """How far clinicians have checked an edition: the words of the rule files."""

    DRAFT = "draft", pgettext_lazy("an edition of rules", "draft")
    REVIEWED = "reviewed", _("reviewed")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


class OfExactRules(AppendOnly):
    """A row about one edition exactly as its file and chosen reading are: `digest` is that of the classification.

    A file that changed has another digest: what was signed or compared before does not speak for it.
    """

    pathway = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    edition = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        abstract = True


class EditionStep(OfExactRules):
    """One signature in the life of an edition. `number` counts for the digest, so that two cannot pass each other."""

    number = models.PositiveSmallIntegerField()
    status = models.CharField(_("status"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=400)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline, blank=True)
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfExactRules.Meta):
        verbose_name = _("signature under an edition")
        verbose_name_plural = _("signatures under editions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="edition_step_once", fields=["scheme", "edition", "digest", "number"]),
            models.CheckConstraint(name="edition_step_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.edition}: {self.status}"


class Judgement(OfExactRules):
    """One rule compared with the paper by one person. The newest one of a rule holds; earlier ones stay readable."""

    class Verdict(models.TextChoices):
        AS_IN_PAPER = "as-in-paper", _("as in the paper")
        DIFFERS = "differs", _("differs from the paper")
        NOT_FOUND = "not-found", _("not found in the paper")

    rule = models.CharField(max_length=120, help_text=_("Id of the row, or flag: and the id of a flag."))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    place = models.CharField(
        _("page, table or section read"), max_length=200, help_text=_("For instance: page 6, table 2, row “liver”.")
    )
    paper_says = models.TextField(
        _("what the paper says"), max_length=1000, blank=True, help_text=_("Needed where the rule differs.")
    )
    note = models.CharField(_("note"), max_length=400, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfExactRules.Meta):
        verbose_name = _("comparison of a rule with the paper")
        verbose_name_plural = _("comparisons of rules with the paper")
        ordering = ["id"]
        indexes = [models.Index(fields=["digest", "rule"], name="judgement_by_rule")]
        constraints = [
            models.CheckConstraint(name="judgement_says_where", condition=~Q(place="")),
            models.CheckConstraint(
                name="judgement_that_differs_says_how", condition=~Q(verdict="differs") | ~Q(paper_says="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.verdict}"


class Suggestion(AppendOnly):
    """What decisions suggest about the rules: a cluster of reasoned departures, counted, with somebody's words.

    `title` is kept as it was shown, in each language. `evidence` leads to the cases, for whoever may see them.
    """

    class Kind(models.TextChoices):
        CATEGORY = "category", _("another type than proposed")
        REASON = "reason", _("the same reason for departing")
        OPTION = "option", _("an option rejected again and again")

    pathway = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    edition = models.CharField(max_length=60, blank=True, help_text=_("Under which most of the cases were decided."))
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=120, help_text=_("What the cluster has in common, by its codes."))
    title = models.JSONField(default=dict, help_text=_("Language → wording shown."))
    count = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("team"))
    evidence = models.CharField(max_length=600)
    text = models.TextField(_("what should be looked at"), max_length=1000)
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("suggestion about rules")
        verbose_name_plural = _("suggestions about rules")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="suggestion_has_words", condition=~Q(text="")),
            models.CheckConstraint(name="suggestion_count_in_total", condition=Q(count__lte=models.F("total"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.count} of {self.total}"


class SuggestionAnswer(AppendOnly):
    """What the editors of the rules say to a suggestion; the newest answer holds, and without one it is open."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN_UP = "taken_up", _("taken up")
        DECLINED = "declined", _("declined")

    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="answers")
    state = models.CharField(_("state"), max_length=10, choices=State)
    text = models.TextField(_("answer"), max_length=1000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("answer to a suggestion")
        verbose_name_plural = _("answers to suggestions")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="suggestion_answer_has_words", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.suggestion_id}: {self.state}"
