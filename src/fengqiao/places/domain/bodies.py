"""Adding, amending, ending and reopening centres and departments: the system administrator's verbs.

Nothing is deleted: a body that ended keeps its name in every matter that it had. A body is ended only when
its work has been handed over and its people hold no post there any more. The caller audits (flows/bodies.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, guards
from fengqiao.kernel.codes import division_level, division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.domain.keeping import check_keeper, found_unchanged, name_of
from fengqiao.places.enums import CENTRE_LEVELS, DepartmentKind, ResidenceMode
from fengqiao.places.models import Centre, Department, Residence
from fengqiao.places.queries.bodies import does_take_work, held_open, in_reach, staying_after
from fengqiao.places.queries.divisions import held_standing

# Supplied by config/wiring.py: the rooms below know what a body has in hand.
DEPARTMENT_IN_HAND = "department_in_hand"
CENTRE_IN_HAND = "centre_in_hand"

B = TypeVar("B", Centre, Department)
Change = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Details:
    """What an administrator says of a body. ``since`` and ``division`` are said when it is added."""

    name: str
    short_name: str = ""
    kind: str = ""
    upper: UUID | None = None
    telephone: str = ""
    address: str = ""
    division: str = ""
    since: date | None = None


def add_department(*, actor: Actor, new: Details) -> Department:
    """A new department; raises ``Invalid`` by field, and then changed nothing."""
    errors: dict[str, str] = {}
    made = Department(division_id=_division(actor, new, errors), valid_from=new.since)
    _fill_department(actor, made, new, errors)
    made.save()
    made.departmentservice_set.create(division_id=made.division_id)
    return made


def amend_department(
    *, actor: Actor, department_id: UUID, new: Details, version: int
) -> tuple[Department, Change]:
    """Other names, kind, upper department, telephone or address; returns what changed, before and after."""
    found = _locked(actor, Department, department_id, version)
    was = found.is_independent
    before = _facts(found)
    _fill_department(actor, found, new, {})
    if found.is_independent != was:
        # What a court cannot be given must not be turned into a court's.
        guards.ask(DEPARTMENT_IN_HAND, department_id=found.pk, field="kind")
    return found, _save(found, before)


def add_centre(*, actor: Actor, new: Details) -> Centre:
    """A new centre; a division has one, whose level is the division's."""
    errors: dict[str, str] = {}
    division = _division(actor, new, errors)
    if division and Centre.objects.filter(division_id=division).exists():
        errors["division"] = _("这个区划已有综治中心；撤销了的请到它的页面恢复。")
    level = CENTRE_LEVELS[max(2, division_level(division))] if division else ""
    made = Centre(division_id=division, level=level, valid_from=new.since)
    _fill_centre(actor, made, new, errors)
    made.save()
    return made


def amend_centre(*, actor: Actor, centre_id: UUID, new: Details, version: int) -> tuple[Centre, Change]:
    """Another name, upper centre, telephone or address."""
    found = _locked(actor, Centre, centre_id, version)
    before = _facts(found)
    _fill_centre(actor, found, new, {})
    return found, _save(found, before)


def set_residents(
    *, actor: Actor, centre_id: UUID, present: Mapping[UUID, ResidenceMode], version: int
) -> Change:
    """Says which departments are present at a centre and how (7+N); who is not named any more has left.

    Returns who was and who is present, by id. A department that ended can stay named, and not be added.
    """
    centre = _locked(actor, Centre, centre_id, version)
    known = {each.department_id: each for each in centre.residences.all()}
    before = _present(known.values())
    new = set(present) - {pk for pk, each in known.items() if each.mode != ResidenceMode.LEFT}
    today = clock.today()
    found = {each.pk: each for each in held_open(Department, new)}
    for pk in new:
        if pk not in found or not found[pk].division_id.startswith(division_prefix(actor.division)):
            raise Invalid({"present": _("您管理的范围内没有这个部门。")})
        if not does_take_work(found[pk], today):
            raise Invalid({"present": _("%(name)s已撤销或还没有设立。") % {"name": found[pk]}})
    for pk in set(known) | set(present):
        mode = present.get(pk, ResidenceMode.LEFT)
        row = known.get(pk) or Residence(centre=centre, department_id=pk)
        if row.mode != mode:
            row.mode = mode
            row.save()
    _save(centre, {})
    return {"before": before, "after": _present(centre.residences.all())}


def _present(rows: Iterable[Residence]) -> dict[str, Any]:
    return {
        str(mode): sorted(str(row.department_id) for row in rows if row.mode == mode)
        for mode in (ResidenceMode.RESIDENT, ResidenceMode.ROTATING)
    }


def end_department(*, actor: Actor, department_id: UUID, until: date, version: int) -> Department:
    """Gives a department its last day; refused while it has work in hand or people at their posts."""
    found = _locked(actor, Department, department_id, version)
    return _end(found, until, lambda: guards.ask(DEPARTMENT_IN_HAND, department_id=found.pk, field="until"))


def end_centre(*, actor: Actor, centre_id: UUID, until: date, version: int) -> Centre:
    """Gives a centre its last day; refused while it holds matters or centres hang below it."""
    found = _locked(actor, Centre, centre_id, version)
    lower = found.lower.filter(valid_until__isnull=True).count()
    if lower:
        raise Refusal(
            "centres_below",
            _("还有 %(number)d 个下级中心以它为上级，请先改它们的上级中心。") % {"number": lower},
            field="until",
        )
    return _end(found, until, lambda: guards.ask(CENTRE_IN_HAND, centre_id=found.pk, field="until"))


