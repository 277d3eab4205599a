"""What the system administrator writes of centres and departments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.places.domain.bodies import Details
from fengqiao.places.enums import DepartmentKind, ResidenceMode
from fengqiao.places.models import Centre, Department
from fengqiao.places.queries.bodies import in_reach
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day

PRESENT = (ResidenceMode.RESIDENT, ResidenceMode.ROTATING)


class BodyForm(forms.Form):
    """A body that stands: ``body`` is it. The version is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("名称"), max_length=64)
    upper = forms.TypedChoiceField(label=_("上级机构"), required=False, coerce=UUID, empty_value=None)
    telephone = forms.CharField(
        label=_("办公电话"), required=False, max_length=32, help_text=_("单位的电话，不是个人的。")
    )
    address = forms.CharField(label=_("办公地址"), required=False, max_length=100)

    def __init__(self, actor: Actor, *args: Any, body: Centre | Department | None = None, **kwargs: Any):
        self.body = body
        if body is not None:
            kwargs.setdefault("initial", self._initial(body))
        super().__init__(*args, **kwargs)
        self._offer("upper", self._uppers(actor))

    def to_details(self) -> Details:
        """What a valid form says."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Details(**said)

    def _initial(self, body: Centre | Department) -> dict[str, Any]:
        names = (name for name in self.base_fields if name != "upper")
        return {name: getattr(body, name) for name in names} | {"upper": str(body.upper_id or "")}

    def _offer(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = offered

    def _uppers(self, actor: Actor) -> choices.Choices:
        raise NotImplementedError

    def _with_present(self, offered: list[tuple[str, str]]) -> choices.Choices:
        """The upper body that stands there now can lie outside the division, or have ended."""
        upper = self.body.upper if self.body else None
        if upper is not None and str(upper.pk) not in dict(offered):
            offered.insert(0, (str(upper.pk), upper.name))
        return [choices.NOTHING, *offered]


class DepartmentForm(BodyForm):
    short_name = forms.CharField(
        label=_("简称"), required=False, max_length=32, help_text=_("位置不够的地方用；不填就用名称。")
    )
    kind = forms.ChoiceField(
        label=_("部门类别"),
        choices=[choices.NOTHING, *DepartmentKind.choices],
        help_text=_("法院、检察院依法独立办案，系统不会向它们交办。"),
    )
    field_order: tuple[str, ...] = ("version", "name", "short_name", "kind", "upper", "telephone", "address")

    def _uppers(self, actor: Actor) -> choices.Choices:
        found = in_reach(Department, actor).filter(valid_until=None).order_by("division_id", "name")
        own = self.body.pk if self.body else None
        return self._with_present([(str(d.pk), d.name) for d in found if d.pk != own])


class CentreForm(BodyForm):
    def _uppers(self, actor: Actor) -> choices.Choices:
        found = in_reach(Centre, actor).filter(valid_until=None).order_by("division_id")
        own = self.body.pk if self.body else None
        return self._with_present([(str(c.pk), c.name) for c in found if c.pk != own])


class NewPlace(BodyForm):
    """What is said once, when a body is added."""

    division = forms.ChoiceField(label=_("所在区划"))
    since = forms.DateField(
        label=_("设立日期"), required=False, widget=Day(), help_text=_("不清楚就空着；可以是以后的一天。")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any):
        super().__init__(actor, *args, **kwargs)
        self._offer("division", choices.division_choices(actor, inner=True))


class NewDepartmentForm(NewPlace, DepartmentForm):
    field_order = ("division", "name", "short_name", "kind", "upper", "telephone", "address", "since")


class NewCentreForm(NewPlace, CentreForm):
    field_order = ("division", "name", "upper", "telephone", "address", "since")


class EndBodyForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(label=_("最后一天"), widget=Day(), help_text=_("写下后就不再派给它新的事项。"))


class ResidentsForm(forms.Form):
    """One choice for each department of the division, and for those from elsewhere that are present."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, actor: Actor, centre: Centre, *args: Any, **kwargs: Any):
        present = {each.department_id: each for each in centre.residences.all() if each.mode in PRESENT}
        kwargs.setdefault("initial", {"version": centre.version})
        super().__init__(*args, **kwargs)
        offered = {each.pk: each for each in in_reach(Department, actor).filter(valid_until=None)}
        offered |= {pk: each.department for pk, each in present.items()}
        for pk, department in sorted(offered.items(), key=lambda one: (one[1].division_id, one[1].name)):
            self.fields[f"at_{pk}"] = forms.ChoiceField(
                label=department.name,
                required=False,
                choices=[choices.NOTHING, *((mode, mode.label) for mode in PRESENT)],
                initial=present[pk].mode if pk in present else "",
            )

    def to_present(self) -> dict[UUID, ResidenceMode]:
        """What a valid form says, by department."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "version" and value}
        return {UUID(name.removeprefix("at_")): ResidenceMode(value) for name, value in said.items()}
