"""What the system administrator writes of towns and villages: each change with its notice and its day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.places.domain.division_changes import Notice
from fengqiao.places.models import Division
from fengqiao.places.queries.divisions import divisions_in_reach
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day


class NoticeForm(forms.Form):
    source = forms.CharField(
        label=_("依据的文件"), max_length=128, help_text=_("文号或文件名称，例如：恩府函〔2026〕18号。")
    )
    day = forms.DateField(label=_("生效日期"), widget=Day())

    def to_notice(self) -> Notice:
        """What a valid form says."""
        return Notice(source=self.cleaned_data["source"], day=self.cleaned_data["day"])


class NewDivisionForm(NoticeForm):
    code = forms.CharField(
        label=_("代码"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("名称"), max_length=64)
    field_order = ("code", "name", "source", "day")

    def __init__(self, upper: Division, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("12 位数字，以 %(prefix)s 开头，以后不能改。") % {"prefix": upper.prefix}
        self.fields["code"].help_text = told


class RenameDivisionForm(NoticeForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("新名称"), max_length=64)
    field_order = ("version", "name", "source", "day")


class EndDivisionForm(NoticeForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    into = forms.ChoiceField(label=_("并入哪里"), required=False, help_text=_("不是并入别处的就空着。"))
    field_order = ("version", "into", "source", "day")

    def __init__(self, actor: Actor, division: Division, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].help_text = _("从这一天起，不能再把新的事项登记在这里。")
        into = self.fields["into"]
        assert isinstance(into, forms.ChoiceField)  # noqa: S101  for the type checker
        into.choices = _could_take_it(actor, division)


def _could_take_it(actor: Actor, division: Division) -> choices.Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    standing = divisions_in_reach(actor).filter(valid_until=None).exclude(pk=division.pk)
    for each in standing.select_related("parent").order_by("code"):
        if each.level == division.level:
            groups.setdefault(str(each.parent or ""), []).append((each.code, f"{each.name} {each.code}"))
    return [choices.NOTHING, *groups.items()]
