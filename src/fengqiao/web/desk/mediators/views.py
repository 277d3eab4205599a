"""调解员名册: what each can be asked about; read by the centres of the county, kept by the leaders of each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import mediators as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.mediators.enums import Language
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.policies import check_may_keep, check_may_read, may_keep
from fengqiao.mediators.queries.register import to_enter, towns_of, visible_to
from fengqiao.web.desk.mediators.forms import EndForm, FindForm, MediatorForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.choices import division_names
from fengqiao.web.kit.forms import show_refusal

RENAMED = {"fields": "fields_of"}
# A county has some hundreds; more than these are found by a filter.
MOST = 200


@require_GET
def mediators(request: HttpRequest) -> HttpResponse:
    """Everybody in the register, those in force first; narrowed by field and language."""
    actor = actor_of_request(request)
    check_may_read(actor)
    form = FindForm(request.GET or None)
    found = visible_to(actor)
    if form.is_bound and form.is_valid():
        if field := form.cleaned_data["field"]:
            found = found.filter(fields__contains=[field])
        if language := form.cleaned_data["language"]:
            found = found.filter(languages__contains=[language])
    shown = list(found[: MOST + 1])
    names = fields_in_force(clock.today())
    places = division_names(code for each in shown for code in each.places)
    rows = [
        {
            "mediator": each,
            "fields": _("、").join(names.get(code, code) for code in each.fields),
            "languages": _("、").join(str(Language(code).label) for code in each.languages),
            "places": _("、").join(places.get(code, code) for code in each.places),
            "keeps": each.valid_until is None and may_keep(actor, each.post.centre_id),
            "over": each.valid_until is not None and each.valid_until < clock.today(),
        }
        for each in shown[:MOST]
    ]
    context = {
        "rows": rows,
        "more": len(shown) > MOST,
        "asked": bool(request.GET),
        "form": form,
        "keeps": may_keep(actor, actor.centre_id),
    }
    return render(request, "mediators/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A mediator of the own centre comes into the register."""
    actor = actor_of_request(request)
    check_may_keep(actor, actor.centre_id)
    assert actor.centre_id is not None  # noqa: S101  said above
    with scope(actor):
        form = MediatorForm(
            request.POST or None,
            held=to_enter(actor.centre_id),
            towns=towns_of(actor.county),
            initial={"valid_from": clock.today()},
        )
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"stationing_id": form.cleaned_data["stationing"]}
        values["fields"] = values.pop("fields_of")
        del values["stationing"]
        try:
            made = flow.enter(actor=actor, **values)
        except Refusal as refusal:
            show_refusal(form, refusal, fields=RENAMED)
            status = refusal.status
        else:
            messages.success(request, _("已登记调解员：%(name)s") % {"name": made.person.name})
            return redirect("mediators")
    with scope(actor):
        return render(
            request, "mediators/entry.html", {"form": form, "title": _("登记调解员")}, status=status
        )


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, mediator_id: UUID) -> HttpResponse:
    """The last day of an entry."""
    actor = actor_of_request(request)
    mediator = _kept(actor, mediator_id)
    form = EndForm(request.POST or None, initial={"last": clock.today()})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            flow.end(actor=actor, mediator_id=mediator_id, **form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已停用调解员：%(name)s") % {"name": mediator.person.name})
            return redirect("mediators")
    with scope(actor):
        title = _("停用调解员 · %(name)s") % {"name": mediator.person.name}
        return render(request, "mediators/entry.html", {"form": form, "title": title}, status=status)


def _kept(actor: Actor, mediator_id: UUID) -> Mediator:
    """An entry of the actor's own centre.

    :raises NotAllowed: for any other.
    """
    check_may_read(actor)
    with scope(actor):
        found = visible_to(actor).filter(pk=mediator_id).first()
    if found is None:
        raise NotAllowed("mediator_not_found", _("名册里没有这位调解员。"))
    check_may_keep(actor, found.post.centre_id)
    return found
