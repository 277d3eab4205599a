"""驻点律师: the roster of a centre, and a lawyer's part in a matter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import pool as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import Matter
from fengqiao.pool.domain.appointments import may_book
from fengqiao.pool.enums import AppointmentState, ChangeKind, LawyerAction, PoolAction
from fengqiao.pool.models import Talent
from fengqiao.pool.policies import check_may_keep, check_may_read, may_keep
from fengqiao.pool.queries.lawyers import appointments_on, part_of
from fengqiao.pool.queries.roster import changes_of, free_slots, lawyers_to_enter, on_duty_now, turns_of
from fengqiao.web.desk.leading.dialogs import dialog
from fengqiao.web.desk.leading.forms import OfMatter
from fengqiao.web.desk.mediation.forms import party_choices
from fengqiao.web.desk.pool.forms import hour, text
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.choices import NOTHING, Choices
from fengqiao.web.kit.forms import IN_DIALOG, Day, show_refusal, written
from fengqiao.web.kit.hours import DAYS

DOOR = "lawyer"
CHOOSE = {"required": gettext_lazy("请选择。")}


class OfLawyer(forms.Form):
    lawyer_id = forms.TypedChoiceField(label=gettext_lazy("律师"), coerce=UUID, error_messages=CHOOSE)

    def __init__(self, county: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lawyer_id"].choices = lawyer_choices(county)  # type: ignore[attr-defined]


class TurnForm(OfLawyer):
    weekday = forms.TypedChoiceField(label=gettext_lazy("星期几"), choices=DAYS, coerce=int)
    begins = hour(gettext_lazy("从几点"))
    ends = hour(gettext_lazy("到几点"), help_text=gettext_lazy("整点或者半点；预约每半小时一位。"))
    valid_from = forms.DateField(label=gettext_lazy("从哪天起"), widget=Day())
    named = forms.BooleanField(label=gettext_lazy("律师同意在公开页面上写姓名"), required=False)


class DayForm(OfLawyer):
    day = forms.DateField(label=gettext_lazy("哪一天"), widget=Day())
    kind = forms.ChoiceField(label=gettext_lazy("怎样变动"), choices=ChangeKind.choices)
    begins = hour(gettext_lazy("从几点"), required=False)
    ends = hour(gettext_lazy("到几点"), required=False, help_text=gettext_lazy("不来的不用填。"))
    why = text(gettext_lazy("原因"), 200, required=False)
    named = forms.BooleanField(label=gettext_lazy("律师同意在公开页面上写姓名"), required=False)


class EndForm(forms.Form):
    last = forms.DateField(label=gettext_lazy("最后一天"), widget=Day())


class BookForm(OfMatter):
    party_id = forms.TypedChoiceField(label=gettext_lazy("当事人"), coerce=UUID, error_messages=CHOOSE)
    slot = forms.ChoiceField(
        label=gettext_lazy("律师和时间"),
        error_messages=CHOOSE,
        help_text=gettext_lazy("两周之内的空闲时间。法律咨询不收费。"),
    )

    def offer(self, matter: Matter) -> None:
        self.fields["party_id"].choices = party_choices(matter)  # type: ignore[attr-defined]
        self.fields["slot"].choices = slot_choices(matter)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        lawyer, _bar, starts = values.pop("slot").partition("|")
        return values | {"lawyer_id": UUID(lawyer), "starts_at": datetime.fromisoformat(starts)}


class OfAppointment(OfMatter):
    appointment_id = forms.TypedChoiceField(
        label=gettext_lazy("哪个预约"), coerce=UUID, error_messages=CHOOSE
    )

    def offer(self, matter: Matter) -> None:
        booked = [each for each in part_of(matter).appointments if each.state == AppointmentState.BOOKED]
        rows = [
            (
                str(each.pk),
                f"{localtime(each.starts_at):%Y-%m-%d %H:%M} · {each.lawyer.name} · {each.party.name}",
            )
            for each in booked
        ]
        self.fields["appointment_id"].choices = rows if len(rows) == 1 else [NOTHING, *rows]  # type: ignore[attr-defined]


class MoveForm(OfAppointment):
    slot = forms.ChoiceField(label=gettext_lazy("改到什么时候"), error_messages=CHOOSE)
    why = written(gettext_lazy("为什么改期"))

    def offer(self, matter: Matter) -> None:
        super().offer(matter)
        mine = {str(each.lawyer_id) for each in part_of(matter).appointments}
        self.fields["slot"].choices = slot_choices(matter, only=mine)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return values | {"starts_at": datetime.fromisoformat(values.pop("slot").partition("|")[2])}


class KeepForm(OfAppointment):
    advised = forms.CharField(
        label=gettext_lazy("律师的意见"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("作为本事项的记录，只有能看本事项的人看得到。"),
    )


class CancelForm(OfAppointment):
    why = written(gettext_lazy("为什么取消"))


class FollowForm(OfMatter):
    lawyer_id = forms.TypedChoiceField(label=gettext_lazy("律师"), coerce=UUID, error_messages=CHOOSE)

    def offer(self, matter: Matter) -> None:
        self.fields["lawyer_id"].choices = lawyer_choices(matter.county)  # type: ignore[attr-defined]


FORMS: dict[LawyerAction, type[OfMatter]] = {
    LawyerAction.BOOK: BookForm,
    LawyerAction.MOVE: MoveForm,
    LawyerAction.KEEP: KeepForm,
    LawyerAction.MISS: OfAppointment,
    LawyerAction.CANCEL: CancelForm,
    LawyerAction.FOLLOW: FollowForm,
    LawyerAction.LEAVE: OfMatter,
}


def lawyer_choices(county: str) -> Choices:
    """The lawyers of the pool."""
    return [NOTHING, *((str(each.pk), f"{each.name} · {each.origin}") for each in lawyers_to_enter(county))]


def slot_choices(matter: Matter, *, only: set[str] | None = None) -> Choices:
    """Free half hours of the next two weeks, by lawyer."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in free_slots(matter.holder_id) if matter.holder_id else []:
        if only is None or str(each.lawyer.pk) in only:
            key = f"{each.lawyer.pk}|{each.starts_at.isoformat()}"
            groups.setdefault(each.lawyer.name, []).append(
                (key, f"{localtime(each.starts_at):%m-%d %a %H:%M}")
            )
    return [NOTHING, *groups.items()]


