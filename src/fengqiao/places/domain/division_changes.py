"""Adding, renaming, ending and reopening towns and villages as a notice says: the system administrator's verbs.

A change has its source (the notice) and the day from which it holds. Nothing is deleted and no code is given
again: what happened in a division that ended still happened there. The caller audits (flows/divisions.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.domain.divisions import uppers_of
from fengqiao.places.domain.keeping import check_keeper, found_unchanged, name_of
from fengqiao.places.enums import DivisionChangeKind
from fengqiao.places.models import Centre, Department, Division, DivisionChange, Grid, Stationing
from fengqiao.places.queries.divisions import divisions_in_reach

COUNTY, TOWN = 3, 4


@dataclass(frozen=True)
class Notice:
    """What a change rests on, and the first day on which it holds."""

    source: str
    day: date


def add_division(*, actor: Actor, upper: str, code: str, name: str, notice: Notice) -> Division:
    """A town of a county or a village of a town; raises ``Invalid`` by field, and then changed nothing."""
    check_keeper(actor)
    # Two who add below one division take turns, so that neither finds the code taken only when it is written.
    above = divisions_in_reach(actor).select_for_update().filter(pk=upper).first()
    if above is None:
        raise NotAllowed("division_not_found", _("您管理的范围内没有这个区划。"))
    if above.level not in (COUNTY, TOWN):
        raise Refusal("no_town", _("下级区划要设在县或镇街下面。"))
    if above.valid_until is not None:
        raise Refusal("division_ended", _("%(name)s已写明最后一天，请先恢复它。") % {"name": above})
    errors: dict[str, str] = {}
    source = _source(notice, errors)
    whole = _code(above, code, errors)
    made = Division(
        code=whole, name=name_of(name, errors), parent=above, valid_from=notice.day, source=source
    )
    if _namesake(made):
        errors.setdefault("name", _("%(upper)s下面已有同名的区划。") % {"upper": above})
    if notice.day < above.valid_from:
        errors["day"] = _("早于上级区划的设立日期 %(day)s。") % {"day": above.valid_from.isoformat()}
    if errors:
        raise Invalid(errors)
    made.save(force_insert=True)
    _write(actor, made, DivisionChangeKind.ADDED, notice)
    return made


def rename_division(*, actor: Actor, code: str, name: str, notice: Notice, version: int) -> str:
    """Gives a division its new name once that holds; returns the name before."""
    found = _locked(actor, code, version)
    errors: dict[str, str] = {}
    _source(notice, errors)
    before, found.name = found.name, name_of(name, errors)
    if found.name == before:
        errors["name"] = _("和现在的名称一样。")
    elif _namesake(found):
        errors.setdefault("name", _("%(upper)s下面已有同名的区划。") % {"upper": found.parent})
    if notice.day > clock.today():
        errors["day"] = _("新名称还没有生效，请在生效当天或以后填写。")
    elif notice.day < found.valid_from:
        errors["day"] = _("早于这个区划的设立日期 %(day)s。") % {"day": found.valid_from.isoformat()}
    if errors:
        raise Invalid(errors)
    _save(found)
    _write(actor, found, DivisionChangeKind.RENAMED, notice, name=before)
    return before


def end_division(*, actor: Actor, code: str, into: str, notice: Notice, version: int) -> tuple[Division, int]:
    """Ends a division on the day before the notice holds, and its grids with it; returns how many grids.

    ``into``: the division that it was merged into, or empty. Refused while something that still stands lies
    in it: divisions below, centres and departments, people at their posts.
    """
    found = _locked(actor, code, version)
    if found.valid_until is not None:
        raise Refusal("ended_already", _("已经写明撤销日期。"), field="day")
    errors: dict[str, str] = {}
    _source(notice, errors)
    last = notice.day - timedelta(days=1)
    if last < found.valid_from:
        errors["day"] = _("撤销要晚于这个区划的设立日期 %(day)s。") % {"day": found.valid_from.isoformat()}
    target = divisions_in_reach(actor).filter(pk=into, valid_until=None).first() if into else None
    if into and (target is None or target.pk == found.pk or target.level != found.level):
        errors["into"] = _("请选一个同级的、没有撤销的区划。")
    if errors:
        raise Invalid(errors)
    _check_empty(found, last)
    found.valid_until = last
    _save(found)
    running = Q(valid_until=None) | Q(valid_until__gt=last)
    grids = Grid.objects.filter(running, division=found).update(valid_until=last, version=F("version") + 1)
    _write(actor, found, DivisionChangeKind.ENDED, notice, into=target)
    return found, grids


def reopen_division(*, actor: Actor, code: str, version: int) -> int:
    """Takes the last day back, also of the grids that ended with it; returns how many grids."""
    found = _locked(actor, code, version)
    last, found.valid_until = found.valid_until, None
    if last is None:
        raise Refusal("not_ended", _("它没有撤销。"))
    if found.parent is not None and found.parent.valid_until is not None:
        raise Refusal("division_ended", _("%(name)s已写明最后一天，请先恢复它。") % {"name": found.parent})
    if _namesake(found):
        raise Refusal("named_alike", _("%(upper)s下面已有同名的区划。") % {"upper": found.parent})
    _save(found)
    ended = Grid.objects.filter(division=found, valid_until=last)
    grids = ended.update(valid_until=None, version=F("version") + 1)
    _write(actor, found, DivisionChangeKind.REOPENED, Notice("", clock.today()))
    return grids


def _locked(actor: Actor, code: str, version: int) -> Division:
    check_keeper(actor)
    # Its own division is changed by those above it.
    below = divisions_in_reach(actor).exclude(pk=actor.division)
    found = below.select_related("parent").select_for_update(of=("self",)).filter(pk=code).first()
    missing = NotAllowed("division_not_found", _("您管理的范围内没有这个区划。"))
    found = found_unchanged(found, version, missing)
    if found.level < TOWN:
        raise NotAllowed("division_not_kept_here", _("县和市的区划用命令导入，不在这里修改。"))
    return found


def _code(above: Division, said: str, errors: dict[str, str]) -> str:
    """The 12 digits; a town's nine are filled up with zeros."""
    code = said.strip()
    if not (code.isascii() and code.isdigit()) or len(code) not in (9, 12):
        errors["code"] = _("区划代码应为 12 位数字（镇街可以只写 9 位）。")
        return ""
    code = code.ljust(12, "0")
    known = Division.objects.in_bulk([code, *uppers_of(code)])
    nearest = next((known[each] for each in uppers_of(code) if each in known), None)
    if code in known:
        errors["code"] = _("这个代码已有：%(name)s。撤销了的代码也不再给别的区划。") % {"name": known[code]}
    elif not code.startswith(above.prefix) or division_level(code) <= above.level:
        errors["code"] = _("%(upper)s下面的代码以 %(prefix)s 开头。") % {
            "upper": above,
            "prefix": above.prefix,
        }
    elif nearest != above:
        errors["code"] = _("这个代码属于%(name)s，请到它的页面新增。") % {"name": nearest}
    return code


