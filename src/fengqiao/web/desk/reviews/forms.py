from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.reviews.enums import HeldAction, HeldKind, Standing
from fengqiao.web.kit.choices import department_choices
from fengqiao.web.kit.forms import Day

LONG = 2_000


def written(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    """A few sentences that have to be written."""
    return forms.CharField(
        label=label, max_length=LONG, help_text=help_text, widget=forms.Textarea(attrs={"rows": 4}), **more
    )


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


FORMS: dict[HeldAction, type[forms.Form]] = {
    HeldAction.REPLY: ReplyForm,
    HeldAction.WITHDRAW: WithdrawForm,
}
