from django.db import models

from mdt.meetings.models import Decision


class ReplayedDecision(models.Model):
    """A past decision that stands otherwise to what a run's rules propose than to what its meeting saw.

    Decisions that stand the same are only counted. `after` is "" where the run's rules have no answer to its facts.
    """

    run = models.ForeignKey("audit.ReplayRun", models.CASCADE, related_name="decisions_changed")
    # Without an index of its own, as the proposals of a run's changes: nobody asks by decision.
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="+", db_index=False)
    before = models.CharField(max_length=26, help_text="Concordance with what the meeting saw.")
    after = models.CharField(max_length=26, blank=True, help_text="Concordance with what the run's rules propose.")
    proposed = models.CharField(max_length=20, blank=True, help_text="What they propose; empty: it stays open.")
    option_status = models.CharField(max_length=20, blank=True, help_text="How the first option is rated then.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"decision {self.decision_id}: {self.before} → {self.after or '?'}"
