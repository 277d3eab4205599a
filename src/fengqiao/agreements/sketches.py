"""What two people type into one draft, laid over each other cell by cell. Pure: nothing is read or written here.

A cell is a field of the words ("facts") or of one term ("k3.amount"); a term keeps its key while others come and go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.terms import LONGEST, MOST
from fengqiao.kernel.errors import Invalid

WORDS = ("facts", "issues", "responsibility", "on")
IN_A_TERM = ("kind", "debtor", "creditor", "amount", "due", "what", "how", "gone")
# As many characters as a draft may hold by cell: what an agreement keeps, and short ones for the rest.
MOST_IN = {"facts": 5_000, "issues": 5_000, "responsibility": 5_000, "what": LONGEST, "how": 200}
SHORT = 64
KEY = 12


@dataclass(frozen=True)
class Typed:
    """What stands in a form: its cells, and the keys of its terms in their order."""

    cells: Mapping[str, str] = field(default_factory=dict)
    order: Sequence[str] = ()

    def row(self, key: str) -> dict[str, str]:
        """One term's cells by field."""
        return {name: self.cells.get(f"{key}.{name}", "") for name in IN_A_TERM}

    def is_gone(self, key: str) -> bool:
        return bool(self.cells.get(f"{key}.gone"))


@dataclass(frozen=True)
class Overlaid:
    """``kept``: what is to be kept. ``mine``: the cells that this person changed; ``theirs``: what others changed
    since, which this person takes over; ``conflicts``: what both changed, to different values."""

    kept: Typed
    mine: frozenset[str]
    theirs: frozenset[str]
    conflicts: frozenset[str]


def overlay(
    before: Typed, changed_in: Mapping[str, int], typed: Typed, touched: Collection[str] | None, known: int
) -> Overlaid:
    """What somebody typed on version ``known``, over what is kept now.

    :param changed_in: in which version each cell was changed last.
    :param touched: the cells in which this person typed; None where nobody knows, then everything that differs is
        taken for theirs.
    """
    differing = {name for name, value in typed.cells.items() if value != before.cells.get(name, "")}
    mine = differing if touched is None else differing & set(touched)
    new = [key for key in typed.order if key not in before.order]
    # A term that was not there is kept whole, or not at all: what a fresh row offers belongs to it.
    for key in new:
        cells = {name for name in typed.cells if name.startswith(f"{key}.")}
        mine = mine | cells if mine & cells else mine - cells
    new = [key for key in new if any(name.startswith(f"{key}.") for name in mine)]
    since = {name for name, version in changed_in.items() if version > known}
    conflicts = mine & since
    for key in before.order:
        gone = f"{key}.gone"
        # Who goes on writing in a term that somebody took out has to know it.
        if gone in since and before.is_gone(key) and any(name.startswith(f"{key}.") for name in mine):
            conflicts |= {gone}
    kept = {name: typed.cells[name] for name in mine - conflicts}
    there = {name for name in before.cells if name not in mine}
    theirs = {name for name in there if before.cells[name] != typed.cells.get(name, "")} - conflicts
    return Overlaid(
        kept=Typed({**before.cells, **kept}, [*before.order, *new]),
        mine=frozenset(mine - conflicts),
        theirs=frozenset(theirs),
        conflicts=frozenset(conflicts),
    )


def check_size(typed: Typed) -> None:
    """Raises ``Invalid`` for what no draft may hold."""
    if len(typed.order) > 2 * MOST or any(len(key) > KEY for key in typed.order):
        raise Invalid({"terms": _("最多 50 项。")})
    for name, value in typed.cells.items():
        key, _dot, last = name.rpartition(".")
        known = last in IN_A_TERM if key else last in WORDS
        if not known or (key and key not in typed.order):
            raise Invalid({"sketch": _("草稿里没有这一栏。")})
        if len(value) > MOST_IN.get(last, SHORT):
            raise Invalid({name: _("没有保存：写得太长。")})


def as_marks(marks: Mapping[str, Any], *, but: UUID) -> dict[str, int]:
    """In which version each cell was changed last by somebody else, of the marks as they are stored."""
    return {name: int(mark[0]) for name, mark in marks.items() if mark[1] != str(but)}
