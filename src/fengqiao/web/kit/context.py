"""What every page's frame needs: who acts, where one can go, what waits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.accounts.scope import is_acting
from fengqiao.agreements.policies import may_read as may_read_agreements
from fengqiao.clocks.policies import may_ask_who_is_late
from fengqiao.config.arriving import arriving
from fengqiao.counsel.policies import may_list as may_list_consultations
from fengqiao.counsel.policies import may_read_teams
from fengqiao.dossier.policies import may_list_for_disposal, may_read_templates, may_scan
from fengqiao.exchange.policies import may_import
from fengqiao.kernel import clock
from fengqiao.leading.policies import may_read_the_list
from fengqiao.matters.policies import may_register
from fengqiao.mediation.policies import may_see_days
from fengqiao.mediators.policies import may_read as may_read_mediators
from fengqiao.notices.queries.inbox import COUNTED, unread_of
from fengqiao.pool.policies import may_read as may_read_pool
from fengqiao.referrals.policies import may_read as may_read_referrals
from fengqiao.reporting.policies import may_list as may_list_reports
from fengqiao.reporting.policies import may_read_statistics
from fengqiao.reviews.policies import may_read_list, may_read_reviews, may_sample
from fengqiao.rules.policies import may_read_tables
from fengqiao.study.policies import may_list as may_list_studies
from fengqiao.supervision.policies import may_oversee
from fengqiao.web.kit.paging import in_figures

Item = dict[str, Any]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks the database one thing, where a whole page is shown: how many notices are unread."""
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
            "unread": SimpleLazyObject(lambda: _unread(request, actor)),
            "unread_in_words": SimpleLazyObject(lambda: unread_in_words(_unread(request, actor))),
            "live": live_address(request) if actor else "",
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


def _unread(request: HttpRequest, actor: Actor | None) -> str:
    """How many notices are unread, in figures; empty for none. Where nobody's scope is open it is not asked."""
    if actor is None or not is_acting(actor):
        return ""
    # A page that has asked already says so.
    number = getattr(request, "unread_notices", None)
    if number is None:
        number = request.unread_notices = unread_of(actor)  # type: ignore[attr-defined]
    return in_figures(min(number, COUNTED), number > COUNTED) if number else ""


def unread_in_words(number: str) -> str:
    """The bell for whoever hears it."""
    return _("通知：%(n)s 条未读") % {"n": number} if number else _("通知")


def live_address(request: HttpRequest) -> str:
    """Where the page hears of notices by itself; empty where the installation has no such process."""
    if not settings.LIVE.startswith(":"):
        return str(settings.LIVE)
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}{settings.LIVE}/live"


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
        work.append(_item(request, "due", "calendar-due", _("到期日历")))
        if may_ask_who_is_late(actor):
            work.append(_item(request, "late", "alert-triangle", _("超期与临期")))
        work.append(_item(request, "ledger", "list-details", _("台账"), but=("saved_views",)))
        work.append(_item(request, "saved_views", "filter", _("保存的视图")))
        if may_import(actor):
            work.append(_item(request, "imports", "upload", _("导入")))
    sections = [{"label": "", "items": work}] if work else []
    handling = _handling(request, actor)
    if handling:
        sections.append({"label": _("办理"), "items": handling})
    if may_read_tables(actor):
        rules = [_item(request, "rules", "list-details", _("规则表"))]
        sections.append({"label": _("规则"), "items": rules})
    upkeep: list[Item] = []
    if actor.role is Role.AUDITOR:
        upkeep.append(_item(request, "audit", "shield-check", _("审计记录")))
    if actor.role is Role.SYSTEM_ADMINISTRATOR:
        upkeep.append(_item(request, "places", "map", _("区划与机构")))
        upkeep.append(_item(request, "calendar", "calendar-due", _("工作日历")))
    if actor.role is Role.SECURITY_ADMINISTRATOR:
        upkeep.append(_item(request, "people", "users", _("人员与岗位")))
        upkeep.append(_item(request, "committee", "users", _("研判委员")))
        upkeep.append(_item(request, "machines", "link", _("系统对接")))
        upkeep.append(_item(request, "webhooks", "send", _("事件订阅")))
    if upkeep:
        sections.append({"label": _("管理"), "items": upkeep})
    return sections


def _handling(request: HttpRequest, actor: Actor) -> list[Item]:
    """What passes between a centre and departments beside the ledger."""
    found: list[Item] = []
    if actor.role in CENTRE_ROLES | {Role.HANDLER, Role.SUPERVISOR}:
        found.append(_item(request, "whistles", "speakerphone", _("吹哨报到")))
    if may_read_the_list(actor):
        found.append(_item(request, "key_matters", "flag", _("重点案件")))
    found += _mediation(request, actor)
    if may_list_studies(actor):
        found.append(_item(request, "studies", "users", _("研判委员会")))
    if may_list_reports(actor):
        found.append(_item(request, "direct_reports", "alert-triangle", _("风险直报")))
    if may_oversee(actor):
        found.append(_item(request, "supervision", "gavel", _("督办")))
    if may_sample(actor):
        found.append(_item(request, "samples", "file-check", _("结案抽查")))
    if may_read_reviews(actor):
        found.append(_item(request, "reviews", "search", _("评查与复盘")))
    if may_read_list(actor):
        found.append(_item(request, "accountability", "scale", _("责任清单")))
    return [*found, *_looked_back(request, actor)]


def _looked_back(request: HttpRequest, actor: Actor) -> list[Item]:
    """What is counted of mediation, and what becomes of its dossiers in the end."""
    found: list[Item] = []
    if may_read_statistics(actor):
        found.append(_item(request, "mediation_statistics", "file-description", _("人民调解统计")))
    if may_read_templates(actor):
        found.append(_item(request, "own_templates", "file-description", _("文书模板")))
    if may_list_for_disposal(actor):
        found.append(_item(request, "disposals", "archive", _("卷宗销毁")))
    return found


def _mediation(request: HttpRequest, actor: Actor) -> list[Item]:
    """A mediator's day, what was agreed, and who mediates."""
    found: list[Item] = []
    if may_see_days(actor):
        found.append(_item(request, "mediation_today", "calendar-due", _("调解日程")))
    if may_scan(actor):
        found.append(_item(request, "scans", "file-check", _("扫描归卷")))
    if may_read_agreements(actor):
        found.append(_item(request, "performance", "file-check", _("协议履行")))
    if may_read_referrals(actor):
        found.append(_item(request, "referrals", "send", _("转介和移交")))
    if may_read_mediators(actor):
        found.append(_item(request, "mediators", "users", _("调解员名册")))
    if may_read_pool(actor):
        found.append(_item(request, "pool", "users", _("调解力量")))
    if may_list_consultations(actor):
        found.append(_item(request, "consultations", "scale", _("法律会诊")))
    if may_read_teams(actor):
        found.append(_item(request, "teams", "users", _("三人小组和专班")))
    return found


def _item(request: HttpRequest, name: str, icon: str, label: str, *, but: tuple[str, ...] = ()) -> Item:
    """``but`` names addresses below this one that have an item of their own."""
    url = reverse(name)
    here = request.path == url or (url != "/" and request.path.startswith(url))
    here = here and not any(request.path.startswith(reverse(other)) for other in but)
    return {"label": label, "url": url, "icon": icon, "count": None, "alarm": False, "active": here}
