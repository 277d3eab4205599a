from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.counsel.enums import FourLink, TeamKind
from fengqiao.counsel.models import Member, Team
from fengqiao.kernel import clock
from fengqiao.places.models import Stationing
from fengqiao.rules.queries.categories import in_force
from fengqiao.rules.queries.team_seats import Seat
from fengqiao.web.desk.counsel.forms import NOTHING, held_in_words
from fengqiao.web.kit.forms import Day, written


class SetUpForm(forms.Form):
    kind = forms.ChoiceField(label=_("哪一种"), choices=TeamKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("名称"), max_length=60)
    division = forms.ChoiceField(label=_("负责的区划"))
    mandate = written(_("职责"), rows=3)
    category = forms.ChoiceField(
        label=_("只办哪类纠纷"), required=False, help_text=_("只有专班可以限定，不限定就不选。")
    )
    valid_from = forms.DateField(label=_("从哪天起"), widget=Day())
    valid_until = forms.DateField(
        label=_("到哪天止"), widget=Day(), required=False, help_text=_("专班必须写明。")
    )

    def __init__(self, *args: Any, divisions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = [NOTHING, *divisions]  # type: ignore[attr-defined]
        kinds = [(each.code, each.name) for each in in_force(clock.today()) if not each.is_leaf]
        self.fields["category"].choices = [NOTHING, *kinds]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today


class SeatForm(forms.Form):
    """Who takes a seat: somebody in a post, or by name who has none."""

    def __init__(self, *args: Any, free: Iterable[Seat], held: Iterable[Stationing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"] = forms.ChoiceField(label=_("席位"), choices=[(s.seat, s.name) for s in free])
        self.fields["stationing_id"] = forms.TypedChoiceField(
            label=_("岗位"),
            required=False,
            coerce=UUID,
            empty_value=None,
            choices=[NOTHING, *held_in_words(held)],
        )
        self.fields["name"] = forms.CharField(label=_("没有岗位的写姓名"), required=False, max_length=60)
        self.fields["unit"] = forms.CharField(label=_("所在单位"), required=False, max_length=120)


class LeaveForm(forms.Form):
    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_id"] = forms.TypedChoiceField(
            label=_("退出的成员"), coerce=UUID, choices=[(str(each.pk), each.name) for each in members]
        )


class TaskForm(forms.Form):
    """A task: for which link (in a village), what, whose turn, until when, of which matter or none."""

    def __init__(
        self,
        *args: Any,
        team: Team,
        members: Iterable[Member],
        matters: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if team.kind == TeamKind.VILLAGE:
            self.fields["link"] = forms.ChoiceField(label=_("四联"), choices=FourLink.choices)
        self.fields["what"] = written(_("做什么"), _("写事，不写人：不给任何人列名单、贴标签。"), rows=2)
        self.fields["member_id"] = forms.TypedChoiceField(
            label=_("由谁做"), coerce=UUID, choices=[(str(each.pk), each.name) for each in members]
        )
        self.fields["due_on"] = forms.DateField(label=_("什么时候做完"), widget=Day())
        if matters:
            self.fields["matter_id"] = forms.TypedChoiceField(
                label=_("哪件事项的"),
                required=False,
                coerce=UUID,
                empty_value=None,
                choices=[("", _("不属于哪件事项")), *matters],
            )


class EndForm(forms.Form):
    came_of = written(_("结果或者原因"), rows=2)


class DissolveForm(forms.Form):
    summary = written(_("工作小结"), rows=4)


class GiveForm(forms.Form):
    words = written(_("请小组做什么"), rows=2)

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"] = forms.TypedChoiceField(
            label=_("交给哪个小组或专班"),
            coerce=UUID,
            choices=[(str(each.pk), f"{each.name} · {TeamKind(each.kind).label}") for each in teams],
        )
        self.order_fields(["team_id", "words"])
