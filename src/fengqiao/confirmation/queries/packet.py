"""What a court is given (rules/data/confirmation-packet.csv): what is there of it, and what lacks."""

from __future__ import annotations

from dataclasses import dataclass

from fengqiao.confirmation.enums import CaseKind
from fengqiao.confirmation.models import CourtCase
from fengqiao.kernel import clock
from fengqiao.matters.models import MatterFile, Party
from fengqiao.rules.queries.confirmation import PacketPaper, holds, packet_papers
from fengqiao.rules.queries.mediation_telling import ToTell

DELIVERY = "delivery"


@dataclass(frozen=True)
class Piece:
    """One paper of the packet: materials that are one, whether the program prints it, whether it lacks."""

    said: ToTell
    files: tuple[MatterFile, ...]
    printed: bool
    lacks: bool
    # The form that the program prints for it, where it does.
    form: str = ""


def packet_of(case: CourtCase) -> list[Piece]:
    """The papers of a case, in their order (two statements)."""
    files = list(MatterFile.objects.filter(matter_id=case.matter_id))
    has_agents = Party.objects.filter(matter_id=case.matter_id, agent_of__isnull=False).exists()
    return [
        _piece(case, each, files)
        for each in packet_papers()
        if each.kind == case.kind
        and holds(each.said, clock.today())
        and (each.need != "agents" or has_agents)
    ]


def lacking(case: CourtCase) -> list[ToTell]:
    """What must be there and is not."""
    return [each.said for each in packet_of(case) if each.lacks]


def _piece(case: CourtCase, paper: PacketPaper, files: list[MatterFile]) -> Piece:
    found = tuple(f for f in files if any(word in f.purpose or word in f.name for word in paper.words))
    if paper.form == DELIVERY:
        # They stand on the application, where they were chosen.
        return Piece(paper.said, found, bool(case.serves), not case.serves and not found)
    printed = bool(paper.form) and case.kind == CaseKind.CONFIRMATION
    lacks = paper.need != "where" and not found and not printed
    return Piece(paper.said, found, printed, lacks, paper.form if printed else "")
