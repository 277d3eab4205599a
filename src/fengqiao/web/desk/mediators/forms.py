from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.kernel import clock
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.mediators.enums import Language
from fengqiao.places.models import Stationing
from fengqiao.web.kit.choices import NOTHING, Choices
from fengqiao.web.kit.forms import Day


class FindForm(forms.Form):
    """What the list is narrowed by."""

    field = forms.ChoiceField(label=_("擅长的类别"), required=False)
    language = forms.ChoiceField(label=_("会说的话"), required=False, choices=[NOTHING, *Language.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [NOTHING, *fields_in_force(clock.today()).items()]  # type: ignore[attr-defined]


class MediatorForm(forms.Form):
    stationing = forms.TypedChoiceField(label=_("调解员"), coerce=UUID)
    fields_of = forms.MultipleChoiceField(label=_("擅长的类别"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("普通话以外会说的话"),
        required=False,
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    places = forms.MultipleChoiceField(
        label=_("常去的镇街"), required=False, widget=forms.CheckboxSelectMultiple
    )
    certificate = forms.CharField(
        label=_("执业证书"),
        required=False,
        max_length=200,
        help_text=_("律师、心理咨询师、鉴定人等写明证书和编号。"),
    )
    valid_from = forms.DateField(label=_("从哪天起"), widget=Day())

    def __init__(self, *args: Any, held: Iterable[Stationing], towns: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(each.pk), f"{each.person.name} · {each.post.centre}") for each in held]
        self.fields["stationing"].choices = [NOTHING, *people]  # type: ignore[attr-defined]
        self.fields["fields_of"].choices = list(fields_in_force(clock.today()).items())  # type: ignore[attr-defined]
        self.fields["places"].choices = towns  # type: ignore[attr-defined]


class EndForm(forms.Form):
    last = forms.DateField(label=_("最后一天"), widget=Day())
