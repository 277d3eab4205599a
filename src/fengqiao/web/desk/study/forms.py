from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.kernel import clock
from fengqiao.places.models import Department
from fengqiao.places.queries.acting import place_label
from fengqiao.study.enums import Expertise, Reply, Stance, StudyAction
from fengqiao.study.models import Member
from fengqiao.web.kit.forms import Day, written


def fields_in_words(codes: Iterable[str]) -> str:
    """Fields of expertise, as one line."""
    return str(_("、")).join(str(Expertise(each).label) for each in codes if each in Expertise)


def member_in_words(member: Member) -> str:
    """A member as the list to choose from names them: who, where, for what."""
    place = member.post.centre or member.post.department
    return " · ".join(
        each
        for each in (member.person.name, place.name if place else "", fields_in_words(member.fields))
        if each
    )


def chosen(
    label: Any, choices: list[tuple[str, str]], *, required: bool = True
) -> forms.TypedMultipleChoiceField:
    """Several of a list by their keys."""
    return forms.TypedMultipleChoiceField(
        label=label,
        required=required,
        choices=choices,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
    )


class InviteForm(forms.Form):
    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), member_in_words(each)) for each in members]
        self.fields["members"] = chosen(_("邀请的委员"), offered)


class MaterialsForm(forms.Form):
    def __init__(self, *args: Any, materials: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["materials"] = chosen(_("给委员看的材料"), materials)


class ConveneForm(InviteForm):
    questions = written(_("要研判的问题"), _("一行一个问题。"))
    proposal = written(_("中心的拟办意见"), _("委员对它表态：赞成、修改后赞成、不赞成或保留。"))
    opinions_by = forms.DateField(label=_("意见交到"), widget=Day())

    def __init__(self, *args: Any, materials: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if materials:
            self.fields["materials"] = chosen(_("给委员看的材料"), materials, required=False)
        self.order_fields(["questions", "proposal", "opinions_by", "members", "materials"])


class ReplyForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("您参加吗"),
        choices=[each for each in Reply.choices if each[0] != Reply.PENDING],
        widget=forms.RadioSelect,
    )
    reason = written(
        _("原因"), _("不能参加或者回避的要写。与当事人、事由有关的，应当回避。"), required=False, rows=2
    )


class OpineForm(forms.Form):
    stance = forms.ChoiceField(label=_("对拟办意见"), choices=Stance.choices, widget=forms.RadioSelect)
    text = written(_("意见和依据"), _("提交后不能再改；别人的意见在您提交之后才看得到。"), rows=6)


class ConcludeForm(forms.Form):
    conclusion = written(_("研判结论"), _("写入事项的经过，附意见分布。"), rows=6)
    department_id = forms.TypedChoiceField(
        label=_("送给承办部门作参考"),
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text=_("只是建议：怎么办仍由部门依职权决定。"),
    )

    def __init__(self, *args: Any, departments: Iterable[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), each.short_name) for each in departments]
        self.fields["department_id"].choices = [("", "——"), *offered]  # type: ignore[attr-defined]


class CallOffForm(forms.Form):
    reason = written(_("为什么取消研判"), rows=2)


class MemberForm(forms.Form):
    stationing = forms.TypedChoiceField(label=_("人员和岗位"), coerce=UUID)
    fields_of = forms.MultipleChoiceField(
        label=pgettext_lazy("研判领域", "领域"),
        choices=Expertise.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    basis = forms.CharField(label=_("县里的文件"), max_length=200)
    valid_from = forms.DateField(label=_("任期从"), widget=Day())

    def __init__(self, *args: Any, held: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), f"{each.person.name} · {place_label(each)}") for each in held]
        self.fields["stationing"].choices = [("", "——"), *offered]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today


class EndMemberForm(forms.Form):
    last = forms.DateField(label=_("最后一天"), widget=Day())


FORMS: dict[StudyAction, type[forms.Form]] = {
    StudyAction.REPLY: ReplyForm,
    StudyAction.OPINE: OpineForm,
    StudyAction.CALL_OFF: CallOffForm,
    StudyAction.CONCLUDE: ConcludeForm,
    StudyAction.INVITE: InviteForm,
    StudyAction.ADD_MATERIALS: MaterialsForm,
}
