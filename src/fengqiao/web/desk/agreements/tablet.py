"""Signing on a tablet: one signature at a time, the words of the terms in large print, a field to draw in."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.agreements.drawing import HEIGHT, WIDTH, Drawn, paper_digest
from fengqiao.agreements.enums import AgreementAction, AgreementState, Mark, Signer
from fengqiao.agreements.policies import check_may_read, check_may_write
from fengqiao.agreements.queries.agreements import Shown, agreement_by_id
from fengqiao.agreements.wording import ANONYMOUS, number_in_words, term_in_words
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Mediation
from fengqiao.web.desk.agreements.sketching import DOOR
from fengqiao.web.kit.acting import actor_of_request

LONGEST = 400_000


class DrawnForm(forms.Form):
    """What the tablet sends: the strokes, and the digest of the words that it showed."""

    strokes = forms.CharField(max_length=LONGEST, required=False)
    paper = forms.CharField(max_length=64)

    def clean_strokes(self) -> Any:
        try:
            return json.loads(self.cleaned_data["strokes"] or "[]")
        except ValueError:
            # What is no drawing is refused by the verb, in its words.
            return None


@require_http_methods(["GET", "POST"])
def tablet(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Without ``who``: who is still to sign. With it: the page for this one signature, and its taking down."""
    actor = actor_of_request(request)
    check_may_read(actor)
    with scope(actor):
        shown = agreement_by_id(actor, agreement_id)
        matter = opened(actor, shown.agreement.matter.code, door=DOOR)
        check_may_write(actor, matter)
        if shown.agreement.state != AgreementState.DRAFT:
            raise Refusal("not_signing", _("这份协议现在不在签署。"))
        if shown.agreement.checked_at is None:
            raise Refusal("unchecked", _("签署前请先核对不能约定的内容。"))
        signers = _signers(actor, shown)
    who = signers.get(request.GET.get("who", ""))
    error, status = "", 200
    if who is not None and request.method == "POST":
        form = DrawnForm(request.POST)
        form.is_valid()
        drawn = Drawn(form.cleaned_data.get("strokes"), form.cleaned_data.get("paper", ""))  # type: ignore[arg-type]
        try:
            flow.act(
                actor=actor,
                agreement_id=agreement_id,
                action=AgreementAction.SIGN,
                mark=Mark.SIGNATURE,
                on=clock.today(),
                drawn=drawn,
                **who["values"],
            )
        except Refusal as refusal:
            errors = getattr(refusal, "errors", {})
            error, status = str(next(iter(errors.values()), refusal.message)), refusal.status
        else:
            messages.success(request, _("%(name)s：已签名。") % {"name": who["name"]})
            left = [each for each in signers.values() if each["of"] != who["of"]]
            return redirect("agreement_tablet" if left else "agreement", agreement_id)
    context = _context(matter, shown) | {"signers": list(signers.values()), "who": who, "error": error}
    return render(request, "agreements/tablet.html", context, status=status)


def _context(matter: Matter, shown: Shown) -> dict[str, Any]:
    agreement = shown.agreement
    return {
        "matter": matter,
        "agreement": agreement,
        "number": number_in_words(agreement.year, agreement.number),
        "terms": [term_in_words(term) for term in shown.terms],
        "paper": paper_digest(agreement, shown.terms),
        "width": WIDTH,
        "height": HEIGHT,
    }


def _signers(actor: Actor, shown: Shown) -> dict[str, dict[str, Any]]:
    """Whose hand is still wanted: each party, their agents, the mediator; by what the address calls them."""
    found: dict[str, dict[str, Any]] = {}
    for signer, party in shown.lacking:
        if party is not None:
            name = party.name or ANONYMOUS
            values: dict[str, Any] = {"signer": Signer.PARTY, "parties": [party.pk]}
            found[str(party.pk)] = {"name": name, "as": _("本人"), "values": values, "of": party.pk}
            for agent in party.agents.all():
                found[str(agent.pk)] = {
                    "name": agent.name,
                    "as": _("代%(name)s") % {"name": name},
                    "values": values | {"agent": agent.pk},
                    "of": party.pk,
                }
        elif signer == Signer.MEDIATOR:
            mediation = Mediation.objects.select_related("mediator").get(pk=shown.agreement.mediation_id)
            name = mediation.mediator.name if mediation.mediator else actor.name
            values = {"signer": Signer.MEDIATOR, "name": name}
            found["mediator"] = {"name": name, "as": _("调解员"), "values": values, "of": signer}
    for key, each in found.items():
        each["key"] = key
    return found
