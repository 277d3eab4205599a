"""The filters of the ledger as a form of chosen values, and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.matters import enums
from fengqiao.matters.queries.filter_words import FLAG_WORDS, LABELS, ORDERS
from fengqiao.matters.queries.ledger import FLAGS, LedgerFilter
from fengqiao.matters.queries.lights import Colour
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day


def _any(offered: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [("", _("不限")), *offered]


class FilterForm(forms.Form):
    q = forms.CharField(label=LABELS["q"], required=False)
    step = forms.ChoiceField(label=LABELS["step"], required=False, choices=_any(enums.Step.choices))
    state = forms.ChoiceField(label=LABELS["state"], required=False, choices=_any(enums.State.choices))
    track = forms.ChoiceField(label=LABELS["track"], required=False, choices=_any(enums.Track.choices))
    category = forms.ChoiceField(label=LABELS["category"], required=False)
    channel = forms.ChoiceField(label=LABELS["channel"], required=False, choices=_any(enums.Channel.choices))
    division = forms.ChoiceField(label=LABELS["division"], required=False)
    centre = forms.ChoiceField(label=LABELS["centre"], required=False)
    department = forms.ChoiceField(label=LABELS["department"], required=False)
    risk = forms.ChoiceField(label=LABELS["risk"], required=False, choices=_any(enums.Risk.choices))
    danger = forms.ChoiceField(label=LABELS["danger"], required=False, choices=_any(enums.Danger.choices))
    outcome = forms.ChoiceField(label=LABELS["outcome"], required=False, choices=_any(enums.Outcome.choices))
    flag = forms.ChoiceField(label=LABELS["flag"], required=False)
    light = forms.ChoiceField(label=LABELS["light"], required=False, choices=_any(Colour.choices))
    registered_from = forms.DateField(label=LABELS["registered_from"], required=False, widget=Day())
    registered_until = forms.DateField(label=LABELS["registered_until"], required=False, widget=Day())
    order = forms.ChoiceField(label=LABELS["order"], required=False, choices=ORDERS)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked for only when a field is shown or has a value: most ledger pages need none of them.
        self._offer("category", lambda: choices.category_choices(first_levels=True))
        self._offer("division", lambda: choices.division_choices(actor, inner=True, ended=True))
        self._offer("centre", lambda: choices.centre_choices(actor))
        self._offer("department", lambda: choices.department_choices(actor, ended=True))
        self._offer(
            "flag", lambda: [choices.NOTHING, *((name, FLAG_WORDS.get(name, name)) for name in FLAGS)]
        )

    def _offer(self, name: str, offered: Callable[[], choices.Choices]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = cache(lambda: _any(offered()[1:]))

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