def _source(notice: Notice, errors: dict[str, str]) -> str:
    source = notice.source.strip()
    if not 1 <= len(source) <= 128:
        errors["source"] = _("请写明依据的文件，1 至 128 个字。")
    return source


def _namesake(division: Division) -> bool:
    """Whether another division below the same one, that has not ended, is called the same."""
    others = Division.objects.filter(parent=division.parent, name=division.name).exclude(pk=division.pk)
    return others.filter(Q(valid_until=None) | Q(valid_until__gte=clock.today())).exists()


def _check_empty(division: Division, last: date) -> None:
    running = Q(valid_until=None) | Q(valid_until__gt=last)
    lower = division.children.filter(running).count()
    if lower:
        raise Refusal(
            "divisions_below",
            _("它下面还有 %(number)d 个没有撤销的区划，请先撤销它们。") % {"number": lower},
            field="day",
        )
    centres = Centre.objects.filter(running, division=division).count()
    departments = Department.objects.filter(running, division=division).count()
    if centres or departments:
        raise Refusal(
            "bodies_there",
            _("那里还有 %(centres)d 个综治中心、%(departments)d 个部门，请先撤销它们。")
            % {"centres": centres, "departments": departments},
            field="day",
        )
    staying = Stationing.objects.filter(running, post__division=division).values("person").distinct().count()
    if staying:
        raise Refusal(
            "people_stationed",
            _("那天以后还有 %(number)d 人在这里任职，请安全管理员先结束他们的任职。") % {"number": staying},
            field="day",
        )


def _save(division: Division) -> None:
    division.version += 1
    division.save()


def _write(actor: Actor, division: Division, kind: DivisionChangeKind, notice: Notice, **more: Any) -> None:
    DivisionChange.objects.create(
        division=division,
        kind=kind,
        day=notice.day,
        source=notice.source.strip(),
        name=more.pop("name", division.name),
        entered_by=actor.person_id,
        entered_at=clock.now(),
        **more,
    )
