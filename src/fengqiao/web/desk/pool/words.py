"""How the history words a lawyer's part in a matter: what was done, and for when; never what was advised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fengqiao.kernel.clock import SHANGHAI
from fengqiao.pool.enums import LawyerAction


def of_a_lawyer(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """The act, and the hour that it was about."""
    at = parameters.get("at")
    when = f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
    return str(LawyerAction(action).label), when
