"""What the system administrator writes of grids."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.places.domain.grids import MOST_OF_A_VILLAGE, GridDetails
from fengqiao.web.kit.forms import Day


class GridFacts(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=64)
    since = forms.DateField(label=_("设立日期"), widget=Day())

    def to_details(self) -> GridDetails:
        """What a valid form says."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return GridDetails(**said)


class GridForm(GridFacts):
    """A grid that stands. The version is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NewGridForm(GridFacts):
    number = forms.IntegerField(
        label=_("序号"),
        min_value=1,
        max_value=MOST_OF_A_VILLAGE,
        help_text=_("网格代码是村居的 12 位代码加这 3 位序号，以后不能改。"),
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), _("网格序号应为 001 至 999。")),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"}),
    )
    field_order = ("number", "name", "since")


class LastDayForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("最后一天"), widget=Day(), help_text=_("从第二天起，不能再把新的事项登记在这里。")
    )
