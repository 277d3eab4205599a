"""What a centre can call on, as far as a story needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.pool.domain.rooms import RoomWords, open_room
from fengqiao.pool.models import BrandRoom

SINCE = date(2026, 1, 1)
WORDS = RoomWords(
    name="恒叔调解室",
    name_en="Uncle Heng's room",
    place="恩城街道东门路一号二楼",
    place_en="2/F, 1 Dongmen Road, Encheng",
    way="坐三路车到东门站。",
    days=[1, 2, 3, 4, 5],
    opens=time(9),
    closes=time(12),
    opens_again=time(14),
    closes_again=time(17, 30),
    fields=["02", "07"],
    story="三十年来，街坊有事先来这里喝杯茶。",
    public=True,
)


def a_room(actor: Actor, code: str = "heng-shu", **changes: Any) -> BrandRoom:
    """A room of the actor's centre, inside the actor's scope."""
    return open_room(actor=actor, code=code, words=replace(WORDS, **changes), valid_from=SINCE)
