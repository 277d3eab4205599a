"""The dossier of a matter: what lies in it and what it lacks, how far its binding is, its files."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.binding import is_lost
from fengqiao.dossier.enums import VolumeState
from fengqiao.dossier.models import Volume
from fengqiao.dossier.policies import check_may_bind, may_bind, volumes_of
from fengqiao.dossier.queries.plan import plan_of
from fengqiao.flows import papers as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.dossier import USUAL, retentions
from fengqiao.web.kit.acting import actor_of_request

SHOWN = 5


def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The section "dossier" of the matter's page; nothing where there was no mediation or the post binds none."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="paper")
    return _section(request, actor, matter)


@require_POST
def bind(request: HttpRequest, code: str) -> HttpResponse:
    """Orders the binding of the dossier (POST)."""
    actor, trouble = actor_of_request(request), ""
    with scope(actor):
        check_may_bind(actor)
        matter = opened(actor, code, door="paper")
    try:
        flow.order_volume(actor=actor, matter_id=matter.id, retention=request.POST.get("retention", ""))
    except Invalid as wrong:
        trouble = " ".join(map(str, wrong.errors.values()))
    except Refusal as refusal:
        trouble = str(refusal)
    with scope(actor):
        response = _section(request, actor, matter, trouble)
    response.status_code = 422 if trouble else 200
    return response


def volume(request: HttpRequest, code: str, volume: UUID, part: str) -> HttpResponse:
    """The bound dossier: ``part`` is pdf or zip."""
    actor = actor_of_request(request)
    found, content = flow.download_volume(
        actor=actor, code=code, volume_id=volume, part="bundle" if part == "zip" else "file"
    )
    response = HttpResponse(content, content_type=f"application/{part}")
    name = quote(f"卷宗-{code}.{part}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _section(request: HttpRequest, actor: Actor, matter: Matter, trouble: str = "") -> HttpResponse:
    if not may_bind(actor):
        return HttpResponse("")
    plan = plan_of(matter)
    if not plan.is_mediation:
        return HttpResponse("")
    volumes = list(volumes_of(actor, matter).select_related("person")[:SHOWN])
    newest = volumes[0] if volumes else None
    running = newest is not None and newest.is_unfinished and not is_lost(newest)
    final = next((each for each in volumes if each.is_final and each.state == VolumeState.DONE), None)
    return render(
        request,
        "papers/dossier.html",
        {
            "matter": matter,
            "plan": plan,
            "volumes": [{"volume": each, "trouble": _trouble(each, matter)} for each in volumes],
            "running": newest if running else None,
            "final": final,
            "periods": [
                (each.id, each.title, each.id == (newest.retention if newest else USUAL))
                for each in retentions().values()
            ],
            "trouble": trouble,
        },
    )


def _trouble(volume: Volume, matter: Matter) -> str:
    if is_lost(volume):
        return _("没有人接着装订，请重新装订。")
    if volume.state == VolumeState.DONE and volume.version != matter.version:
        return _("装订之后事项有了变动。")
    return ""
