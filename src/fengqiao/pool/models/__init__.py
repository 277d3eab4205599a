from __future__ import annotations

from fengqiao.pool.models.rooms import AtWork, BrandRoom, HeldAt

__all__ = ["AtWork", "BrandRoom", "HeldAt"]
