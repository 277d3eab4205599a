"""What every page's frame needs: who acts, where one can go, what waits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.config.arriving import arriving
from fengqiao.kernel import clock
from fengqiao.matters.policies import may_register

Item = dict[str, Any]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database nothing: counts are on the pages that they belong to."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "frame": {
            "is_administrator": bool(actor and actor.is_administrator),
            "actor": _described(request, actor) if actor else None,
            "centre_label": actor.place_label if actor else "",
            "nav": _navigation(request, actor) if actor else [],
            "today": formats.date_format(clock.today(), "MONTH_DAY_FORMAT"),
            "can_register": bool(actor and may_register(actor)),
            "arriving": _arriving(),
        }
    }


def _arriving() -> Item | None:
    """How far the demo's county has come while it is being played: told by a file, not by the database."""
    county = arriving()
    if county is None:
        return None
    label = _("演示县的日子正在到来：已有 %(done)d 件事项，共约 %(total)d 件。")
    numbers = {"done": county.done, "total": county.total}
    return {"url": reverse("arriving"), "label": label % numbers, **numbers}


def _described(request: HttpRequest, actor: Actor) -> Item:
    return {
        "name": actor.name,
        "role": actor.role,
        "role_label": Role(actor.role).label,
        "place_label": actor.place_label,
        "posts_count": len(getattr(request, "stationings", [])),
    }


def _navigation(request: HttpRequest, actor: Actor) -> list[Item]:
    work: list[Item] = []
    if not actor.is_administrator:
        work.append(_item(request, "my_work", "inbox", _("我的工作")))
        if may_register(actor):
            work.append(_item(request, "register", "plus", _("登记")))
        work.append(_item(request, "ledger", "list-details", _("台账")))
    sections = [{"label": "", "items": work}] if work else []
    if actor.role in CENTRE_ROLES | {Role.HANDLER, Role.SUPERVISOR}:
        sections.append(
            {"label": _("办理"), "items": [_item(request, "whistles", "speakerphone", _("吹哨报到"))]}
        )
    upkeep: list[Item] = []
    if actor.role is Role.AUDITOR:
        upkeep.append(_item(request, "audit", "shield-check", _("审计记录")))
    if actor.role is Role.SYSTEM_ADMINISTRATOR:
        upkeep.append(_item(request, "places", "map", _("区划与机构")))
    if actor.role is Role.SECURITY_ADMINISTRATOR:
        upkeep.append(_item(request, "people", "users", _("人员与岗位")))
    if upkeep:
        sections.append({"label": _("管理"), "items": upkeep})
    return sections


def _item(request: HttpRequest, name: str, icon: str, label: str) -> Item:
    url = reverse(name)
    here = request.path == url or (url != "/" and request.path.startswith(url))
    return {"label": label, "url": url, "icon": icon, "count": None, "alarm": False, "active": here}
