"""What happened at court, as the history of its matter says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fengqiao.confirmation.enums import CaseKind, CourtAction
from fengqiao.rules.queries.confirmation import all_refusals, all_venues


def of_a_case(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """Which kind of case, on which day, on which ground."""
    kind = parameters.get("kind")
    parts = [str(CaseKind(kind).label)] if kind in CaseKind.values else []
    parts += [str(parameters[name]) for name in ("number", "on") if parameters.get(name)]
    if parameters.get("late"):
        parts.append(_("超过期限提交"))
    if parameters.get("ground") in all_venues():
        parts.append(all_venues()[parameters["ground"]].said.name)
    if kind == CaseKind.CONFIRMATION and parameters.get("reason") in all_refusals():
        parts.append(all_refusals()[parameters["reason"]].name)
    return str(CourtAction(action).label), " · ".join(parts)
