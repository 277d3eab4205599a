"""A colleague's number for the security administrator: shown whole with a reason, audited before."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.scope import scope
from fengqiao.flows import people as flow
from fengqiao.flows.people import Why
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.web.desk.administration.people import administrator
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal


class WhyForm(forms.Form):
    why = forms.ChoiceField(
        label=_("为什么需要查看"),
        choices=[("", "——"), *Why.choices],
        help_text=_("理由会记入审计。"),
    )


def show(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Asks for the reason, then shows the number."""
    actor = administrator(request)
    form = WhyForm(request.POST or None, auto_id=IN_DIALOG)
    value, status = "", 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        why = Why(form.cleaned_data["why"])
        try:
            value, status = flow.show_telephone(actor=actor, person_id=person_id, why=why), 200
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
    with scope(actor):
        context = {
            "title": _("查看电话"),
            "form": form,
            "target": reverse("person_telephone", args=[person_id]),
            "save": _("查看"),
            "value": value,
        }
        return render(request, "matter/dialog.html", context, status=status)
