"""人民调解统计表: the form of a period and centre, the rows behind each number, the workbook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.statistics_sheet import workbook_of
from fengqiao.flows import statistics as flow
from fengqiao.kernel import clock
from fengqiao.mediation.enums import Result
from fengqiao.reporting.periods import Period, offered, period_of, quarter_of
from fengqiao.reporting.policies import check_may_read_statistics
from fengqiao.reporting.queries import mediation_statistics as query
from fengqiao.reporting.queries.held import Held
from fengqiao.reporting.queries.mediation_proofs import proved
from fengqiao.reporting.queries.mediation_statistics import COUNTERS, ENDED, TAKEN_UP, TOTAL, Counter, Form
from fengqiao.rules.queries.categories import label as category_label
from fengqiao.rules.queries.mediation_statistics import report_categories, unreached
from fengqiao.web.kit import choices
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.paging import filled, key_of, number_of_page
from fengqiao.web.kit.sheets import sheet_of

PAGE = 50


class AskForm(forms.Form):
    period = forms.ChoiceField(label=gettext_lazy("时期"), required=False)
    centre = forms.ChoiceField(label=gettext_lazy("登记中心"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offers in (
            ("period", [(each.key, each.name) for each in offered(clock.today())]),
            ("centre", [("", _("看得到的全部中心")), *choices.centre_choices(actor)[1:]]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = offers


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """The form with the proof that it is the ledger; every number but nought opens into its rows."""
    actor = actor_of_request(request)
    check_may_read_statistics(actor)
    asking, period, centre, asked = _asked(request, actor)
    with scope(actor):
        form, proofs = proved(actor, period, centre=centre)
    context = {
        "form": asking,
        "period": period,
        "parts": [
            {"title": title, "counters": counters, "lines": _lines(form, counters, asked)}
            for title, counters in ((pgettext("统计", "受理"), TAKEN_UP), (_("结果"), ENDED))
        ],
        "proofs": proofs,
        "holds": all(each.holds for each in proofs),
        "unreached": [each.name for each in unreached()],
        "uncategorised": form.uncategorised(),
        "sheet": f"{reverse('mediation_statistics_sheet')}?{urlencode(asked)}",
    }
    return render(request, "statistics/statistics.html", context)


@require_GET
def rows(request: HttpRequest, kind: str, counter: str) -> HttpResponse:
    """The mediations that one number counts."""
    actor = actor_of_request(request)
    check_may_read_statistics(actor)
    kinds = {each.id: each.name for each in report_categories()} | {TOTAL: _("合计")}
    if kind not in kinds or counter not in COUNTERS:
        raise Http404
    _form, period, centre, asked = _asked(request, actor)
    with scope(actor):
        form = query.form_of(actor, period, centre=centre)
    found = form.rows(kind, counter)
    page = number_of_page(request.GET)
    here = reverse("mediation_statistics_rows", args=[kind, counter])
    context = {
        "kind": kinds[kind],
        "counter": COUNTERS[counter],
        "period": period,
        "number": len(found),
        "value": form.value(kind, counter),
        "rows": [_row(each, COUNTERS[counter]) for each in found[(page - 1) * PAGE : page * PAGE]],
        "back": f"{reverse('mediation_statistics')}?{urlencode(asked)}",
        "next_href": f"{here}?{urlencode(asked | {'page': page + 1})}" if len(found) > page * PAGE else "",
        "first_href": f"{here}?{urlencode(asked)}" if page > 1 else "",
    }
    return render(request, "statistics/rows.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The same numbers as xlsx."""
    actor = actor_of_request(request)
    check_may_read_statistics(actor)
    asking, period, centre, asked = _asked(request, actor)
    with scope(actor):
        form, proofs = proved(actor, period, centre=centre)
    of = dict(asking.fields["centre"].choices)[asked.get("centre", "")]  # type: ignore[attr-defined]
    content = workbook_of(form, proofs, of=str(of))
    flow.taken_out(actor=actor, period=period)
    return sheet_of(content, name=f"人民调解统计表-{period.key}")


def _asked(request: HttpRequest, actor: Actor) -> tuple[AskForm, Period, Any, dict[str, str]]:
    """What the address asks for; what it does not know is this quarter, and all centres."""
    with scope(actor):
        form = AskForm(filled(AskForm, request.GET), actor=actor)
        form.is_valid()
    said = form.cleaned_data
    period = period_of(said.get("period") or "") or quarter_of(clock.today())
    asked = {"period": period.key}
    if said.get("centre"):
        asked["centre"] = said["centre"]
    form.data = {**form.data, **asked}
    return form, period, key_of(said.get("centre") or ""), asked


def _lines(form: Form, counters: tuple[Counter, ...], asked: dict[str, str]) -> list[dict[str, Any]]:
    lines = [*((each.id, each.name) for each in report_categories()), (TOTAL, _("合计"))]
    return [
        {
            "name": name,
            "is_total": kind == TOTAL,
            "cells": [_cell(form, kind, each, asked) for each in counters],
        }
        for kind, name in lines
    ]


def _cell(form: Form, kind: str, counter: Counter, asked: dict[str, str]) -> dict[str, Any]:
    number = form.value(kind, counter.id)
    way = reverse("mediation_statistics_rows", args=[kind, counter.id])
    said = f"{number:,.2f}" if counter.is_money and number else f"{number:,.0f}"
    return {"label": counter.label, "said": said, "href": f"{way}?{urlencode(asked)}" if number else ""}


def _row(held: Held, counter: Counter) -> dict[str, Any]:
    return {
        "held": held,
        "category": category_label(held.category) if held.category else _("没有登记类别"),
        "result": Result(held.result).label if held.result else "",
        "of": counter.of(held),
    }
