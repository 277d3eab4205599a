"""The accountability list: entering a fact, the body's reply, and withdrawing what was shown wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import laid_no_more, lay_before
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.bodies import commission_of
from fengqiao.places.queries.divisions import in_force
from fengqiao.reviews.enums import HeldAction
from fengqiao.reviews.models import ListedFact
from fengqiao.reviews.policies import may_enter, may_reply, may_withdraw
from fengqiao.reviews.queries import seen as ledger
from fengqiao.reviews.queries.seen import Seen


def enter(
    *, actor: Actor, matter_id: UUID, rule: str, source_id: UUID, remark: str, version: int | None = None
) -> ListedFact:
    """列入责任清单: a fact that the ledger shows now, by a row of rules/data/accountability.csv.

    The fact is looked up, not typed. The body is told in the same transaction and may reply until ``reply_by``;
    the matter lies before the commission while the entry stands. Refused: ``no_fact`` where the ledger does not
    show it, ``listed_already``, ``nobody_to_tell`` where the body has no one who could be told.
    """
    remark = needed("remark", remark, _("请写明为什么列入：只写办理情况，不写个人。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if not may_enter(actor, matter):
        raise _not_for_this_post(HeldAction.LIST)
    fact = ledger.one(actor, matter, rule, source_id)
    if fact is None:
        raise Refusal("no_fact", _("台账上现在没有这一事实。"))
    if ListedFact.objects.filter(
        matter_id=matter.pk, kind=fact.kind, source_id=source_id, withdrawn_at=None
    ).exists():
        raise Refusal("listed_already", _("这一事实已经在责任清单上。"))
    _check_somebody_is_told(fact)
    commission_id = _lay(actor, matter, fact, remark)
    now = clock.now()
    listed = ListedFact.objects.create(
        **of(matter),
        kind=fact.kind,
        rule=fact.rule.id,
        rule_version=fact.rule.version,
        source=fact.source,
        source_id=source_id,
        due_at=fact.due_at,
        facts=fact.kept(),
        department=fact.department,
        centre=fact.centre,
        commission_id=commission_id,
        remark=remark,
        entered_by_id=actor.person_id,
        entered_role=actor.role,
        entered_at=now,
        reply_by=county_calendar(matter.county).nth_worked(clock.today(), fact.rule.reply_n),
    )
    _write(
        actor,
        matter,
        listed,
        HeldAction.LIST,
        parameters={"rule": listed.rule, "source": listed.source, "reply_by": listed.reply_by},
        words={WordKind.GROUNDS: remark},
    )
    return listed


def reply(*, actor: Actor, listed_id: UUID, text: str, version: int | None = None) -> ListedFact:
    """答复: what the body has to say; it stands beside the fact for good, also when its day has passed."""
    text = needed("text", text, _("请写明本单位的答复。"), shortest=4)
    matter, listed = _opened(actor, listed_id, version)
    if not may_reply(actor, listed):
        raise _not_for_this_post(HeldAction.REPLY)
    _check_stands(listed)
    if listed.replied_at is not None:
        raise Refusal("replied_already", _("本单位已经答复过。"))
    listed.reply, listed.replied_by_id, listed.replied_at = text, actor.person_id, clock.now()
    listed.save(update_fields=["reply", "replied_by", "replied_at"])
    _write(actor, matter, listed, HeldAction.REPLY, words={WordKind.REPLY: text})
    return listed


def withdraw(*, actor: Actor, listed_id: UUID, reason: str, version: int | None = None) -> ListedFact:
    """撤回: the fact was shown wrong. The entry stays, with the reason, and counts for nothing any more."""
    reason = needed("reason", reason, _("请写明为什么撤回。"), shortest=4)
    matter, listed = _opened(actor, listed_id, version)
    if not may_withdraw(actor, listed):
        raise _not_for_this_post(HeldAction.WITHDRAW)
    _check_stands(listed)
    listed.withdrawal, listed.withdrawn_by_id = reason, actor.person_id
    listed.withdrawn_at = clock.now()
    listed.save(update_fields=["withdrawal", "withdrawn_by", "withdrawn_at"])
    _write(actor, matter, listed, HeldAction.WITHDRAW, words={WordKind.REASON: reason})
    if listed.commission_id is not None:
        laid_no_more(matter.pk, listed.commission_id)
    return listed


def is_before(matter_id: UUID, commission_id: UUID) -> bool:
    """Whether an entry about the matter stands before the commission."""
    found = ListedFact.objects.filter(matter_id=matter_id, commission_id=commission_id, withdrawn_at=None)
    return found.exists()


def _opened(actor: Actor, listed_id: UUID, version: int | None) -> tuple[Matter, ListedFact]:
    known = ListedFact.objects.filter(pk=listed_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("listed_not_found", _("责任清单上没有这一条，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    return matter, ListedFact.objects.select_for_update(of=("self",)).get(pk=listed_id)


def _check_stands(listed: ListedFact) -> None:
    if listed.withdrawn_at is not None:
        raise Refusal("withdrawn", _("这一条已经撤回。"))


def _check_somebody_is_told(fact: Seen) -> None:
    told: dict[str, Any] = {"post__centre": fact.centre, "post__role__in": list(LEADERS)}
    if fact.department is not None:
        told = {"post__department": fact.department, "post__role": Role.HANDLER}
    if not Stationing.objects.filter(in_force(clock.today()), **told).exists():
        raise Refusal("nobody_to_tell", _("该单位没有在岗人员可以告知：没有告知的事实不能列入。"))


def _lay(actor: Actor, matter: Matter, fact: Seen, remark: str) -> UUID | None:
    """The commission before which the entry lies; none for what is said of the commission itself."""
    commission = commission_of(matter.county)
    if commission is None or (fact.department is not None and fact.department.pk == commission.pk):
        return None
    if actor.role is not Role.COMMISSION:
        lay_before(actor=actor, matter=matter, department_id=commission.pk, reason=remark)
    return commission.pk


def _write(
    actor: Actor,
    matter: Matter,
    listed: ListedFact,
    action: HeldAction,
    *,
    parameters: Mapping[str, Any] | None = None,
    words: Mapping[WordKind, str] | None = None,
) -> None:
    note(
        matter,
        actor=actor,
        type=f"review.{action}",
        parameters={
            "listed": listed.pk,
            "kind": listed.kind,
            "department": listed.department_id,
            "centre": listed.centre_id,
            "commission": listed.commission_id,
            **(parameters or {}),
        },
        words=words,
        # A reply may come when the file of the matter has been closed for good.
        raises_version=matter.state != State.ARCHIVED,
    )


def _not_for_this_post(action: HeldAction) -> NotAllowed:
    return NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
