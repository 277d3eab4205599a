from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.supervision.enums import HandedTo, SupervisionAction
from fengqiao.web.kit.forms import written


class ProposeForm(forms.Form):
    grounds = written(_("为什么提请督办"), _("只写单位的办理情况，不写个人。"))


class AnswerForm(forms.Form):
    text = written(_("申辩的事实和理由"), _("政法委决定之前会看到。"))


class DecideForm(forms.Form):
    agree = forms.ChoiceField(
        label=_("决定"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
    )
    reasons = written(_("决定的依据和理由"))

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return {**self.cleaned_data, "agree": self.cleaned_data["agree"] == "yes"}


class HandOverForm(DecideForm):
    handed_to = forms.ChoiceField(
        label=_("移送给"),
        required=False,
        choices=[("", "——"), *HandedTo.choices],
        help_text=_("只移送材料，由对方依职权处理；处理结果以后记在这里。"),
    )


class ReportForm(forms.Form):
    text = written(_("整改了什么、办到哪一步"))


class LiftForm(forms.Form):
    reasons = written(_("为什么解除督办"))


class OutcomeForm(forms.Form):
    text = written(_("对方机关的答复和文号"))


FORMS: dict[SupervisionAction, type[forms.Form]] = {
    SupervisionAction.ANSWER: AnswerForm,
    SupervisionAction.DECIDE: DecideForm,
    SupervisionAction.REPORT: ReportForm,
    SupervisionAction.LIFT: LiftForm,
    SupervisionAction.RECORD_OUTCOME: OutcomeForm,
}
