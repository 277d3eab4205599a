"""The short form of each action on an assignment, named as its verb in domain/ takes it."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.dispatch.enums import AssignmentAction, Decision, Opinion
from fengqiao.dispatch.models import Assignment
from fengqiao.web.desk.matter.forms import ActionForm, long_text
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day, ManyFiles

A = AssignmentAction


class AssignmentForm(ActionForm):
    """An action on an assignment that needs nothing written."""

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        self.assignment = assignment
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        given = super().values()
        given.pop("materials", None)
        return given


class Progress(AssignmentForm):
    text = long_text(_("办理进展"))
    materials = ManyFiles(label=_("材料"))


class AskReturn(AssignmentForm):
    reason = long_text(_("为什么不属于本单位职责"))
    basis = forms.CharField(label=_("依据（职责文件、法规条款）"), max_length=300)
    materials = ManyFiles(label=_("证据材料"))


class Arbitrate(AssignmentForm):
    shown_when: ClassVar[dict[str, str]] = {"give_to": "uphold=yes"}
    uphold = forms.ChoiceField(
        label=_("裁定"),
        choices=[("yes", _("同意退回，改由他人承办")), ("no", _("不同意退回，仍由该单位办理"))],
    )
    give_to = forms.ChoiceField(label=_("改由谁承办"), required=False)
    grounds = long_text(_("裁定依据"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = [self.matter.against_department_id, self.assignment.department_id]
        self.offer("give_to", choices.department_choices(self.actor, but=left_out))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "uphold": data["uphold"] == "yes",
            "give_to": UUID(data["give_to"]) if data["give_to"] else None,
            "grounds": data["grounds"],
        }


class AskExtension(AssignmentForm):
    until = forms.DateField(label=_("延到哪天"), widget=Day())
    reason = long_text(_("理由"), rows=2)


class DecideExtension(AssignmentForm):
    extension_id = forms.UUIDField(widget=forms.HiddenInput)
    approve = forms.ChoiceField(label=_("审批"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    answer = long_text(_("意见"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pending = self.assignment.extensions.filter(decision=Decision.PENDING).first()
        if self.pending is not None:
            self.fields["extension_id"].initial = self.pending.pk
            self.fields["approve"].help_text = _("申请延到 %(until)s：%(reason)s") % {
                "until": self.pending.until,
                "reason": self.pending.reason,
            }

    def values(self) -> dict[str, Any]:
        return super().values() | {"approve": self.cleaned_data["approve"] == "yes"}


class Dispose(AssignmentForm):
    shown_when: ClassVar[dict[str, str]] = {"performance_due": "declined=no"}
    result = long_text(_("办理结果"), rows=5)
    declined = forms.ChoiceField(label=_("结论"), choices=[("no", _("已办理")), ("yes", _("依法不予受理"))])
    basis = forms.CharField(label=_("依据"), required=False, max_length=300)
    performance_due = forms.DateField(label=_("约定履行期限"), required=False, widget=Day())
    materials = ManyFiles(label=_("材料"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"declined": self.cleaned_data["declined"] == "yes"}


class SignOff(AssignmentForm):
    opinion = forms.ChoiceField(label=_("会签意见"), choices=Opinion.choices, widget=forms.RadioSelect)
    text = long_text(_("说明"), required=False, rows=2)

    def values(self) -> dict[str, Any]:
        return super().values() | {"opinion": Opinion(self.cleaned_data["opinion"])}


class Override(AssignmentForm):
    reason = long_text(_("为什么代为通过"), rows=2)


FORMS: dict[AssignmentAction, type[AssignmentForm]] = {
    A.CHECK_IN: AssignmentForm,
    A.PROGRESS: Progress,
    A.ASK_RETURN: AskReturn,
    A.ARBITRATE: Arbitrate,
    A.ASK_EXTENSION: AskExtension,
    A.DECIDE_EXTENSION: DecideExtension,
    A.DISPOSE: Dispose,
    A.SIGN_OFF: SignOff,
    A.OVERRIDE: Override,
}
