"""Matters in the hands of departments, in every state of an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import Opinion, Part, Responsibility
from fengqiao.dispatch.models import Assignment
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, brought_to

LABOUR = (Role.HANDLER, "labour")
HOUSING = (Role.HANDLER, "housing")
POLICE = (Role.HANDLER, "police")
LAND = (Role.HANDLER, "natural_resources")
RESULT = "经查情况属实，厂方已付清全部工资。"
NOT_OURS = {"reason": "工程款纠纷，不属劳动关系", "basis": "职责分工文件第三条"}


def dispatched(
    county: SmallCounty, *, assisting: Sequence[str] = (), matter: Matter | None = None, **more: Any
) -> Matter:
    """A matter handed to the labour bureau, and to others that assist."""
    changes = more.pop("changes", {})
    matter = matter or brought_to(county, State.DISPATCHING, **changes)
    given = {
        "lead": county.department("labour").id,
        "message": "请依法处理并答复",
        "reason": "由该部门主办更合适",
    } | more
    others = [Assisting(county.department(kind).id, Responsibility.TERRITORY) for kind in assisting]
    act(county, Role.DISPATCHER, dispatching.dispatch, matter, assisting=others, **given)
    return matter


def part_of(matter: Matter, part: Part = Part.LEAD, kind: str = "") -> Assignment:
    """The newest assignment of a part (of a department of this kind)."""
    with scope(EVERYWHERE):
        found = Assignment.objects.filter(matter_id=matter.pk, part=part).order_by("issued_at", "id")
        if kind:
            found = found.filter(department__kind=kind)
        return found.select_related("department").last()


def check_in(county: SmallCounty, who: tuple[Role, str], assignment: Assignment) -> None:
    act(county, who, handling.check_in, assignment_id=assignment.id)


def working(county: SmallCounty, **more: Any) -> tuple[Matter, Assignment]:
    """In hand at the labour bureau."""
    matter = dispatched(county, **more)
    lead = part_of(matter)
    check_in(county, LABOUR, lead)
    return matter, lead


def return_asked(county: SmallCounty, **more: Any) -> tuple[Matter, Assignment]:
    matter, lead = working(county, **more)
    act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **NOT_OURS)
    return matter, lead


def disposed(
    county: SmallCounty, *, assisting: Sequence[str] = ("housing",)
) -> tuple[Matter, Assignment, Assignment]:
    """The lead has written its result; the housing bureau has checked in and not signed off."""
    matter, lead = working(county, assisting=assisting)
    assist = part_of(matter, Part.ASSIST, "housing")
    check_in(county, HOUSING, assist)
    act(county, LABOUR, handling.dispose, assignment_id=lead.id, result=RESULT)
    return matter, lead, part_of(matter, Part.ASSIST, "housing")


def sign_off(
    county: SmallCounty, assignment: Assignment, who: tuple[Role, str] = HOUSING, **said: Any
) -> None:
    act(county, who, handling.sign_off, assignment_id=assignment.id, **({"opinion": Opinion.AGREE} | said))
