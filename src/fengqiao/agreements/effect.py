"""When an agreement takes effect. Pure: marks and days in, a day out.

人民调解法 第29条第2款: a written agreement takes effect on the day on which all parties have signed, sealed or put
their fingerprint to it, the mediator has signed and the organisation's seal stands under it. 第30条: an oral one on
the day on which the parties agree. 最高法特邀调解规定 第24条: one that a court assigned before docketing (委派) takes
effect on the day of the parties' own last mark; the mediator signs all the same, and an invited organisation seals.
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
    parties: Collection[Hashable], marks: Collection[Marked], *, seals: bool = True
) -> list[tuple[Signer, Hashable | None]]:
    """Whose mark a written agreement lacks, parties first in their order. ``seals``: an organisation mediates."""
    there = {(each.signer, each.party) for each in marks if each.mark in MARKS[each.signer]}
    needed: list[tuple[Signer, Hashable | None]] = [(Signer.PARTY, party) for party in parties]
    needed.append((Signer.MEDIATOR, None))
    if seals:
        needed.append((Signer.ORGANISATION, None))
    return [each for each in needed if each not in there]


def effective_on(
    parties: Collection[Hashable],
    marks: Collection[Marked],
    *,
    seals: bool = True,
    by_parties: bool = False,
) -> date | None:
    """The day of the last mark that counts, once none is lacking on the paper; None as long as one is.

    ``by_parties``: the parties' own marks alone count.
    """
    if not parties or still_needed(parties, marks, seals=seals):
        return None
    return max(each.on for each in marks if each.signer == Signer.PARTY or not by_parties)
