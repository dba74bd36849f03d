from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models.case import Case
from cases.packing import packed, unpacked, unpacked_in
from mdt.events.append_only import AppendOnly


class Proposal(AppendOnly):
    """What the rulebook answered to exactly these facts: a snapshot. Pages show it; they never run a rule.

    `facts` fact name → value as the rules read it. `statements` fact name → every current statement with its finding,
    person, discipline and date, so that "why and from where" needs no other row. `outcome` language → the answer.

    These tell of the first staging. Once the case is staged again, `restaging_facts` holds what was found then, and
    `restaging_statements` every statement that counts now, those included that treatment cannot change; else null.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Whose change led to this proposal; empty for the nightly check."),
    )
    facts = models.JSONField(default=dict)
    statements = models.JSONField(default=dict)
    contradictions = models.JSONField(default=list)
    readiness = models.JSONField(default=list)
    restaging_facts = models.JSONField(null=True)
    restaging_statements = models.JSONField(null=True)
    outcome_packed = models.BinaryField(null=True)
    outcome_plain = models.JSONField(
        default=dict, db_column="outcome", help_text=_("The answer as versions before packing kept it.")
    )
    answers = models.JSONField(null=True, help_text=_("Scheme → categories possible and provisional."))
    system = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    edition_status = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text=_("Digest of the rule set that answered."))
    types_possible = models.CharField(max_length=40, blank=True)
    types_provisional = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["case", "-number"]
        constraints = [models.UniqueConstraint(name="proposal_number_once", fields=["case", "number"])]

    def __str__(self) -> str:
        return f"{self.case.reference}, proposal {self.number}"

    @property
    def outcome(self) -> dict:
        """Language → the answer, as the rulebook gave it."""
        return unpacked(self.outcome_packed) if self.outcome_packed else self.outcome_plain

    @outcome.setter
    def outcome(self, value: dict) -> None:
        self._answers = dict(value)  # who has just asked need not unpack them
        self.outcome_packed = packed(value)
        self.answers = {
            name: [system["possible"], system["provisional"]["possible"]]
            for name, system in value.get("en", {}).get("systems", {}).items()
        }

    def answer_in(self, language: str) -> dict:
        """The outcome in one language; in English if it was not kept in that one. Unpacked once; leave it as it is."""
        if self.outcome_packed:
            kept = self.__dict__.setdefault("_answers", {})
            if language not in kept:
                kept[language] = unpacked_in(self.outcome_packed, language)
            return kept[language]
        return self.outcome_plain.get(language) or self.outcome_plain["en"]

    @property
    def answer(self) -> dict:
        """The outcome in the reader's language."""
        return self.answer_in(get_language() or "en")

    @property
    def is_restaged(self) -> bool:
        return self.restaging_facts is not None

    @property
    def current_statements(self) -> dict:
        """Fact → statements about the disease as it is now."""
        return self.statements if self.restaging_statements is None else self.restaging_statements

    @property
    def current_facts(self) -> dict:
        """Fact → value as it is now: after a restaging, what was found then and what treatment cannot change."""
        if self.restaging_facts is None:
            return self.facts
        carried = {fact: self.facts[fact] for fact in self.current_statements if fact in self.facts}
        return {**carried, **self.restaging_facts}

    @property
    def main_system(self) -> dict:
        """The pathway's own classification within `answer`."""
        return self.answer["systems"][self.system]
