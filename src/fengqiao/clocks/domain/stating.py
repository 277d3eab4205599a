"""Writing down what happened and no step of the program writes; putting a fact right; taking one back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks import policies
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.domain.on_clock import check_happened, check_order, written
from fengqiao.clocks.enums import ABOUT_EXTENSION, BEFORE_THE_MATTER, BY_HAND, MOVING, FactKind
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock as present
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter, Party

# 民法典 188: after twenty years no court protects a right any more, and no limit here is counted from earlier.
LONGEST_AGO = timedelta(days=20 * 365 + 5)
RECORDED = BY_HAND | {FactKind.RECEIVED}


def record(
    *,
    actor: Actor,
    matter_id: UUID,
    kind: str,
    at: datetime,
    party_id: UUID | None = None,
    assignment_id: UUID | None = None,
    reason: str = "",
    version: int | None = None,
) -> Fact:
    """Writes down that something happened at ``at``, for one party or one department where it differs.

    ``received`` puts right when the matter came in. Raises ``Invalid`` by field: in the future, before the
    matter, somebody who is not of the matter; ``Refusal`` where it stands there already.
    """
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    policies.check(policies.may_record(actor, matter), _("记录事实"))
    if kind not in RECORDED:
        raise Invalid({"kind": _("这件事由办理步骤自动记录，不能手工记录。")}, code="not_by_hand")
    reason = allowed("reason", reason)
    check_at(matter, kind, at)
    if party_id is not None and not Party.objects.filter(pk=party_id, matter_id=matter.pk).exists():
        raise Invalid({"party": _("本事项没有这位当事人。")}, code="not_of_the_matter")
    if (
        assignment_id is not None
        and not Assignment.objects.filter(pk=assignment_id, matter_id=matter.pk).exists()
    ):
        raise Invalid({"assignment": _("本事项没有这项交办。")}, code="not_of_the_matter")
    standing = that_stand(Fact.objects.filter(matter_id=matter.pk, kind=kind))
    if kind == FactKind.RECEIVED and standing:
        raise Refusal("fact_there_already", _("收到的时间已经更正过：请更正那一条。"), field="kind")
    if any((s.occurred_at, s.party_id, s.assignment_id) == (at, party_id, assignment_id) for s in standing):
        raise Refusal("fact_there_already", _("同一件事在同一时间已经记录。"), field="at")
    fact = new_fact(matter, actor, kind, at, party_id=party_id, assignment_id=assignment_id, reason=reason)
    written(
        matter,
        actor=actor,
        facts=[fact],
        type="clock.record",
        parameters={"fact": fact.pk, "kind": kind, "at": at, "party": party_id, "assignment": assignment_id},
        words={WordKind.REASON: reason},
    )
    return fact


def correct(
    *,
    actor: Actor,
    matter_id: UUID,
    fact_id: UUID,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Fact:
    """Puts right when a fact happened: another row takes its place, the first stays to be read."""
    matter, rows, before = _found(actor, matter_id, fact_id, version)
    if before.kind in ABOUT_EXTENSION:
        raise Refusal("decision_stands", _("延长的申请和审批以当时为准，不能更正时间。"))
    policies.check(policies.may_correct(actor, matter, before), _("更正事实"))
    reason = needed("reason", reason, _("请写明为什么更正。"), shortest=4)
    check_at(matter, before.kind, at)
    if at == before.occurred_at:
        raise Invalid({"at": _("和原来的时间一样。")}, code="unchanged")
    fact = _instead_of(before, matter, actor, at=at, reason=reason)
    _check_turns(before, rows, [fact])
    written(
        matter,
        actor=actor,
        facts=[fact],
        type="clock.correct",
        parameters={
            "fact": fact.pk,
            "replaces": before.pk,
            "kind": before.kind,
            "limit": before.limit,
            "from": before.occurred_at,
            "at": at,
        },
        words={WordKind.REASON: reason},
    )
    return fact


def take_back(
    *, actor: Actor, matter_id: UUID, fact_id: UUID, reason: str, version: int | None = None
) -> Fact:
    """A fact that was written down wrongly does not stand any more; that it was written stays to be read."""
    matter, rows, before = _found(actor, matter_id, fact_id, version)
    if before.kind in (FactKind.EXTENDED, FactKind.EXTENSION_REFUSED):
        raise Refusal("decision_stands", _("审批过的延长不能撤回。"))
    policies.check(policies.may_take_back(actor, matter, before), _("撤回事实"))
    reason = needed("reason", reason, _("请写明为什么撤回。"), shortest=4)
    fact = _instead_of(before, matter, actor, at=before.occurred_at, reason=reason, withdrawn=True)
    _check_turns(before, rows, [fact])
    written(
        matter,
        actor=actor,
        facts=[fact],
        type="clock.take_back",
        parameters={"fact": fact.pk, "replaces": before.pk, "kind": before.kind, "limit": before.limit},
        words={WordKind.REASON: reason},
    )
    return fact


def check_at(matter: Matter, kind: str, at: datetime) -> None:
    """Raises ``Invalid`` for a moment at which this cannot have happened."""
    check_happened(at)
    if kind == FactKind.RECEIVED and at > matter.registered_at:
        raise Invalid({"at": _("收到不能晚于登记。")}, code="after_registration")
    earliest = min(matter.received_at or matter.registered_at, matter.registered_at)
    if kind in BEFORE_THE_MATTER or kind == FactKind.RECEIVED:
        earliest -= LONGEST_AGO
    if at < earliest:
        raise Invalid(
            {
                "at": _("早于 %(day)s，那时还没有本事项。")
                % {"day": earliest.astimezone(present.SHANGHAI).strftime("%Y-%m-%d %H:%M")}
            },
            code="before_the_matter",
        )


def _found(
    actor: Actor, matter_id: UUID, fact_id: UUID, version: int | None
) -> tuple[Matter, Sequence[Fact], Fact]:
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    rows = list(Fact.objects.filter(matter_id=matter.pk))
    row = next((each for each in rows if each.pk == fact_id), None)
    if row is None:
        raise NotAllowed("fact_not_found", _("本事项没有这条事实。"))
    if row not in that_stand(rows):
        raise Refusal("fact_over", _("这一条已经更正或撤回，不再有效。"))
    return matter, rows, row


def _instead_of(
    before: Fact, matter: Matter, actor: Actor, *, at: datetime, reason: str, withdrawn: bool = False
) -> Fact:
    return new_fact(
        matter,
        actor,
        before.kind,
        at,
        limit=before.limit,
        assignment_id=before.assignment_id,
        party_id=before.party_id,
        ground=before.ground,
        reason=reason,
        replaces_id=before.pk,
        withdrawn=withdrawn,
    )


def _check_turns(before: Fact, rows: Sequence[Fact], new: Collection[Fact]) -> None:
    """What is left of pauses and resumptions must still take turns."""
    if before.kind not in MOVING:
        return
    own = (before.limit, before.assignment_id, before.party_id)
    left = [
        row
        for row in that_stand([*rows, *new])
        if row.kind in MOVING and (row.limit, row.assignment_id, row.party_id) == own
    ]
    try:
        check_order(left)
    except Refusal as refusal:
        raise Refusal(
            "turns_broken", _("这样改，中止和恢复就接不上了：请先更正或撤回与它成对的那一条。")
        ) from refusal
