"""Step one: accept, guide, redirect, settle on the spot. The centre sends nobody away."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.move import move
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import (
    Action,
    Outcome,
    Performance,
    ProcedureKind,
    ProcedureStage,
    Track,
    WordKind,
)
from fengqiao.matters.guards import POST_OF_TRACK
from fengqiao.matters.models import Disposition, Matter, Procedure
from fengqiao.matters.models.base import of


def accept(*, actor: Actor, matter_id: UUID, version: int | None = None) -> Matter:
    """The centre takes the matter as its own to push."""
    return move(actor=actor, matter_id=matter_id, action=Action.ACCEPT, version=version)


def guide(
    *, actor: Actor, matter_id: UUID, body: str, explanation: str, version: int | None = None
) -> Matter:
    """Explains where this is decided and hands the person over warm. Closes on the receiving body's receipt."""
    body = needed("body", body, _("请写明引导到哪个单位。"))
    explanation = needed("explanation", explanation, _("请写明向来访人解释了什么。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.GUIDE,
        version=version,
        changes={"outcome": Outcome.GUIDED, "settled_at": clock.now(), "receipt_number": ""},
        words={WordKind.EXPLANATION: explanation, WordKind.SUMMARY: body},
    )


def redirect(
    *,
    actor: Actor,
    matter_id: UUID,
    kind: ProcedureKind,
    body: str,
    explanation: str,
    number: str = "",
    version: int | None = None,
) -> Matter:
    """Leads the matter into the statutory procedure that decides it (信访工作条例 第31条)."""
    body = needed("body", body, _("请写明由哪个机关办理。"))
    explanation = needed("explanation", explanation, _("请写明为什么应走这个程序。"), shortest=4)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.REDIRECT,
        version=version,
        changes={"outcome": Outcome.REDIRECTED, "settled_at": clock.now(), "receipt_number": ""},
        parameters={"procedure": kind},
        words={WordKind.EXPLANATION: explanation, WordKind.SUMMARY: body},
    )
    Procedure.objects.create(
        **of(matter), kind=kind, stage=ProcedureStage.RUNNING, number=number.strip()[:80], body=body[:100]
    )
    return matter


def settle_on_spot(
    *,
    actor: Actor,
    matter_id: UUID,
    result: str,
    performance_due: date | None = None,
    basis: str = "",
    version: int | None = None,
) -> Matter:
    """The officer of the competent window post settles it while the person sits there, and writes the result."""
    result = needed("result", result, _("请写明当场处理的结果。"), shortest=4)
    check_performance_due(performance_due)
    track = track_of(actor)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.SETTLE_ON_SPOT,
        version=version,
        changes={
            "outcome": Outcome.SETTLED_ON_SPOT,
            "track": track or "",
            "settled_at": clock.now(),
            "performance": Performance.RUNNING if performance_due else Performance.NONE,
            "performance_due": performance_due,
        },
        parameters={"track": track},
        facts={"track": track},
    )
    write_disposition(
        matter, actor=actor, outcome=Outcome.SETTLED_ON_SPOT, text=result, basis=basis, due=performance_due
    )
    return matter


def check_performance_due(due: date | None) -> None:
    """A promise cannot fall due in the past."""
    if due is not None and due < clock.today():
        raise Invalid({"performance_due": _("履行期限不能早于今天。")})


def write_disposition(
    matter: Matter,
    *,
    actor: Actor,
    outcome: Outcome,
    text: str,
    basis: str = "",
    due: date | None = None,
) -> Disposition:
    """The written result in substance, by who was competent for it."""
    return Disposition.objects.create(
        **of(matter),
        department_id=actor.department_id or actor.home_department_id,
        role=actor.role,
        outcome=outcome,
        text=allowed("result", text),
        basis=basis.strip()[:300],
        performance_due=due,
        by_id=actor.person_id,
        at=clock.now(),
    )


def track_of(actor: Actor) -> Track | None:
    """The track a window post is competent for."""
    return next((track for track, role in POST_OF_TRACK.items() if role == actor.role), None)
