"""The register of mediators: what those of the demo's centres can be asked about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fengqiao.accounts.enums import LEADERS
from fengqiao.accounts.scope import scope
from fengqiao.mediators.domain.register import enter
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.queries.register import to_enter
from fengqiao.simulate.pool import enter_market, fill_pool, open_rooms

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

ENTERED = date(2026, 1, 1)
# In turn: kinds of dispute and languages.
KNOWN = (
    (("01", "02"), ("siyi",)),
    (("07", "06"), ("cantonese",)),
    (("05", "08"), ("siyi", "hakka")),
    (("09", "04"), ("siyi",)),
)


def enter_mediators(play: Play) -> None:
    """Once: a leader of the centre that holds the matter enters its mediators."""
    leader = play.someone(sorted(LEADERS))
    if leader is None or leader.centre_id is None:
        return
    with scope(leader):
        if Mediator.objects.filter(post__centre_id=leader.centre_id).exists():
            return
        for number, held in enumerate(to_enter(leader.centre_id)):
            fields, languages = KNOWN[number % len(KNOWN)]
            enter(actor=leader, stationing_id=held.pk, fields=fields, languages=languages, valid_from=ENTERED)
        # The county's own centre; towns have none.
        if leader.division.endswith("000000"):
            open_rooms(leader)
            fill_pool(leader)
            enter_market(leader)
