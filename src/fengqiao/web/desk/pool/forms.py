from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.kernel import clock
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.pool.domain.rooms import NewPicture, RoomWords
from fengqiao.pool.models import BrandRoom
from fengqiao.pool.queries.rooms import to_put_to_work
from fengqiao.web.kit.choices import NOTHING
from fengqiao.web.kit.forms import Day
from fengqiao.web.kit.hours import DAYS


class Hour(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


def hour(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=Hour(), **more)


def text(label: Any, most: int, *, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class RoomForm(forms.Form):
    """What is said of a room; all of it can be read by everybody once the room is public."""

    name = text(_("名称"), 60)
    name_en = text(_("英文名称"), 100, required=False)
    place = text(_("地点"), 200)
    place_en = text(_("英文地点"), 300, required=False)
    days = forms.TypedMultipleChoiceField(
        label=_("哪几天开放"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    opens = hour(_("开门"))
    closes = hour(_("关门"))
    opens_again = hour(_("下午开门"), required=False)
    closes_again = hour(_("下午关门"), required=False)
    fields_of = forms.MultipleChoiceField(label=_("调解哪类纠纷"), widget=forms.CheckboxSelectMultiple)
    way = text(_("怎样来"), 500, rows=2, required=False)
    way_en = text(_("怎样来（英文）"), 800, rows=2, required=False)
    story = text(
        _("调解室的故事"),
        4_000,
        rows=6,
        required=False,
        help_text=_("公开的文字：不写当事人，不写具体案件。"),
    )
    story_en = text(_("调解室的故事（英文）"), 8_000, rows=6, required=False)
    picture = forms.FileField(
        label=_("照片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
        help_text=_("JPEG 或者 PNG，最大 1 MB；照片里不要有来访的人。"),
    )
    public = forms.BooleanField(
        label=_("在公开页面上介绍"), required=False, help_text=_("不需要登录就能看到。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_of"].choices = list(fields_in_force(clock.today()).items())  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        values = dict(self.cleaned_data)
        picture = values.pop("picture")
        values["fields"] = values.pop("fields_of")
        rest: dict[str, Any] = {
            name: values.pop(name) for name in ("code", "valid_from", "version") if name in values
        }
        new = NewPicture(picture.name or "", picture.read()) if picture else None
        return {"words": RoomWords(**values), "picture": new, **rest}


class NewRoomForm(RoomForm):
    code = text(_("网址代号"), 40, help_text=_("公开网址的最后一段：小写字母、数字和连字符，定了不再改。"))
    valid_from = forms.DateField(label=_("从哪天起"), widget=Day())
    field_order = ("name", "code", "valid_from")


class AmendRoomForm(RoomForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, room: BrandRoom, data: Any, files: Any, **kwargs: Any) -> None:
        said = {name: getattr(room, name) for name in self.base_fields if hasattr(room, name)}
        said |= {"fields_of": room.fields, "days": [str(each) for each in room.days], "picture": None}
        super().__init__(data, files, initial=said, **kwargs)


class EndForm(forms.Form):
    last = forms.DateField(label=_("最后一天"), widget=Day())

    def __init__(self, _room: BrandRoom, data: Any, files: Any, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"last": clock.today()}, **kwargs)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class WorkForm(forms.Form):
    person_id = forms.TypedChoiceField(label=_("调解员"), coerce=UUID)
    valid_from = forms.DateField(label=_("从哪天起"), widget=Day())
    agreed_on = forms.DateField(
        label=_("本人同意公开姓名的日期"),
        required=False,
        widget=Day(),
        help_text=_("不填：公开页面上不写姓名。"),
    )

    def __init__(self, room: BrandRoom, data: Any, files: Any, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"valid_from": clock.today()}, **kwargs)
        people = [(str(each.person_id), each.person.name) for each in to_put_to_work(room)]
        self.fields["person_id"].choices = [NOTHING, *people]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class EndWorkForm(EndForm):
    at_work_id = forms.TypedChoiceField(label=_("谁"), coerce=UUID)
    field_order = ("at_work_id", "last")

    def __init__(self, room: BrandRoom, data: Any, files: Any, **kwargs: Any) -> None:
        super().__init__(room, data, files, **kwargs)
        now = room.people.filter(valid_until=None).select_related("person")
        rows = [(str(each.pk), each.person.name) for each in now]
        self.fields["at_work_id"].choices = [NOTHING, *rows]  # type: ignore[attr-defined]
