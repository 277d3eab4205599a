"""When an agreement takes effect. Pure: marks and days in, a day out.

人民调解法 第29条第2款: a written agreement takes effect on the day on which all parties have signed, sealed or put
their fingerprint to it, the mediator has signed and the organisation's seal stands under it. 第30条: an oral one on
the day on which the parties agree.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date

from fengqiao.agreements.enums import Mark, Signer

# With what each may sign: a mediator signs, an organisation seals.
MARKS = {
    Signer.PARTY: frozenset(Mark),
    Signer.MEDIATOR: frozenset({Mark.SIGNATURE}),
    Signer.ORGANISATION: frozenset({Mark.SEAL}),
}


@dataclass(frozen=True)
class Marked:
    """One mark: whose, for which party (None for the others), with what, on which day."""

    signer: Signer
    mark: Mark
    on: date
    party: Hashable | None = None


def still_needed(
    parties: Collection[Hashable], marks: Collection[Marked]
) -> list[tuple[Signer, Hashable | None]]:
    """Whose mark a written agreement lacks, parties first in their order."""
    there = {(each.signer, each.party) for each in marks if each.mark in MARKS[each.signer]}
    needed: list[tuple[Signer, Hashable | None]] = [(Signer.PARTY, party) for party in parties]
    needed += [(Signer.MEDIATOR, None), (Signer.ORGANISATION, None)]
    return [each for each in needed if each not in there]


def effective_on(parties: Collection[Hashable], marks: Collection[Marked]) -> date | None:
    """The day on which the last mark that is needed came; None as long as one is lacking."""
    if not parties or still_needed(parties, marks):
        return None
    return max(each.on for each in marks)
