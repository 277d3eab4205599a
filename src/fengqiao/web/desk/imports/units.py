"""Which department a ledger means by the name that it writes: a person says it here, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.units import LONGEST, map_unit
from fengqiao.exchange.policies import check_may_import
from fengqiao.exchange.queries.imports import unknown_units
from fengqiao.exchange.queries.units import units_of
from fengqiao.kernel.errors import Invalid
from fengqiao.web.kit import choices
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

NONE_HERE = "none"


class UnitForm(forms.Form):
    """A name as a ledger writes it, and the department that it means."""

    written = forms.CharField(label=gettext_lazy("台账里的单位名称"), max_length=LONGEST)
    department = forms.ChoiceField(label=gettext_lazy("对应的部门"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = choices.department_choices(actor, independent=True)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [offered[0], (NONE_HERE, _("没有对应的部门")), *offered[1:]]

    def chosen(self) -> UUID | None:
        """The department; ``None`` for a body that has none here."""
        value = self.cleaned_data["department"]
        return None if value == NONE_HERE else UUID(value)


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """What is known, and a form for one more name (or another answer for a known one)."""
    actor = actor_of_request(request)
    check_may_import(actor)
    if request.method != "POST":
        form = UnitForm(actor=actor, initial={"written": request.GET.get("written", "")[:LONGEST]})
        return _page(request, actor, form)
    with scope(actor):
        form = UnitForm(request.POST, actor=actor)
        valid = form.is_valid()
    if valid:
        try:
            unit = map_unit(actor=actor, written=form.cleaned_data["written"], department_id=form.chosen())
        except Invalid as wrong:
            show_refusal(form, wrong)
        else:
            messages.success(request, _("已记下“%(name)s”。以后的导入都照此办理。") % {"name": unit.written})
            run = _run(request)
            return redirect(f"{reverse('import_units')}?run={run}" if run else "import_units")
    with scope(actor):
        return _page(request, actor, form, status=422)


def _page(request: HttpRequest, actor: Actor, form: UnitForm, *, status: int = 200) -> HttpResponse:
    known = list(units_of(actor))
    said = {each.written for each in known}
    context = {
        "form": form,
        "units": known,
        "unknown": [(name, rows) for name, rows in unknown_units(actor).items() if name not in said],
        "run": _run(request),
    }
    return render(request, "imports/units.html", context, status=status)


def _run(request: HttpRequest) -> UUID | None:
    """The import that one came from, to go back to."""
    try:
        return UUID(request.GET.get("run", ""))
    except ValueError:
        return None
