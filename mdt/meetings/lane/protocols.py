"""Which protocols a team may use, and which of them fit a case."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case
from classification import load_rulebook
from classification.standard_of_care import Protocol, load_protocols
from mdt.meetings.models import ProtocolSignOff
from mdt.people.models import Team


@dataclass(frozen=True)
class Standing:
    """A protocol as it stands in a team. `signed`: the newest signature under exactly this text; else it is a draft."""

    protocol: Protocol
    pathway: str
    signed: ProtocolSignOff | None = None
    is_older_signed: bool = False

    @property
    def label(self) -> str:
        return self.protocol.label(get_language())

    @property
    def situation(self) -> str:
        return self.protocol.situation(get_language())

    @property
    def records(self) -> list[str]:
        """The options that it records, as the pathway names them."""
        labels = {option.id: option.labels for option in load_rulebook()[self.pathway].options}
        return [labels[option](get_language()) for option in self.protocol.options]

    @property
    def is_usable(self) -> bool:
        return self.signed is not None


def protocols_of(team: Team, pathways: tuple[str, ...]) -> list[Standing]:
    """Every protocol of these pathways, signed by the team or not. One query."""
    newest: dict[tuple[str, str], ProtocolSignOff] = {}
    for row in ProtocolSignOff.objects.filter(team=team, pathway__in=pathways).select_related("signed_by"):
        newest[row.pathway, row.protocol] = row
    standings = []
    for pathway in pathways:
        for protocol in load_protocols(pathway):
            row = newest.get((pathway, protocol.id))
            holds = row is not None and not row.is_withdrawn
            is_same = holds and row.digest == protocol.digest
            standings.append(Standing(protocol, pathway, row if is_same else None, holds and not is_same))
    return standings


def usable(team: Team, pathway: str) -> list[Standing]:
    return [standing for standing in protocols_of(team, (pathway,)) if standing.is_usable]


def misfits(case: Case, protocol: Protocol) -> list[str]:
    """Why a case may not go by a protocol, in words; empty: it may. A case that is not clear is always discussed."""
    found = []
    if not case.is_ready:
        found.append(_("required facts are missing or stale"))
    if case.is_disputed:
        found.append(_("readings differ"))
    if protocol.categories:
        types = (case.types_provisional or case.types_possible).split()
        if len(types) != 1 or types[0] not in protocol.categories:
            found.append(_("its type is open, or not one that the protocol is for"))
    return found
