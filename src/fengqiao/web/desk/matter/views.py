"""The doors of one matter: its page and the actions on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.dispatch.queries.handovers import handovers_of
from fengqiao.flows import materials, procedure
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from fengqiao.web.desk.matter import offers as offering
from fengqiao.web.desk.matter.page import show
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import ask_files_again, show_refusal, uploads_of

# What the domain calls by a place in a list, by the name it has in a form.
FIELDS = {
    "parties.0.name": "party_name",
    "parties.0.phone": "party_phone",
    "parties.0.identity": "party_identity",
    "parties.0.identity_kind": "party_identity_kind",
}


@require_GET
def matter(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a matter; ``?do=`` opens one of its actions."""
    actor = actor_of_request(request)
    return show(request, actor, opened(actor, code, door="page"), key=request.GET.get("do", ""))


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Carries out one action; what was refused comes back beside its field with what was typed."""
    if request.method == "GET":
        # The address that stands there after a refusal, opened again.
        return redirect(f"{reverse('matter', args=[code])}?{urlencode({'do': key})}")
    actor = actor_of_request(request)
    with scope(actor):
        found = opened(actor, code, door="action")
        offer = offering.offer_of(actor, found, handovers_of(actor, found).now, key)
        if offer is None:
            raise NotAllowed("no_such_action", _("没有这个动作。"))
        form = offering.form_of(offer, actor=actor, matter=found, data=request.POST, files=request.FILES)
        valid = form.is_valid()
    status = 422
    if valid:
        try:
            _carry_out(actor, found, offer, form)
        except Refusal as refusal:
            show_refusal(form, refusal, fields=FIELDS)
            status = refusal.status
        else:
            return _done(request, actor, found, offer)
    ask_files_again(form)
    with scope(actor):
        found = opened(actor, code, door="action")
        _renew_version(form, found)
        return show(request, actor, found, key=key, form=form, status=status)


def _carry_out(actor: Actor, found: Matter, offer: offering.Offer, form: Any) -> None:
    version = form.cleaned_data.get("version")
    uploads = uploads_of(form)
    if offer.assignment is not None:
        procedure.handle(
            actor=actor,
            matter_id=found.pk,
            assignment_id=offer.assignment.pk,
            action=AssignmentAction(offer.action),
            values=form.values(),
            version=version,
            uploads=uploads,
        )
    elif offer.action == Action.ATTACH:
        materials.add(
            actor=actor,
            matter_id=found.pk,
            uploads=uploads,
            purpose=form.cleaned_data["purpose"],
            version=version,
        )
    else:
        procedure.act(
            actor=actor,
            matter_id=found.pk,
            action=Action(offer.action),
            values=form.values(),
            version=version,
        )


def _done(request: HttpRequest, actor: Actor, found: Matter, offer: offering.Offer) -> HttpResponse:
    messages.success(request, _("%(action)s：已完成。%(code)s") % {"action": offer.label, "code": found.code})
    with scope(actor):
        # Whoever stepped aside, or whose department gave it back, does not see it any more.
        still = by_code(actor, found.code) is not None
    return redirect("matter", code=found.code) if still else redirect("my_work")


def _renew_version(form: Any, found: Matter) -> None:
    """The page that is shown now is the latest: what is sent from it next is not stale any more."""
    form.data = form.data.copy()
    form.data["version"] = str(found.version)
