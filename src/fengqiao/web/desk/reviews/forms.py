from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.reviews.domain.sampling import Said
from fengqiao.reviews.enums import Answer, CaseAction, HeldAction, HeldKind, Standing
from fengqiao.rules.queries.checklist import Item
from fengqiao.web.kit.choices import department_choices
from fengqiao.web.kit.forms import Day, written

LONG = 2_000


class ListFilterForm(forms.Form):
    """What of the list is shown; the days are those of the entry, or, of the ledger, of the end of what was owed."""

    kind = forms.ChoiceField(label=_("事实"), required=False)
    standing = forms.ChoiceField(label=_("状态"), required=False)
    department = forms.ChoiceField(label=_("单位"), required=False)
    first = forms.DateField(label=_("自"), required=False, widget=Day())
    last = forms.DateField(label=_("至"), required=False, widget=Day())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "——"), *HeldKind.choices]  # type: ignore[attr-defined]
        self.fields["standing"].choices = [("", "——"), *Standing.choices]  # type: ignore[attr-defined]
        if actor.role is Role.HANDLER:
            del self.fields["department"]
        else:
            self.fields["department"].choices = department_choices(actor, ended=True)  # type: ignore[attr-defined]


class EnterForm(forms.Form):
    remark = written(_("为什么列入"), _("只写单位的办理情况，不写个人。单位马上会被告知，可以答复。"))


class ReplyForm(forms.Form):
    text = written(_("本单位的答复"), _("答复和事实写在一起：清单、打印件和导出里都有。"))


class WithdrawForm(forms.Form):
    reason = written(_("为什么撤回"))


class DrawForm(forms.Form):
    first = forms.DateField(label=_("结案自"), widget=Day())
    last = forms.DateField(label=_("结案至"), widget=Day())
    wanted = forms.IntegerField(label=_("抽几卷"), min_value=1, max_value=100, initial=10)


class MendForm(forms.Form):
    text = written(_("怎样整改的"))


class CheckForm(forms.Form):
    """Three fields for each question of the checklist."""

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"{item.id}-answer"] = forms.ChoiceField(
                label=_("结果"), choices=Answer.choices, widget=forms.RadioSelect
            )
            self.fields[f"{item.id}-remark"] = forms.CharField(
                label=_("问题或说明"),
                required=False,
                max_length=LONG,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{item.id}-mend_by"] = forms.DateField(
                label=_("整改期限"), required=False, widget=Day()
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields by question, for the page."""
        names = ("answer", "remark", "mend_by")
        return [{"item": item} | {name: self[f"{item.id}-{name}"] for name in names} for item in self.items]

    def answers(self) -> dict[str, Said]:
        """What the domain takes."""
        said = self.cleaned_data
        return {
            item.id: Said(said[f"{item.id}-answer"], said[f"{item.id}-remark"], said[f"{item.id}-mend_by"])
            for item in self.items
        }


class OpenCaseForm(forms.Form):
    code = forms.CharField(label=_("事项编号"), max_length=32)
    ground = written(_("为什么评查"), _("写明线索来源和要查清什么；只评办理，不评个人。"))
    reviewer = forms.ChoiceField(
        label=_("由谁评查"),
        required=False,
        help_text=_("事项涉及法院、检察院的，由其自己的评查员写评查意见。"),
    )

    def __init__(self, *args: Any, courts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].choices = [("", _("政法委")), *courts]  # type: ignore[attr-defined]


class FindForm(forms.Form):
    text = written(_("评查发现了什么"), _("对照事实和法律写办理情况，不写个人。"))


class ConcludeForm(forms.Form):
    conclusion = written(_("评查结论"))
    to_mend = written(_("中心要整改什么"), _("没有要整改的，留空即可。"), required=False)
    mend_by = forms.DateField(label=_("整改期限"), required=False, widget=Day())


class AnswerReviewForm(forms.Form):
    text = written(_("怎样整改的"))


class WriteUpForm(forms.Form):
    done = written(_("当时知道什么、做了什么"), _("对照下面的经过写；只写办理，不写个人。"))
    conclusion = written(_("复盘结论"), _("哪里没有做到，今后怎样改。"))


REVIEW_FORMS: dict[CaseAction, type[forms.Form]] = {
    CaseAction.FIND: FindForm,
    CaseAction.CONCLUDE: ConcludeForm,
    CaseAction.ANSWER: AnswerReviewForm,
    CaseAction.WRITE_UP: WriteUpForm,
}
FORMS: dict[HeldAction, type[forms.Form]] = {
    HeldAction.REPLY: ReplyForm,
    HeldAction.WITHDRAW: WithdrawForm,
}
