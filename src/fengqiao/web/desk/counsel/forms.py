from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.counsel.domain.calling import Asked, Outsider
from fengqiao.counsel.enums import OUTSIDE, Capacity, ConsultationAction, Followed, Reply, Way
from fengqiao.counsel.models import Adviser, Invitee
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import place_label
from fengqiao.web.desk.study.forms import chosen
from fengqiao.web.kit.forms import MOMENT_FORMATS, Moment, written

NOTHING = ("", "——")
# By name at once; more are asked afterwards.
ROWS = 2


def held_in_words(held: Iterable[Stationing]) -> list[tuple[str, str]]:
    """Posts as a list to choose from names them."""
    return [(str(each.pk), f"{each.person.name} · {place_label(each)}") for each in held]


class AskForm(forms.Form):
    """Who is asked: posts to tick, and people without a post by name."""

    def __init__(
        self, *args: Any, held: Iterable[Stationing], advisers: Iterable[Adviser], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"] = chosen(_("邀请的岗位"), held_in_words(held), required=False)
        named = [
            (str(each.pk), f"{each.name} · {Capacity(each.kind).label} · {each.what_for}")
            for each in advisers
        ]
        if named:
            self.fields["advisers"] = chosen(_("邀请的法律顾问"), named, required=False)
        offered = [NOTHING, *((each.value, each.label) for each in OUTSIDE)]
        for row in range(1, ROWS + 1):
            self.fields[f"name_{row}"] = forms.CharField(
                label=_("场外人员 %(n)d") % {"n": row},
                required=False,
                max_length=60,
                help_text=_("没有岗位的人按姓名邀请，由中心另行通知；在系统里看不到任何内容。"),
            )
            self.fields[f"capacity_{row}"] = forms.ChoiceField(
                label=_("身份 %(n)d") % {"n": row}, required=False, choices=offered
            )
            self.fields[f"unit_{row}"] = forms.CharField(
                label=_("单位 %(n)d") % {"n": row}, required=False, max_length=120
            )

    def asked(self) -> Asked:
        """What was ticked and typed."""
        said = self.cleaned_data
        named = [
            Outsider(said[f"name_{row}"], said[f"capacity_{row}"], said[f"unit_{row}"])
            for row in range(1, ROWS + 1)
            if said[f"name_{row}"] or said[f"capacity_{row}"]
        ]
        return Asked(posts=said["posts"], outsiders=named, advisers=said.get("advisers") or [])

    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        plain = {name: value for name, value in self.cleaned_data.items() if name in self.base_fields}
        return plain | {"asked": self.asked()}


class CallForm(AskForm):
    facts = written(
        _("给会诊人员看的案情"), _("只有这里写的和下面的问题给他们看；不要写身份证号、电话、住址。")
    )
    question = written(_("要会诊的法律问题"), _("一行一个问题。"))
    meets_at = forms.DateTimeField(label=_("会诊时间"), widget=Moment(), input_formats=MOMENT_FORMATS)
    way = forms.ChoiceField(label=_("会诊方式"), choices=Way.choices, widget=forms.RadioSelect)
    place = forms.CharField(label=_("会诊地点或者视频链接"), max_length=300)

    def __init__(self, *args: Any, chairs: Iterable[Stationing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"] = forms.TypedChoiceField(
            label=_("主持人"),
            coerce=UUID,
            choices=held_in_words(chairs),
            help_text=_("本中心的一位领导，会诊意见书由其签发。"),
        )
        self.order_fields(["facts", "question", "meets_at", "way", "place", "chair", "posts"])

    def values(self) -> dict[str, Any]:
        return super().values() | {"chair": self.cleaned_data["chair"]}


class ForSomebody(forms.Form):
    """One's own, or what somebody outside the program said."""

    def __init__(self, *args: Any, own: bool, absent: Iterable[Invitee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), f"{each.name} · {Capacity(each.capacity).label}") for each in absent]
        if not offered:
            return
        self.fields["invitee_id"] = forms.TypedChoiceField(
            label=_("是谁的"),
            required=not own,
            coerce=UUID,
            empty_value=None,
            choices=[*([("", _("我自己"))] if own else []), *offered],
        )
        self.order_fields(["invitee_id"])

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ReplyForm(ForSomebody):
    answer = forms.ChoiceField(
        label=_("参加吗"),
        choices=[each for each in Reply.choices if each[0] != Reply.PENDING],
        widget=forms.RadioSelect,
    )
    reason = written(
        _("原因"), _("不能参加或者回避的要写。与当事人、事由有关的，应当回避。"), required=False, rows=2
    )


class OpineForm(ForSomebody):
    text = written(_("会诊意见和依据"), _("提交后不能再改。"), rows=6)


class Plain(forms.Form):
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SignForm(Plain):
    opinion = written(
        _("会诊意见"), _("写入事项的经过，打印为会诊意见书；怎么办仍由承办的人依职权决定。"), rows=6
    )
    articles = written(_("依据的法律条文"), required=False, rows=3)


class FollowForm(Plain):
    followed = forms.ChoiceField(
        label=_("会诊意见是否采纳"), choices=Followed.choices, widget=forms.RadioSelect
    )
    reason = written(_("理由"), _("没有全部采纳的要写。"), required=False, rows=2)


class CallOffForm(Plain):
    reason = written(_("为什么取消会诊"), rows=2)


PLAIN: dict[ConsultationAction, type[Plain]] = {
    ConsultationAction.SIGN: SignForm,
    ConsultationAction.FOLLOW: FollowForm,
    ConsultationAction.CALL_OFF: CallOffForm,
}
FOR_SOMEBODY: dict[ConsultationAction, type[ForSomebody]] = {
    ConsultationAction.REPLY: ReplyForm,
    ConsultationAction.OPINE: OpineForm,
}
