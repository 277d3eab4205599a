"""中止, 恢复, 中断, 已经办到: what stops a limit, lets it go on, begins it anew or meets it. Each a dated fact."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks import policies
from fengqiao.clocks.domain.on_clock import (
    OnClock,
    check_begun,
    check_happened,
    check_order_with,
    check_runs,
    on_clock,
    written,
)
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import WordKind


def pause(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    ground: str,
    at: datetime,
    reason: str,
    until: datetime | None = None,
    version: int | None = None,
) -> Fact:
    """The limit does not run from ``at`` on, on a ground that it knows; ``until`` where it runs again already.

    Raises ``Invalid`` by field and ``Refusal``: before the start, in the future, paused already, no such ground.
    """
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(policies.may_move(actor, found.matter), FactKind.PAUSED.label)
    if not found.course.limit.pauses_on:
        raise Refusal("limit_knows_no_pause", _("依据里没有这个时限可以中止的规定。"))
    _check_ground(ground, found.course.limit.pauses_on)
    reason = needed("reason", reason, _("请写明中止的情况（委托书、决定书文号等）。"))
    check_happened(at)
    check_runs(found, at)
    facts = [found.new(actor, FactKind.PAUSED, at, ground=ground, reason=reason)]
    if until is not None:
        check_happened(until, field="until")
        if until < at:
            raise Invalid({"until": _("恢复不能早于中止。")}, code="before_the_pause")
        facts.append(found.new(actor, FactKind.RESUMED, until, reason=reason))
    check_order_with(found, facts)
    _write(found, actor, facts, "clock.pause", reason, ground=ground, at=at, until=until)
    return facts[0]


def resume(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Fact:
    """The limit runs on from ``at``; raises ``Refusal`` where it is not paused then."""
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(policies.may_move(actor, found.matter), FactKind.RESUMED.label)
    reason = allowed("reason", reason)
    check_happened(at)
    fact = found.new(actor, FactKind.RESUMED, at, reason=reason)
    check_order_with(found, [fact])
    _write(found, actor, [fact], "clock.resume", reason, at=at)
    return fact


def restart(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    ground: str,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Fact:
    """The whole limit begins anew from ``at``, on a ground that it knows; never within a pause."""
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(policies.may_move(actor, found.matter), FactKind.RESTARTED.label)
    if not found.course.limit.restarts_on:
        raise Refusal("limit_knows_no_restart", _("依据里没有这个时限可以重新计算的规定。"))
    _check_ground(ground, found.course.limit.restarts_on)
    reason = needed("reason", reason, _("请写明重新计算的情况。"))
    check_happened(at)
    check_runs(found, at)
    fact = found.new(actor, FactKind.RESTARTED, at, ground=ground, reason=reason)
    check_order_with(found, [fact])
    _write(found, actor, [fact], "clock.restart", reason, ground=ground, at=at)
    return fact


def fulfil(
    *,
    actor: Actor,
    matter_id: UUID,
    clock_id: UUID,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Fact:
    """What the limit asks for was done at ``at``, where no step of this program sees it; ``reason`` is the evidence.

    It may be written down late, also for a limit that is over: the light asks when it was done. Raises ``Invalid``
    by field and ``Refusal``: before the start, in the future, without evidence, met or ended already by then.
    """
    found = on_clock(actor=actor, matter_id=matter_id, clock_id=clock_id, version=version)
    policies.check(policies.may_move(actor, found.matter), FactKind.DONE.label)
    reason = needed("reason", reason, _("请写明由谁办到、凭什么（文号、回执、照片等）。"), shortest=4)
    check_happened(at)
    check_begun(found, at)
    fact = found.new(actor, FactKind.DONE, at, reason=reason)
    _write(found, actor, [fact], "clock.fulfil", reason, at=at)
    return fact


def _check_ground(ground: str, known: tuple[str, ...]) -> None:
    if ground not in known:
        raise Invalid({"ground": _("依据里没有这个事由。")}, code="not_a_ground")


def _write(
    found: OnClock, actor: Actor, facts: list[Fact], kind: str, reason: str, **parameters: object
) -> None:
    written(
        found.matter,
        actor=actor,
        facts=facts,
        type=kind,
        parameters={
            "limit": found.clock.limit,
            "clock": found.clock.pk,
            "facts": [fact.pk for fact in facts],
            **parameters,
        },
        words={WordKind.REASON: reason},
    )
