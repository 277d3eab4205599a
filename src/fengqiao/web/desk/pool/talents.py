"""人才库 at the desk: who can be asked in which key field; kept by the leaders, telephones masked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.mediators.enums import Language
from fengqiao.pool.domain.talents import NewTalent, masked_telephone
from fengqiao.pool.enums import PoolAction, Profession
from fengqiao.pool.models import Talent
from fengqiao.pool.policies import check_may_keep, check_may_read, may_keep
from fengqiao.pool.queries.talents import listed
from fengqiao.rules.queries.key_fields import all_key_fields, key_fields_on
from fengqiao.web.desk.pool.forms import text
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.choices import NOTHING, people_choices
from fengqiao.web.kit.forms import Day, show_refusal

MOST = 200
RENAMED = {"fields": "fields_of"}


class FindForm(forms.Form):
    """What the list is narrowed by."""

    field = forms.ChoiceField(label=gettext_lazy("重点领域"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("会说的话"), required=False, choices=[NOTHING, *Language.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [NOTHING, *field_choices()]  # type: ignore[attr-defined]


class TalentForm(forms.Form):
    name = text(gettext_lazy("姓名"), 64)
    profession = forms.ChoiceField(label=gettext_lazy("职业"), choices=[NOTHING, *Profession.choices])
    origin = text(gettext_lazy("来自哪里"), 100, help_text=gettext_lazy("单位、律师事务所或者村居。"))
    person_id = forms.TypedChoiceField(
        label=gettext_lazy("本中心的人员"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("在平台上工作的选本人，不在的不选。"),
    )
    certificate = text(
        gettext_lazy("执业证书"),
        200,
        required=False,
        help_text=gettext_lazy("律师、心理咨询师、鉴定人等写明证书和编号。"),
    )
    fields_of = forms.MultipleChoiceField(label=gettext_lazy("重点领域"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("普通话以外会说的话"),
        required=False,
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    telephone = text(
        gettext_lazy("电话"), 40, required=False, help_text=gettext_lazy("加密保存，查看要写明理由。")
    )
    agreed_on = forms.DateField(
        label=gettext_lazy("本人同意列入的日期"),
        widget=Day(),
        help_text=gettext_lazy("没有本人同意的，不登记。"),
    )
    valid_until = forms.DateField(label=gettext_lazy("同意到哪一天"), widget=Day())

    def __init__(self, *args: Any, centre_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_of"].choices = field_choices()  # type: ignore[attr-defined]
        self.fields["person_id"].choices = people_choices(centre_id)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["fields"] = values.pop("fields_of")
        return {"new": NewTalent(**values | {"profession": Profession(values["profession"])})}


class EndForm(forms.Form):
    last = forms.DateField(label=gettext_lazy("最后一天"), widget=Day())


class WhyForm(forms.Form):
    why = text(gettext_lazy("为什么要看"), 200)


def field_choices() -> list[tuple[str, str]]:
    """The ten key fields of today."""
    return [(each.id, each.name) for each in key_fields_on(clock.today())]


@require_GET
def talents(request: HttpRequest) -> HttpResponse:
    """Who can be asked today."""
    actor = actor_of_request(request)
    check_may_read(actor)
    form = FindForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    shown = list(listed(actor, clock.today(), **asked)[: MOST + 1])
    context = {
        "rows": [_told(actor, each) for each in shown[:MOST]],
        "more": len(shown) > MOST,
        "asked": bool(request.GET),
        "form": form,
        "keeps": may_keep(actor, actor.centre_id),
    }
    return render(request, "pool/talents.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody is listed, with their consent."""
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    assert actor.centre_id is not None  # noqa: S101  said above
    with scope(actor):
        form = TalentForm(
            request.POST or None, centre_id=actor.centre_id, initial={"agreed_on": clock.today()}
        )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = flow.keep(actor=actor, action=PoolAction.LIST_TALENT, **form.values())
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("已列入人才库：%(name)s") % {"name": made.name})
            return redirect("talents")
    return _entry(request, actor, form, PoolAction.LIST_TALENT.label, status)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, talent_id: UUID) -> HttpResponse:
    """Somebody leaves the pool."""
    actor = actor_of_request(request)
    found = _seen(actor, talent_id)
    check_may_keep(actor, found.centre_id)
    form = EndForm(request.POST or None, initial={"last": clock.today()})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.keep(
                actor=actor,
                action=PoolAction.END_TALENT,
                subject=f"talent:{talent_id}",
                talent_id=talent_id,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已移出人才库：%(name)s") % {"name": found.name})
            return redirect("talents")
    title = _("移出人才库 · %(name)s") % {"name": found.name}
    return _entry(request, actor, form, title, status)


@require_http_methods(["GET", "POST"])
def telephone(request: HttpRequest, talent_id: UUID) -> HttpResponse:
    """The whole number, after the reason was written down."""
    actor = actor_of_request(request)
    found = _seen(actor, talent_id)
    form = WhyForm(request.POST or None)
    status, number = 422 if request.method == "POST" else 200, ""
    if request.method == "POST" and form.is_valid():
        try:
            number = flow.show_telephone(actor=actor, talent_id=talent_id, why=form.cleaned_data["why"])
            status = 200
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
    title = _("电话 · %(name)s") % {"name": found.name}
    return _entry(request, actor, form, title, status, number=number)


def _entry(
    request: HttpRequest, actor: Actor, form: forms.Form, title: Any, status: int, **more: Any
) -> HttpResponse:
    with scope(actor):
        context = {"form": form, "title": title, **more}
        return render(request, "pool/talent_entry.html", context, status=status)


def _told(actor: Actor, row: Talent) -> dict[str, Any]:
    names = all_key_fields()
    return {
        "talent": row,
        "fields": _("、").join(names[each].name for each in row.fields if each in names),
        "languages": _("、").join(str(Language(code).label) for code in row.languages),
        "telephone": masked_telephone(row),
        "keeps": may_keep(actor, row.centre_id),
    }


def _seen(actor: Actor, talent_id: UUID) -> Talent:
    """Somebody who can be asked today in the actor's counties.

    :raises NotAllowed: for any other.
    """
    check_may_read(actor)
    with scope(actor):
        found = listed(actor, clock.today()).filter(pk=talent_id).first()
    if found is None:
        raise NotAllowed("talent_not_found", _("人才库里没有这个人。"))
    return found
