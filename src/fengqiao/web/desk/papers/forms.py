from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.dossier.domain.serving import NewService
from fengqiao.dossier.enums import ServiceMethod
from fengqiao.dossier.paper import Paper


class ServiceForm(forms.Form):
    addressee = forms.CharField(label=_("送给谁"), max_length=100)
    method = forms.ChoiceField(label=_("送达方式"), choices=ServiceMethod.choices)
    served_at = forms.DateTimeField(
        label=_("送达时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    remark = forms.CharField(label=_("备注（回执号、邮单号、见证人）"), max_length=200, required=False)

    def to_service(self, paper: Paper) -> NewService:
        """The values of a valid form."""
        data = self.cleaned_data
        return NewService(
            kind=paper.kind,
            reference=paper.reference,
            addressee=data["addressee"],
            method=ServiceMethod(data["method"]),
            served_at=data["served_at"],
            remark=data["remark"],
        )
