from __future__ import annotations

from fengqiao.pool.models.lawyers import Appointment, Following, Turn, TurnChange
from fengqiao.pool.models.market import FeeAgreement, FeeSchedule, MarketBody
from fengqiao.pool.models.rooms import AtWork, BrandRoom, HeldAt
from fengqiao.pool.models.talents import Asked, Talent

__all__ = [
    "Appointment",
    "Asked",
    "AtWork",
    "BrandRoom",
    "FeeAgreement",
    "FeeSchedule",
    "Following",
    "HeldAt",
    "MarketBody",
    "Talent",
    "Turn",
    "TurnChange",
]
