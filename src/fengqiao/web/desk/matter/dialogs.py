"""What is asked for in a dialog on a matter's page: to see a number, to let somebody read, to inform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import procedure
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.kit import choices
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, Day, show_refusal

READING_DAYS = 30
SEAL = pgettext_lazy("动作", "封存")


class UnmaskForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么需要查看"),
        max_length=200,
        help_text=_("理由会记入事项经过和审计。"),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class ReaderForm(forms.Form):
    person_id = forms.ChoiceField(label=_("批准谁查阅"))
    until = forms.DateField(label=_("查阅到哪天"), widget=Day())
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        kwargs["initial"] = {"until": clock.today() + timedelta(days=READING_DAYS)}
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = choices.reader_choices(matter)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"person_id": UUID(self.cleaned_data["person_id"])}


class InformForm(forms.Form):
    department_id = forms.ChoiceField(label=_("告知哪个单位"))
    text = forms.CharField(label=_("告知的内容"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = choices.department_choices(actor, independent=True, but=[matter.against_department_id])
        self.fields["department_id"].choices = offered  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"department_id": UUID(self.cleaned_data["department_id"])}


class RestrictForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么限阅"),
        max_length=200,
        help_text=_("限阅后只有您和持有中心的主任能看到，其他人须逐一批准。"),
    )

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


class SealForm(forms.Form):
    basis = forms.CharField(
        label=_("封存的法律依据"),
        max_length=200,
        help_text=_("封存后日常工作中任何人都看不到，也查不到、导不出。"),
    )

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


@dataclass(frozen=True)
class Dialog:
    title: Any
    form: type[forms.Form]
    act: Callable[..., Any]
    save: Any
    leaves: bool = False


DIALOGS: dict[str, Dialog] = {
    "reader": Dialog(_("批准查阅"), ReaderForm, procedure.name_reader, _("批准")),
    "inform": Dialog(_("告知单位"), InformForm, procedure.inform, _("记录告知")),
    "restrict": Dialog(_("设为限阅"), RestrictForm, procedure.restrict, _("设为限阅")),
    "seal": Dialog(SEAL, SealForm, procedure.seal, SEAL, leaves=True),
}


def dialog(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One of the dialogs of a matter, and its saving."""
    actor = actor_of_request(request)
    kind = DIALOGS.get(name)
    if kind is None:
        raise NotAllowed("no_such_action", _("没有这个动作。"))
    with scope(actor):
        matter = opened(actor, code, door=name)
        form = kind.form(request.POST or None, actor=actor, matter=matter, auto_id=IN_DIALOG)  # type: ignore[call-arg]
        valid = request.method == "POST" and form.is_valid()
    status = 422 if request.method == "POST" else 200
    if valid:
        try:
            kind.act(actor=actor, matter_id=matter.pk, **form.values())  # type: ignore[attr-defined]
        except Refusal as refusal:
            show_refusal(form, refusal, fields={"department": "department_id"})
            status = refusal.status
        else:
            messages.success(
                request, _("%(action)s：已完成。%(code)s") % {"action": kind.title, "code": code}
            )
            return _go(reverse("my_work") if kind.leaves else reverse("matter", args=[code]))
    with scope(actor):
        target = reverse("matter_dialog", args=[code, name])
        context = {"title": kind.title, "form": form, "target": target, "save": kind.save}
        return render(request, "matter/dialog.html", context, status=status)


def unmask(request: HttpRequest, code: str, what: str, row: UUID) -> HttpResponse:
    """Asks for the reason, then shows one protected value whole: audited before it is shown."""
    actor = actor_of_request(request)
    form = UnmaskForm(request.POST or None, auto_id=IN_DIALOG)
    value, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            value = procedure.unmask(actor=actor, what=what, row_id=row, reason=form.cleaned_data["reason"])
            status = 200
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
    with scope(actor):
        context = {
            "title": _("查看完整号码"),
            "form": form,
            "target": reverse("unmask", args=[code, what, row]),
            "save": _("查看"),
            "value": value,
        }
        return render(request, "matter/dialog.html", context, status=status)


def _go(url: str) -> HttpResponse:
    """Tells the dialog's page to open another."""
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = url
    return response
