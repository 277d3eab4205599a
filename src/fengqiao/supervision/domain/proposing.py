"""Proposing a rung, with its facts: the centre asks the commission, and hears the department first."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.queries.calendar import county_calendar
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.sight import lay_before
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import commission_of
from fengqiao.supervision import steps
from fengqiao.supervision.domain.turning import check, turn, written
from fengqiao.supervision.enums import SupervisionAction, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.policies import may_propose
from fengqiao.supervision.queries.facts import IN_ITS_HANDS, Offer, offers_of


def propose(
    *, actor: Actor, assignment_id: UUID, rule: str, grounds: str, version: int | None = None
) -> Measure:
    """提请督办: the next rung for a department's part of a matter, by a row of the county's table of supervision.

    The row must answer today. The facts are looked up and kept with it, not typed. The department is heard until
    ``answer_by``; the commission decides. Refused: ``exempt_from_supervision`` (courts, procuratorates,
    arbitration commissions), ``no_ground`` where no fact lets the row answer, ``rules_by_hand`` where the
    table cannot be asked, ``no_commission``, ``own_case``.
    """
    grounds = needed("grounds", grounds, _("请写明为什么提请督办。"), shortest=4)
    known = Assignment.objects.filter(pk=assignment_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("assignment_not_found", _("没有这项交办，或您的岗位看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    part = (
        Assignment.objects.select_for_update(of=("self",)).select_related("department").get(pk=assignment_id)
    )
    running = (
        Supervision.objects.select_for_update(of=("self",)).filter(assignment=part, ended_at=None).first()
    )
    action = SupervisionAction.PROPOSE
    if running is not None:
        cell = check(actor, matter, running, action)
    else:
        cell = steps.TABLE[None, action, ""]
        if not may_propose(actor, matter):
            raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
    commission = _commission(matter, part)
    offer = _offer(matter, part, running, rule)
    if running is not None:
        said = offer.said()
        turn(actor, matter, running, cell, parameters=said, words={WordKind.GROUNDS: grounds})
        return _measure(actor, matter, running, offer, grounds)
    # First, so that whoever has to be told may see it; and a restricted matter is refused before anything is written.
    lay_before(actor=actor, matter=matter, department_id=commission.pk, reason=grounds)
    now = clock.now()
    begun = Supervision.objects.create(
        **of(matter),
        assignment=part,
        department_id=part.department_id,
        commission=commission,
        state=cell.to,
        since=now,
        opened_at=now,
    )
    said = offer.said()
    written(actor, matter, begun, cell, before="", parameters=said, words={WordKind.GROUNDS: grounds})
    return _measure(actor, matter, begun, offer, grounds)


def _commission(matter: Matter, part: Assignment) -> Department:
    if part.department.kind in EXEMPT_FROM_SUPERVISION:
        raise Refusal(
            "exempt_from_supervision",
            _("法院、检察院和仲裁委依法独立办案：可以沟通、告知，不对其督办。"),
        )
    if part.state not in IN_ITS_HANDS:
        raise Refusal("not_with_department", _("这项交办现在不在该单位手里，不能提请督办。"))
    found = commission_of(matter.county)
    if found is None:
        raise Refusal("no_commission", _("本县没有设置政法委，没有人能决定督办。"))
    if found.pk == part.department_id:
        raise Refusal("own_case", _("政法委自己承办的事项，不能由它自己督办：请报上级。"))
    return found


def _offer(matter: Matter, part: Assignment, running: Supervision | None, rule: str) -> Offer:
    offers = offers_of(matter, [part], [running] if running else [])[part.pk]
    found = next((each for each in offers.found if each.row.id == rule), None)
    if found is None and offers.errors:
        raise Refusal(
            "rules_by_hand",
            _("督办提请规则现在答不了：%(error)s") % {"error": "；".join(offers.errors)},
        )
    if found is None:
        raise Refusal("no_ground", _("现在没有可以据以提请这一级督办的事实。"))
    return found


def _measure(actor: Actor, matter: Matter, supervision: Supervision, offer: Offer, grounds: str) -> Measure:
    assert supervision.state == SupervisionState.PROPOSED  # noqa: S101  what the cell says
    return Measure.objects.create(
        **of(matter),
        supervision=supervision,
        rung=offer.rung,
        rule=offer.row.id,
        rule_version=0,
        table_version=offer.table.version,
        basis=offer.row.basis,
        report_days=offer.report_days,
        facts=[each.kept() for each in offer.facts],
        grounds=grounds,
        proposed_by_id=actor.person_id,
        proposed_role=actor.role,
        proposed_at=clock.now(),
        answer_by=county_calendar(matter.county).nth_worked(clock.today(), offer.answer_days),
    )
