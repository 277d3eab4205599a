"""What the matter asks of dispatch before it moves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import guards
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.places.models import Department
from fengqiao.places.queries.acting import counties_below

Facts = dict[str, Any]
SIGNED = (
    AssignmentState.SIGNED_OFF,
    AssignmentState.OVERRIDDEN,
    AssignmentState.RETURNED,
    AssignmentState.ENDED,
)


def refusal_to_receive(matter: Matter, departments: list[Department]) -> Refusal | None:
    """Why one of these bodies can not be given the matter; None where all can.

    Courts and procuratorates decide independently (field/rights.md); the body complained of never gets the
    complaint (信访工作条例 第30条).
    """
    for department in departments:
        if department.is_independent:
            return Refusal(
                "independent_body",
                _("法院、检察院依法独立办案，不能交办；可以邀请到窗口或告知情况。"),
                field="lead",
            )
        if department.id == matter.against_department_id:
            return Refusal(
                "complained_of",
                _("不能把事项交给被反映的单位：%(name)s。") % {"name": department},
                field="lead",
            )
        if matter.county not in counties_below(department.division_id):
            return Refusal(
                "out_of_reach",
                _("%(name)s在别的县，看不到这件事项，不能交办。") % {"name": department},
                field="lead",
            )
    if len({d.id for d in departments}) != len(departments):
        return Refusal("twice", _("同一个单位只能选一次。"), field="assisting")
    return None


def may_receive(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    return refusal_to_receive(matter, facts["departments"])


def all_signed_off(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """The assisting departments have signed off, or a director has overridden with a reason."""
    waiting = (
        Assignment.objects.filter(matter_id=matter.id, dispatch__ended_at__isnull=True, part=Part.ASSIST)
        .exclude(state__in=SIGNED)
        .select_related("department")
    )
    names = [str(a.department) for a in waiting]
    if not names:
        return None
    return Refusal("sign_off_missing", _("还没有会签：%(names)s。") % {"names": _("、").join(names)})


def supply_own() -> None:
    """Makes dispatch's answers known (at start)."""
    guards.supply("may_receive", may_receive)
    guards.supply("all_signed_off", all_signed_off)
