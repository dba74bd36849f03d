"""Records of snapshots: derived rows, written with the proposal and built again where they are missing or outdated."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from cases.models import FactRecord, Proposal
from cases.replaying import current_layouts, pack, unpacked

COLUMNS = ("team_id", "pathway", "is_newest", "layout", "system", "types_possible", "types_provisional", "record")


@transaction.atomic
def pack_proposal(*, proposal: Proposal) -> None:
    """Write the record of a proposal that was just made: from now on it is the newest of its case."""
    FactRecord.objects.filter(proposal__case_id=proposal.case_id, is_newest=True).update(is_newest=False)
    _write([_record_of(proposal, is_newest=True)])


@transaction.atomic
def pack_missing_records(*, most: int) -> int:
    """Build up to `most` records that are missing or of another vocabulary. Returns how many were built.

    Cases on which somebody works just now are left for the next time: one that is being restricted gets no record.
    """
    later = Proposal.objects.filter(case_id=OuterRef("case_id"), number__gt=OuterRef("number"))
    rows = unpacked().annotate(is_earlier=Exists(later)).select_related("case")
    rows = rows.filter(case__is_restricted=False).select_for_update(of=("case",), skip_locked=True)
    rows = rows.defer("outcome_packed", "outcome_plain", "statements")
    records = [_record_of(proposal, is_newest=not proposal.is_earlier) for proposal in rows[:most]]
    _write(records)
    return len(records)


def _record_of(proposal: Proposal, *, is_newest: bool) -> FactRecord:
    case = proposal.case
    return FactRecord(
        proposal=proposal,
        team_id=case.team_id,
        pathway=case.pathway,
        is_newest=is_newest,
        layout=current_layouts()[case.pathway],
        system=proposal.system,
        types_possible=proposal.types_possible,
        types_provisional=proposal.types_provisional,
        record=pack(case.pathway, proposal.facts, proposal.restaging_facts),
    )


def _write(records: list[FactRecord]) -> None:
    FactRecord.objects.bulk_create(
        records, batch_size=500, update_conflicts=True, unique_fields=["proposal"], update_fields=COLUMNS
    )
