"""Figures of a centre: each says what it counts, and each number opens into its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.matters.queries.ledger import LedgerFilter, matching


@dataclass(frozen=True)
class OwnLevel:
    """本级完结: of what a centre took in itself and closed in substance, how much never went to the centre above.

    ``of_which`` and ``among`` are the ledgers of the two numbers; ``counted`` and ``counted_among`` say in
    words what each of them counts.
    """

    number: int
    total: int
    of_which: LedgerFilter
    among: LedgerFilter
    counted: Any
    counted_among: Any

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where there is nothing to count."""
        return self.number / self.total if self.total else None


def settled_at_own_level(actor: Actor, since: date, until: date) -> OwnLevel | None:
    """The figure of the actor's centre for matters registered from one day to another (Asia/Shanghai, inclusive).

    None for a post that belongs to no centre. Counts what the actor may see, so that the rows behind the
    numbers are as many as the numbers say.
    """
    if actor.centre_id is None:
        return None
    among = LedgerFilter(
        centre=str(actor.centre_id),
        registered_from=since,
        registered_until=until,
        flag="own_level_all",
    )
    of_which = replace(among, flag="own_level")
    return OwnLevel(
        number=matching(actor, of_which).order_by().count(),
        total=matching(actor, among).order_by().count(),
        of_which=of_which,
        among=among,
        counted=_("其中没有提级到上级中心的"),
        counted_among=_("本中心登记并已结案的事项（不含历史导入、撤回、引导移交和导入法定程序的）"),
    )