@require_GET
def lawyers(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, the weekly roster and its exceptions, and the appointments of today."""
    actor = actor_of_request(request)
    check_may_read(actor)
    assert actor.centre_id is not None  # noqa: S101  whoever may read is at a centre
    today = clock.today()
    now = on_duty_now(actor.centre_id)
    names = dict(Talent.objects.filter(pk__in={each.lawyer_id for each in now}).values_list("pk", "name"))
    context = {
        "now": [{"name": names.get(each.lawyer_id, ""), "until": each.ends} for each in now],
        "turns": [
            {"turn": each, "day": dict(DAYS)[str(each.weekday)]} for each in turns_of(actor.centre_id, today)
        ],
        "changes": list(changes_of(actor.centre_id, today)),
        "appointments": appointments_on(actor, actor.centre_id, today),
        "keeps": may_keep(actor, actor.centre_id),
    }
    return render(request, "pool/lawyers.html", context)


@require_http_methods(["GET", "POST"])
def new_turn(request: HttpRequest) -> HttpResponse:
    """Weekly hours of a lawyer."""
    return _kept(request, TurnForm, PoolAction.ENTER_TURN, {"valid_from": clock.today()})


@require_http_methods(["GET", "POST"])
def new_day(request: HttpRequest) -> HttpResponse:
    """A day that differs from the weekly hours."""
    return _kept(request, DayForm, PoolAction.CHANGE_DAY, {"day": clock.today() + timedelta(days=1)})


@require_http_methods(["GET", "POST"])
def end_turn(request: HttpRequest, turn_id: UUID) -> HttpResponse:
    """The last day of weekly hours."""
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    assert actor.centre_id is not None  # noqa: S101  said above
    with scope(actor):
        if not turns_of(actor.centre_id, clock.today()).filter(pk=turn_id).exists():
            raise NotAllowed("turn_not_found", _("没有这个值班。"))
    form = EndForm(request.POST or None, initial={"last": clock.today()})
    return _written(request, actor, form, PoolAction.END_TURN, turn_id=turn_id)


@require_GET
def of_matter(request: HttpRequest, code: str) -> HttpResponse:
    """The lawyers' part in a matter; a page of its own for whoever has no script."""
    actor = actor_of_request(request)
    check_may_read(actor)
    matter = opened(actor, code, door=DOOR)
    part = part_of(matter)
    context = {"matter": matter, "part": part, "actions": _offered(actor, matter)}
    whole = "HX-Request" not in request.headers
    return render(request, "pool/of_matter_page.html" if whole else "pool/of_matter.html", context)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, action: str) -> HttpResponse:
    """One small form about a lawyer's part in a matter."""
    if action not in LawyerAction.values:
        raise Http404
    doing = LawyerAction(action)
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        if not may_book(actor, matter):
            raise NotAllowed("post_may_not_book", _("约访律师由承办中心的窗口、调解员和领导办理。"))
        form = FORMS[doing](matter, request.POST if request.method == "POST" else None, auto_id=IN_DIALOG)

    def work(values: dict[str, Any]) -> None:
        flow.with_lawyer(actor=actor, matter_id=matter.pk, action=doing, **values)

    return dialog(request, actor, matter, form=form, title=str(doing.label), act=work, part="lawyers")


def _offered(actor: Actor, matter: Matter) -> list[dict[str, str]]:
    if not may_book(actor, matter):
        return []
    part = part_of(matter)
    booked = [each for each in part.appointments if each.state == AppointmentState.BOOKED]
    these = [LawyerAction.BOOK]
    if booked:
        these += [LawyerAction.MOVE, LawyerAction.CANCEL]
    if any(each.starts_at <= clock.now() for each in booked):
        these += [LawyerAction.KEEP, LawyerAction.MISS]
    these += [LawyerAction.FOLLOW, *([LawyerAction.LEAVE] if part.follows else [])]
    return [
        {"label": str(each.label), "href": reverse("lawyer_act", args=[matter.code, each])} for each in these
    ]


def _kept(
    request: HttpRequest, form_of: type[OfLawyer], action: PoolAction, initial: dict[str, Any]
) -> HttpResponse:
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    with scope(actor):
        form = form_of(actor.county, request.POST or None, initial=initial)
    return _written(request, actor, form, action)


def _written(
    request: HttpRequest, actor: Actor, form: forms.Form, action: PoolAction, **known: Any
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if "kind" in values:
            values["kind"] = ChangeKind(values["kind"])
        try:
            flow.keep(actor=actor, action=action, **known, **values)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(action)s：已完成。") % {"action": action.label})
            return redirect("lawyers")
    with scope(actor):
        context = {"form": form, "title": action.label}
        return render(request, "pool/lawyer_entry.html", context, status=status)
