"""What the matter asks of dispatch before it moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.enums import AssignmentState, Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock, guards
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.places.models import Department
from fengqiao.places.queries.acting import counties_below
from fengqiao.places.queries.bodies import does_take_work

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
        refusal = refusal_of_ended(department, field="lead")
        if refusal is not None:
            return refusal
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


def refusal_of_ended(department: Department, *, field: str) -> Refusal | None:
    """Why a body that ends, ended or has not begun gets nothing new; None where it takes work."""
    if does_take_work(department, clock.today()):
        return None
    return Refusal(
        "department_ended",
        _("%(name)s已撤销或还没有设立，不再接收新的事项。") % {"name": department},
        field=field,
    )


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


def department_in_hand(*, department_id: UUID, field: str) -> Refusal | None:
    """What keeps a department from being ended: how much it has in hand, never what.

    Whoever keeps places reads no matter, so the database's own function counts (adr/0002).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT handed, called FROM department_in_hand(%s)", [department_id])
        handed, called = cursor.fetchone()
    if not handed and not called:
        return None
    return Refusal(
        "work_in_hand",
        _("它还有 %(handed)d 件交办在办、%(called)d 次吹哨未处置，请中心先改交其他部门或等办结。")
        % {"handed": handed, "called": called},
        field=field,
    )


def supply_own() -> None:
    """Makes dispatch's answers known (at start)."""
    guards.supply("may_receive", may_receive)
    guards.supply("all_signed_off", all_signed_off)
    guards.supply("department_in_hand", department_in_hand)
