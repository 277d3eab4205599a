"""What was done with a referral, as the history of its matter says it."""

from __future__ import annotations

from typing import Any

from fengqiao.referrals.enums import Outcome, ReferralAction
from fengqiao.rules.queries.referral_kinds import all_kinds


def of_a_referral(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """Which kind, and what came back."""
    kind = all_kinds().get(str(parameters.get("kind") or ""))
    parts = [kind.name] if kind else []
    if parameters.get("outcome") in Outcome.values:
        parts.append(str(Outcome(parameters["outcome"]).label))
    return str(ReferralAction(action).label), " · ".join(parts)
