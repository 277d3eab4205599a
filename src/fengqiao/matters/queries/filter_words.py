"""The filters of the ledger in words: their names, and what was chosen, for the file or view that keeps them."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.matters import enums
from fengqiao.matters.queries.ledger import DUE_FIRST, OLDEST_FIRST, LedgerFilter
from fengqiao.matters.queries.lights import Colour
from fengqiao.places.models import Centre, Department, Division
from fengqiao.rules.queries import categories

LABELS: dict[str, Any] = {
    "q": _("编号、关键词"),
    "step": _("环节"),
    "state": _("状态"),
    "track": _("流转类别"),
    "category": _("纠纷类型"),
    "channel": _("来源渠道"),
    "division": _("区划"),
    "centre": _("登记中心"),
    "department": pgettext_lazy("一个", "部门"),
    "risk": _("风险"),
    "danger": _("危险"),
    "outcome": _("结果"),
    "flag": _("标记"),
    "light": pgettext_lazy("筛选", "时限灯"),
    "registered_from": _("登记自"),
    "registered_until": _("登记至"),
    "order": _("排序"),
}
FLAG_WORDS: dict[str, Any] = {
    "open": _("未了结"),
    "closed": _("已结案"),
    "reopened": _("重启过"),
    "raised": _("已提级"),
    "in_danger": _("紧急危险"),
    "turned_criminal": _("民转刑"),
    "anonymous": _("匿名"),
    "history": _("历史办结"),
    "restricted": _("限阅"),
    "performing": _("履行中"),
    "own_level_all": _("本级登记并已结案"),
    "own_level": _("本级完结"),
    "incomplete": _("登记不全"),
}
ORDERS: list[tuple[str, Any]] = [
    ("", _("最新登记在前")),
    (OLDEST_FIRST, _("最早登记在前")),
    (DUE_FIRST, _("先到期在前（只列在走时限的）")),
]
CODES: dict[str, Any] = {
    "step": enums.Step,
    "state": enums.State,
    "track": enums.Track,
    "channel": enums.Channel,
    "risk": enums.Risk,
    "danger": enums.Danger,
    "outcome": enums.Outcome,
    "light": Colour,
}


def words_of(wanted: LedgerFilter) -> str:
    """The filter as it is kept beside what was made of it, in Chinese: "状态：处置中；区划：沙湖镇"."""
    with translation.override("zh-hans"):
        return "；".join(
            f"{LABELS[name]}：{_chosen(name, value)}" for name, value in wanted.as_query().items()
        )


def _chosen(name: str, value: str) -> str:
    """A value in words; one that nobody knows any more as it stands."""
    found: Any = None
    if name in CODES:
        found = dict(CODES[name].choices).get(value)
    elif name == "flag":
        found = FLAG_WORDS.get(value)
    elif name == "order":
        found = dict(ORDERS).get(value)
    elif name == "category":
        found = _category(value)
    elif name == "division":
        found = Division.objects.filter(pk=value).values_list("name", flat=True).first()
    elif name == "centre":
        found = Centre.objects.filter(pk=value).values_list("name", flat=True).first()
    elif name == "department":
        found = Department.objects.filter(pk=value).values_list("name", flat=True).first()
    return str(found or value)


def _category(code: str) -> str:
    known = categories.all_categories().get(code)
    if known is None:
        return code
    return str(_("%(name)s（全部）") % {"name": known.name}) if len(code) == 2 else known.name
