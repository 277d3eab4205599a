from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.domain.whistling import NewWhistle
from fengqiao.dispatch.enums import WhistlePlace
from fengqiao.matters.models import Matter
from fengqiao.web.kit import choices


class WhistleForm(forms.Form):
    departments = forms.MultipleChoiceField(
        label=_("叫谁来"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("按住 Ctrl 可选多个。法院、检察院是邀请，可以不来。"),
    )
    place_kind = forms.ChoiceField(label=_("到哪里"), choices=WhistlePlace.choices)
    place = forms.CharField(label=_("具体地点"), max_length=100)
    division = forms.ChoiceField(label=_("所在村居"), required=False)
    message = forms.CharField(label=_("为什么事"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, matter: Matter | None, **kwargs: Any) -> None:
        if matter is not None:
            kwargs["initial"] = {"division": matter.division_id or "", "message": matter.title}
        super().__init__(*args, **kwargs)
        self.matter = matter
        but = [matter.against_department_id] if matter else []
        self._offer("departments", choices.department_choices(actor, independent=True, but=but)[1:])
        self._offer("division", choices.division_choices(actor))

    def _offer(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = offered

    def to_whistle(self) -> NewWhistle:
        """The values of a valid form."""
        data = self.cleaned_data
        return NewWhistle(
            departments=[UUID(each) for each in data["departments"]],
            place_kind=WhistlePlace(data["place_kind"]),
            place=data["place"],
            message=data["message"],
            matter_id=self.matter.pk if self.matter else None,
            division=data["division"],
        )


class AnswerForm(forms.Form):
    result = forms.CharField(label=_("处置的结果"), required=False, max_length=2000)
