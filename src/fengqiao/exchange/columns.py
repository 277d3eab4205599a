"""What an export of the ledger holds: what stands on the ledger's page, and no number or account of anyone."""

from __future__ import annotations

import re
from collections.abc import Callable

from fengqiao.kernel import clock
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import light_of
from fengqiao.rules.queries.categories import label as category_label

# A spreadsheet takes what begins so for a formula (the full-width signs too, in an East Asian one).
FORMULA = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")
GUARDED = re.compile(r"^'+[=+\-@＝＋－＠\t\r\n]")

COLUMNS: dict[str, Callable[[Matter], str]] = {
    "编号": lambda m: m.code,
    "标题": lambda m: m.title,
    "登记时间": lambda m: m.registered_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
    "环节": lambda m: str(m.get_step_display()),
    "状态": lambda m: str(m.get_state_display()),
    "流转类别": lambda m: str(m.get_track_display()),
    "纠纷类型": lambda m: str(category_label(m.category)) if m.category else "",
    "来源渠道": lambda m: str(m.get_channel_display()),
    "区划": lambda m: m.division.name if m.division else "",
    "现在的中心": lambda m: m.holder.name,
    "牵头部门": lambda m: m.lead_department.short_name if m.lead_department else "",
    "风险": lambda m: str(m.get_risk_display()),
    "危险": lambda m: str(m.get_danger_display()),
    # What is at stake, as the template's columns of these names read it; what is unknown is empty.
    "可能造成损害的日子": lambda m: m.harm_on.isoformat() if m.harm_on else "",
    "发生在公共场所": lambda m: _answer(m.public_place),
    "牵涉需要特别保护的人": lambda m: _answer(m.needs_care),
    "要特别留意什么": lambda m: m.care,
    "到期日": lambda m: _last_day(m),
    "时限灯": lambda m: _light(m),
    "结果": lambda m: str(m.get_outcome_display()),
}


def _answer(said: bool | None) -> str:
    return "" if said is None else "是" if said else "否"


def _last_day(matter: Matter) -> str:
    """The last day of the limit that ends first: an instant of 24:00 belongs to the day before."""
    shown = light_of(matter.yellow_at, matter.due_at, clock.now())
    return shown.last_day.astimezone(SHANGHAI).date().isoformat() if shown else ""


def _light(matter: Matter) -> str:
    shown = light_of(matter.yellow_at, matter.due_at, clock.now())
    return str(shown.colour.label) if shown else ""


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run; ``unguarded`` takes it away again."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if GUARDED.match(text) else text
