"""The filters of the ledger as a form of chosen values, and back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.matters import enums
from fengqiao.matters.queries.ledger import FLAGS, LedgerFilter
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day

FLAG_WORDS = {
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


def _any(offered: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [("", _("不限")), *offered]


class FilterForm(forms.Form):
    q = forms.CharField(label=_("编号、关键词"), required=False)
    step = forms.ChoiceField(label=_("环节"), required=False, choices=_any(enums.Step.choices))
    state = forms.ChoiceField(label=_("状态"), required=False, choices=_any(enums.State.choices))
    track = forms.ChoiceField(label=_("流转类别"), required=False, choices=_any(enums.Track.choices))
    category = forms.ChoiceField(label=_("纠纷类型"), required=False)
    channel = forms.ChoiceField(label=_("来源渠道"), required=False, choices=_any(enums.Channel.choices))
    division = forms.ChoiceField(label=_("区划"), required=False)
    centre = forms.ChoiceField(label=_("登记中心"), required=False)
    department = forms.ChoiceField(label=pgettext_lazy("一个", "部门"), required=False)
    risk = forms.ChoiceField(label=_("风险"), required=False, choices=_any(enums.Risk.choices))
    danger = forms.ChoiceField(label=_("危险"), required=False, choices=_any(enums.Danger.choices))
    outcome = forms.ChoiceField(label=_("结果"), required=False, choices=_any(enums.Outcome.choices))
    flag = forms.ChoiceField(label=_("标记"), required=False)
    registered_from = forms.DateField(label=_("登记自"), required=False, widget=Day())
    registered_until = forms.DateField(label=_("登记至"), required=False, widget=Day())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("category", choices.category_choices(first_levels=True)[1:])
        self._offer("division", choices.division_choices(actor, inner=True)[1:])
        self._offer("centre", choices.centre_choices(actor)[1:])
        self._offer("department", choices.department_choices(actor)[1:])
        self._offer("flag", [(name, FLAG_WORDS.get(name, name)) for name in FLAGS])

    def _offer(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = _any(offered)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("registered_from"), data.get("registered_until")
        if first and last and last < first:
            self.add_error("registered_until", _("结束日期早于开始日期。"))
        return data

    def wanted(self) -> LedgerFilter:
        """What was asked for; a value that is not among the offered ones is left out and said beside it."""
        return LedgerFilter(**{name: value for name, value in self.cleaned_data.items() if value})


class PartyForm(forms.Form):
    party = forms.CharField(
        label=_("证件号码或电话"),
        max_length=40,
        widget=forms.TextInput(attrs={"data-private": "", "autocomplete": "off"}),
        help_text=_("要写完整；号码加密保存，只能按整号查找。"),
    )
    cursor = forms.CharField(required=False, widget=forms.HiddenInput)