def reopen_department(*, actor: Actor, department_id: UUID, version: int) -> None:
    """Takes the last day back: the department takes work again. That it had ended stays in the audit."""
    _reopen(_locked(actor, Department, department_id, version))


def reopen_centre(*, actor: Actor, centre_id: UUID, version: int) -> None:
    """The same for a centre."""
    _reopen(_locked(actor, Centre, centre_id, version))


def _reopen(found: Centre | Department) -> None:
    if found.valid_until is None:
        raise Refusal("not_ended", _("它没有撤销。"))
    if held_standing(found.division_id, clock.today()) is None:
        name = {"name": found.division}
        raise Refusal("division_ended", _("%(name)s已写明最后一天，请先恢复它。") % name)
    found.valid_until = None
    _save(found, {})


def _end(found: B, until: date, ask: Callable[[], None]) -> B:
    today = clock.today()
    if found.valid_until is not None:
        raise Refusal("ended_already", _("已经写明撤销日期。"), field="until")
    if until < today - timedelta(days=1):
        raise Invalid({"until": _("最后一天不能早于昨天：已经办过的事是由它办的。")})
    if found.valid_from is not None and until < found.valid_from:
        raise Invalid({"until": _("最后一天早于设立日期。")})
    ask()
    staying = staying_after(found, until)
    if staying:
        raise Refusal(
            "people_stationed",
            _("那天以后还有 %(number)d 人在这里任职，请安全管理员先结束他们的任职。") % {"number": staying},
            field="until",
        )
    found.valid_until = until
    _save(found, {})
    return found


def _locked(actor: Actor, model: type[B], body_id: UUID, version: int) -> B:
    check_keeper(actor)
    # FOR UPDATE, against the key share of whoever gives it work (places.queries.bodies.held_open).
    found = in_reach(model, actor).select_for_update(of=("self",)).filter(pk=body_id).first()
    missing = NotAllowed("body_not_found", _("您管理的范围内没有这个机构。"))
    return found_unchanged(found, version, missing)


def _division(actor: Actor, new: Details, errors: dict[str, str]) -> str:
    check_keeper(actor)
    inside = new.division.startswith(division_prefix(actor.division))
    if not inside or held_standing(new.division, clock.today()) is None:
        errors["division"] = _("您管理的范围内没有这个区划，或它已写明最后一天。")
        return ""
    return new.division


def _fill(body: Centre | Department, new: Details, errors: dict[str, str]) -> None:
    body.name = name_of(new.name, errors)
    body.telephone, body.address = new.telephone.strip(), new.address.strip()
    for name, longest in (("telephone", 32), ("address", 100)):
        if len(getattr(body, name)) > longest:
            errors[name] = _("应为 1 至 %(most)d 个字。") % {"most": longest}


def _fill_department(actor: Actor, body: Department, new: Details, errors: dict[str, str]) -> None:
    _fill(body, new, errors)
    body.short_name = (new.short_name or new.name[:32]).strip()
    if len(body.short_name) > 32:
        errors["short_name"] = _("应为 1 至 %(most)d 个字。") % {"most": 32}
    if new.kind in DepartmentKind.values:
        body.kind = new.kind
    else:
        errors["kind"] = _("请选择部门类别。")
    namesake = Department.objects.filter(division_id=body.division_id, name=body.name).exclude(pk=body.pk)
    if namesake.exists():
        errors["name"] = _("这个区划已有同名的部门；撤销了的请到它的页面恢复。")
    body.upper = _upper(Department, body, new.upper, errors)
    if errors:
        raise Invalid(errors)


def _fill_centre(actor: Actor, body: Centre, new: Details, errors: dict[str, str]) -> None:
    _fill(body, new, errors)
    body.upper = _upper(Centre, body, new.upper, errors)
    if body.upper and division_level(body.upper.division_id) >= division_level(body.division_id or "0" * 12):
        errors["upper"] = _("上级中心的级别要高于它。")
    if errors:
        raise Invalid(errors)


def _upper(model: type[B], body: B, wanted: UUID | None, errors: dict[str, str]) -> B | None:
    if wanted is None:
        return None
    found = model._default_manager.filter(pk=wanted).first()
    if found is None or (found.valid_until is not None and wanted != body.upper_id):
        errors["upper"] = _("没有这个上级机构，或它已撤销。")
        return None
    above: Any = found
    while above is not None:
        if above.pk == body.pk:
            errors["upper"] = _("不能以自己或自己的下级为上级。")
            return None
        above = above.upper
    return found


def _facts(body: Centre | Department) -> dict[str, Any]:
    names = ("name", "short_name", "kind", "upper_id", "telephone", "address")
    return {name: str(getattr(body, name) or "") for name in names if hasattr(body, name)}


def _save(body: Centre | Department, before: dict[str, Any]) -> Change:
    body.version += 1
    body.save()
    after = _facts(body)
    return {
        "before": {name: value for name, value in before.items() if value != after[name]},
        "after": {name: after[name] for name, value in before.items() if value != after[name]},
    }
