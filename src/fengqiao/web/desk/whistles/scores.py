"""The caller's score of a department's answer, and what the scores say of each department over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain.scoring import refusal_to_score
from fengqiao.dispatch.models import Call, CallScore
from fengqiao.dispatch.policies import called_by, whistles_visible_to
from fengqiao.dispatch.queries import scores as query
from fengqiao.dispatch.queries.scores import OfDepartment, Tally
from fengqiao.flows import procedure
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.web.desk.whistles.views import reader
from fengqiao.web.kit.forms import Day, show_refusal

USUAL_MONTHS = 6
MOST_MONTHS = 12


class ScoreForm(forms.Form):
    score = forms.TypedChoiceField(
        label=gettext_lazy("分数"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, gettext_lazy("5 分：很快到场，问题解决")),
            (4, gettext_lazy("4 分：到场及时，处置得当")),
            (3, gettext_lazy("3 分：到了场，处置一般")),
            (2, gettext_lazy("2 分：到得晚，或没有处置好")),
            (1, gettext_lazy("1 分：没有来，或推诿")),
        ],
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写部门怎样应哨，不写个人。"),
    )


class TimeForm(forms.Form):
    since = forms.DateField(label=gettext_lazy("吹哨自"), required=False, widget=Day())
    until = forms.DateField(label=gettext_lazy("吹哨至"), required=False, widget=Day())


@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Scoring one call, and amending the score."""
    actor = reader(request)
    with scope(actor):
        call = _called(actor, call_id)
        before = list(CallScore.objects.filter(call=call))
    standing = next((each for each in before if each.replaced_at is None), None)
    initial = {"score": standing.score, "reason": standing.reason} if standing else {}
    form = ScoreForm(request.POST) if request.method == "POST" else ScoreForm(initial=initial)
    if form.is_bound and form.is_valid():
        try:
            procedure.score(actor=actor, call_id=call_id, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已评分。"))
            return redirect("whistles")
    with scope(actor):
        context = {
            "form": form,
            "call": call,
            "before": before[::-1],
            "why_not": refusal_to_score(call, before),
        }
        return render(request, "whistles/score.html", context, status=422 if form.is_bound else 200)


@require_GET
def scores(request: HttpRequest) -> HttpResponse:
    """Each department's scores; ``department`` and ``score`` in the address open a number into its rows."""
    actor = reader(request)
    asked = {"since", "until"} & set(request.GET)
    form = TimeForm(request.GET if asked else None)
    since, until = _time(form)
    months = list(query.months_between(since, until))[-MOST_MONTHS:]
    departments = query.by_department(actor, since=since, until=until)
    names = {str(each.department_id): each.name for each in departments}
    department, value = request.GET.get("department", ""), request.GET.get("score", "")
    only = int(value) if value in {str(n) for n in query.SCORES} else None
    rows: list[CallScore] = []
    number = 0
    if department in names:
        found = query.scored(actor, since=since, until=until, department=UUID(department), score=only)
        number, rows = found.count(), query.rows(found)
    codes = _codes(actor, rows)
    context = {
        "form": form if asked else TimeForm(initial={"since": since, "until": until}),
        "departments": [_shown(each, months, since, until) for each in departments],
        "headings": [_("评了"), _("平均"), *map(_in_words, query.SCORES), *(f"{m:%Y-%m}" for m in months)],
        "rows": [{"score": each, "code": codes.get(each.matter_id, "")} for each in rows],
        "number": number,
        "more": number > len(rows),
        "chosen": " · ".join(filter(None, (names.get(department, ""), _in_words(only) if only else ""))),
    }
    return render(request, "whistles/scores.html", context)


def _called(actor: Actor, call_id: UUID) -> Call:
    mine = Call.objects.filter(called_by(actor), whistle__in=whistles_visible_to(actor).values("pk"))
    call = mine.select_related("department", "whistle").filter(pk=call_id, invitation=False).first()
    if call is None:
        raise NotAllowed("may_not_score", _("由吹哨的人用吹哨时的岗位评分。"))
    return call


def _time(form: TimeForm) -> tuple[date, date]:
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    until = given.get("until") or clock.today()
    month = until.year * 12 + until.month - USUAL_MONTHS
    first = date(month // 12, month % 12 + 1, 1)
    return min(given.get("since") or first, until), until


def _shown(each: OfDepartment, months: list[date], since: date, until: date) -> dict[str, Any]:
    def cell(label: Any, value: Any, opens: bool, **more: Any) -> dict[str, Any]:
        asked = {"since": since, "until": until, "department": each.department_id} | more
        href = f"{reverse('call_scores')}?{urlencode(asked)}#rows" if opens else ""
        return {"label": label, "value": value, "href": href}

    cells = [
        cell(_("评了"), each.all.number, True),
        cell(_("平均"), _mean(each.all), True),
        *(cell(_in_words(n), each.of_each[n], each.of_each[n] > 0, score=n) for n in query.SCORES),
    ]
    for month in months:
        tally = each.by_month.get(month, Tally())
        last = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        time = {"since": max(month, since), "until": min(last, until)}
        title = ngettext("%(n)d 次", "%(n)d 次", tally.number) % {"n": tally.number}
        cells.append(cell(f"{month:%Y-%m}", _mean(tally), tally.number > 0, **time) | {"title": title})
    return {"name": each.name, "href": cells[0]["href"], "cells": cells}


def _mean(tally: Tally) -> str:
    return "—" if tally.mean is None else f"{tally.mean:.1f}"


def _in_words(score: int) -> str:
    return ngettext("%(n)d 分", "%(n)d 分", score) % {"n": score}


def _codes(actor: Actor, rows: list[CallScore]) -> dict[UUID | None, str]:
    """Codes of the matters that the post may open."""
    about = {each.matter_id for each in rows if each.matter_id}
    return dict(Matter.objects.visible_to(actor).filter(pk__in=about).values_list("pk", "code"))
