from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.audit.enums import Result
from fengqiao.audit.queries.entries import EntryFilter
from fengqiao.exchange.enums import EventType
from fengqiao.exchange.queries.webhooks import posts_for
from fengqiao.places.domain.stationings import NewPost
from fengqiao.places.enums import DepartmentKind, MachineScope
from fengqiao.places.queries.acting import place_label
from fengqiao.places.queries.machines import exchange_posts
from fengqiao.places.queries.people import PeopleFilter, places_in_reach
from fengqiao.web.desk.administration.verbs import FAMILIES
from fengqiao.web.kit.choices import Choices
from fengqiao.web.kit.forms import Day

ALL = ("", _("全部"))


class EntryForm(forms.Form):
    since = forms.DateField(label=_("从"), required=False, widget=Day())
    until = forms.DateField(label=_("到"), required=False, widget=Day())
    family = forms.ChoiceField(label=_("类别"), required=False, choices=[ALL, *FAMILIES.items()])
    result = forms.ChoiceField(label=_("结果"), required=False, choices=[ALL, *Result.choices])
    person = forms.CharField(label=_("人员（登录名或姓名）"), required=False, max_length=64)
    subject = forms.CharField(
        label=_("对象编号"),
        required=False,
        max_length=96,
        widget=forms.TextInput(attrs={"placeholder": "person:… / matter:…"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since: date | None = data.get("since")
        until: date | None = data.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期早于开始日期。"))
        return data

    def to_filter(self) -> EntryFilter:
        """The filter of a valid form."""
        return EntryFilter(**self.cleaned_data)


class PeopleForm(forms.Form):
    name = forms.CharField(label=_("姓名或登录名"), required=False, max_length=64)
    role = forms.ChoiceField(label=_("岗位"), required=False, choices=[ALL, *Role.choices])
    place = forms.ChoiceField(label=_("在哪里"), required=False)
    access = forms.ChoiceField(
        label=_("账号"),
        required=False,
        choices=[
            ALL,
            ("active", pgettext_lazy("账号", "启用")),
            ("inactive", _("已停用")),
            ("one_factor", _("没有第二重验证")),
            ("waiting", _("还没有岗位")),
        ],
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres, departments, divisions = places_in_reach(actor)
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)  # noqa: S101  for the type checker
        groups: Choices = [
            (_("综治中心"), [(f"centre:{c.pk}", c.name) for c in centres]),
            (_("部门"), [(f"department:{d.pk}", d.name) for d in departments]),
            (_("三员管理"), [(f"division:{d.pk}", d.name) for d in divisions]),
        ]
        place.choices = [ALL, *((label, rows) for label, rows in groups if rows)]

    def to_filter(self) -> PeopleFilter:
        """The filter of a valid form."""
        return PeopleFilter(**self.cleaned_data)


class OpenPostForm(forms.Form):
    """A post for a person. The places are those of the administrator's division."""

    role = forms.ChoiceField(label=_("岗位"), choices=[("", "——"), *Role.choices])
    place = forms.ChoiceField(
        label=_("在哪里"), help_text=_("承办人选部门，三员选区划，其他岗位选综治中心。")
    )
    home = forms.TypedChoiceField(
        label=_("派出单位"),
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text=_("进驻人员填写原单位：反映原单位的事项不会交给本人看。"),
    )
    since = forms.DateField(label=_("上任日期"), widget=Day())
    until = forms.DateField(label=_("最后一天"), required=False, widget=Day(), help_text=_("没有定就空着。"))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres, departments, _administered = places_in_reach(actor)
        centres = [each for each in centres if each.valid_until is None]
        departments = [each for each in departments if each.valid_until is None]
        division = [(f"division:{actor.division}", actor.place_label)]
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)  # noqa: S101  for the type checker
        groups: Choices = [
            (_("综治中心"), [(f"centre:{c.pk}", c.name) for c in centres]),
            (_("部门"), [(f"department:{d.pk}", d.name) for d in departments]),
            (_("三员管理"), division),
        ]
        place.choices = [("", "——"), *((label, rows) for label, rows in groups if rows)]
        home = self.fields["home"]
        assert isinstance(home, forms.TypedChoiceField)  # noqa: S101  for the type checker
        home.choices = [("", "——"), *((str(d.pk), d.name) for d in departments)]

    def to_post(self) -> NewPost:
        """What a valid form asks for."""
        return NewPost(**self.cleaned_data)


class EndPostForm(forms.Form):
    until = forms.DateField(
        label=_("最后一天"), widget=Day(), help_text=_("填昨天，现在就不能再以这个岗位办事。")
    )


class MachineForm(forms.Form):
    """A client for an exchange post of the administrator's division."""

    name = forms.CharField(
        label=_("系统名称"),
        max_length=64,
        help_text=_("对方是哪个单位的哪个系统，例如：市信访局信访系统。"),
    )
    stationing_id = forms.TypedChoiceField(
        label=_("以哪个岗位办事"), coerce=UUID, help_text=_("它能看到、能办理的事项就是这个岗位的。")
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=MachineScope.choices, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = [
            (str(held.pk), f"{place_label(held)} · {held.person.name}")
            for held in exchange_posts(actor)
            if held.person.is_active
        ]
        post = self.fields["stationing_id"]
        assert isinstance(post, forms.TypedChoiceField)  # noqa: S101  for the type checker
        post.choices = [("", "——"), *self.posts]


class SubscriptionForm(forms.Form):
    """Where another system wants to be told of what, as which exchange post of the county."""

    name = forms.CharField(
        label=_("系统名称"),
        max_length=64,
        help_text=_("对方是哪个单位的哪个系统，例如：市信访局信访系统。"),
    )
    address = forms.CharField(
        label=_("接收地址"),
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "https://", "inputmode": "url", "spellcheck": "false"}),
    )
    stationing_id = forms.TypedChoiceField(
        label=_("以哪个岗位接收"), coerce=UUID, help_text=_("只告诉这个岗位看得到的事项；限阅的一律不告诉。")
    )
    types = forms.MultipleChoiceField(
        label=_("事件"), choices=EventType.choices, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = [
            (str(held.pk), f"{place_label(held)} · {held.person.name}") for held in posts_for(actor)
        ]
        post = self.fields["stationing_id"]
        assert isinstance(post, forms.TypedChoiceField)  # noqa: S101  for the type checker
        post.choices = [("", "——"), *self.posts]


class PlacesForm(forms.Form):
    q = forms.CharField(label=_("名称或代码"), required=False, max_length=64)
    kind = forms.ChoiceField(label=_("部门类别"), required=False, choices=[ALL, *DepartmentKind.choices])
