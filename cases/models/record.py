from django.db import models

from cases.models.proposal import Proposal


class FactRecord(models.Model):
    """What a proposal knew, as a record of fixed width beside the few columns that a replay of a whole archive needs.

    Derived from the proposal, whose row is too wide to be read a million times: may be deleted and is built again by
    `manage.py pack_records`. `layout` names the vocabulary that it was made for; a record of another one is outdated.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, primary_key=True, related_name="record")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", db_index=False)
    pathway = models.CharField(max_length=20)
    is_newest = models.BooleanField(default=True, help_text="Whether the proposal is the newest of its case.")
    layout = models.CharField(max_length=16)
    system = models.CharField(max_length=40, help_text="The scheme whose answer stands in the two columns below.")
    types_possible = models.CharField(max_length=40, blank=True)
    types_provisional = models.CharField(max_length=40, blank=True)
    record = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["team", "pathway", "proposal"], name="record_by_team")]

    def __str__(self) -> str:
        return f"record of proposal {self.proposal_id}"
