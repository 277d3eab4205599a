"""How the history words what was written down of a mediation: the kind of act, never a name or a note."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from fengqiao.mediation.enums import (
    Came,
    ConsentMethod,
    HelperKind,
    Initiative,
    MediationAction,
    SittingKind,
    SittingWay,
    StandingKind,
)
from fengqiao.pool.enums import Reply
from fengqiao.rules.queries.mediation_bodies import all_bodies


def of_a_mediation(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """The act, and how and when, on what footing, as what somebody stands."""
    parts = []
    if action == MediationAction.TELL:
        parts = [str(ConsentMethod(parameters["method"]).label), parameters["day"]]
    elif action == MediationAction.FOOTING:
        body = all_bodies().get(parameters["body"])
        parts = [body.name if body else "", str(Initiative(parameters["initiative"]).label)]
    elif action == MediationAction.ROOM:
        parts = [] if parameters["room"] else [_("不在品牌调解室")]
    elif action == MediationAction.ANSWER_HELP:
        parts = [str(Reply(parameters["reply"]).label)]
    elif action == MediationAction.STAND:
        parts = [str(StandingKind(parameters["kind"]).label)]
    elif action == MediationAction.HELP:
        parts = [str(HelperKind(parameters["kind"]).label)]
    elif "evidence" in parameters:
        parts = [parameters["day"]] if parameters.get("day") else []
    elif "sitting" in parameters:
        parts = [str(SittingKind(parameters["kind"]).label), str(SittingWay(parameters["way"]).label)]
    elif action == MediationAction.RESULT:
        parts = [str(Came(parameters["came"]).label)]
    elif action == MediationAction.DECIDE_RECUSAL:
        parts = [_("回避") if parameters["granted"] else _("不回避")]
    return str(MediationAction(action).label), " · ".join(each for each in parts if each)
