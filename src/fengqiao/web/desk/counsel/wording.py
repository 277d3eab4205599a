"""What was done in a consultation and by a team, as the history of the matter says it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext

from fengqiao.counsel.enums import (
    Capacity,
    ConsultationAction,
    Followed,
    FourLink,
    Reply,
    TeamAction,
    TeamKind,
)


def of_a_consultation(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """How many were asked, what was answered, what was done with the opinion. Never who said what."""
    parts: list[str] = []
    if parameters.get("people"):
        n = int(parameters["people"])
        parts.append(ngettext("%(n)d 位会诊人员", "%(n)d 位会诊人员", n) % {"n": n})
    for key, kind in (("capacity", Capacity), ("answer", Reply), ("followed", Followed)):
        if parameters.get(key) in kind.values:
            parts.append(str(kind(parameters[key]).label))
    if parameters.get("opinions"):
        n = int(parameters["opinions"])
        parts.append(ngettext("%(n)d 份会诊意见", "%(n)d 份会诊意见", n) % {"n": n})
    return str(ConsultationAction(action).label), " · ".join(parts)


def of_a_team(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """Which kind of team, for which of the four links, until when."""
    parts = [
        str(kind(parameters[key]).label)
        for key, kind in (("kind", TeamKind), ("link", FourLink))
        if parameters.get(key) in kind.values
    ]
    if parameters.get("until"):
        parts.append(str(parameters["until"]))
    return str(TeamAction(action).label), " · ".join(parts)
