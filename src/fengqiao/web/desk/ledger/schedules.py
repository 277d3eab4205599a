"""Scheduled exports: setting one up from a saved view, changing and stopping it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import scheduling
from fengqiao.exchange.domain.scheduling import Rhythm
from fengqiao.exchange.enums import Every, ExportFormat
from fengqiao.exchange.models import ExportSchedule
from fengqiao.exchange.queries.exports import schedules_of
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.saved_views import views_of
from fengqiao.web.desk.ledger.views import reader
from fengqiao.web.kit.forms import show_refusal


class ScheduleForm(forms.Form):
    every = forms.TypedChoiceField(label=gettext_lazy("多久一次"), choices=Every.choices, coerce=Every)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("星期几"), required=False, coerce=int, empty_value=None
    )
    day = forms.TypedChoiceField(
        label=gettext_lazy("几号"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(n, str(n)) for n in range(1, 32)],
        help_text=gettext_lazy("没有这一天的月份，在最后一天导出。"),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("几点"), coerce=int, choices=[(n, f"{n:02d}:00") for n in range(24)]
    )
    kind = forms.ChoiceField(label=gettext_lazy("格式"), choices=ExportFormat.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekday = self.fields["weekday"]
        assert isinstance(weekday, forms.ChoiceField)  # noqa: S101  for the type checker
        # Django counts from Monday as 0, the calendar's standard from 1.
        weekday.choices = [(n + 1, name) for n, name in WEEKDAYS.items()]

    def rhythm(self) -> Rhythm:
        """The values of a valid form."""
        data = self.cleaned_data
        return Rhythm(every=data["every"], hour=data["hour"], weekday=data["weekday"], day=data["day"])


USUAL = {"every": Every.DAY, "weekday": 1, "day": 1, "hour": 6, "kind": ExportFormat.XLSX}


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """A new schedule for a saved view."""
    actor = reader(request)
    form = ScheduleForm(request.POST) if request.method == "POST" else ScheduleForm(initial=USUAL)
    if form.is_bound and form.is_valid():
        try:
            scheduling.schedule(
                actor=actor, view_id=view_id, kind=form.cleaned_data["kind"], rhythm=form.rhythm()
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已设定。到时导出的文件在“我的导出”里。"))
            return redirect("exports")
    with scope(actor):
        return _page(request, form, _view(actor, view_id))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Another rhythm for a schedule that runs."""
    actor = reader(request)
    with scope(actor):
        found = schedules_of(actor).filter(pk=schedule_id, stopped_at=None).first()
        if found is None:
            raise NotAllowed("schedule_not_found", _("没有这个定时导出，或已经停止。"))
    now = {name: getattr(found, name) or usual for name, usual in USUAL.items()} | {"hour": found.hour}
    form = ScheduleForm(request.POST) if request.method == "POST" else ScheduleForm(initial=now)
    if form.is_bound and form.is_valid():
        try:
            scheduling.change(
                actor=actor, schedule_id=schedule_id, kind=form.cleaned_data["kind"], rhythm=form.rhythm()
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("exports")
    with scope(actor):
        return _page(request, form, found)


@require_POST
def stop(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Stops a schedule."""
    scheduling.stop(actor=reader(request), schedule_id=schedule_id)
    messages.success(request, _("定时导出已停止。已经导出的文件仍可下载到期满。"))
    return redirect("exports")


def rhythm_in_words(found: ExportSchedule) -> str:
    """When it is made."""
    hour = f"{found.hour:02d}:00"
    if found.every == Every.WEEK and found.weekday:
        return _("每周：%(day)s %(hour)s") % {"day": WEEKDAYS[found.weekday - 1], "hour": hour}
    if found.every == Every.MONTH:
        return _("每月 %(day)d 日 %(hour)s") % {"day": found.day or 1, "hour": hour}
    return _("每天 %(hour)s") % {"hour": hour}


def _page(request: HttpRequest, form: ScheduleForm, what: SavedView | ExportSchedule) -> HttpResponse:
    context = {"form": form, "name": what.name, "found": what if isinstance(what, ExportSchedule) else None}
    return render(request, "exports/schedule.html", context, status=422 if form.is_bound else 200)


def _view(actor: Actor, view_id: UUID) -> SavedView:
    view = views_of(actor).filter(pk=view_id).first()
    if view is None:
        raise NotAllowed("view_not_found", _("没有这个视图，或不是给您现在的岗位用的。"))
    return view
