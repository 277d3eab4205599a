"""Putting a person into a post and taking them out of it: the security administrator's verbs.

A post that was held is never deleted: it gets a last day, and who comes back holds it a second time. The
caller audits (flows/people.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, AT_DEPARTMENTS, Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.policies import may_keep_people
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.models import Centre, Department, Division, Post, Stationing
from fengqiao.places.queries.bodies import does_take_work, held_open, is_commission
from fengqiao.places.queries.divisions import held_standing
from fengqiao.places.queries.people import person_in_reach


@dataclass(frozen=True)
class NewPost:
    """What somebody is to be: a role at a place ("centre:…", "department:…" or "division:…"), from a day on.

    ``until`` is the last day, where it is known; ``home``: the department that sends the person.
    """

    role: str
    place: str
    since: date
    until: date | None = None
    home: UUID | None = None


def open_post(*, actor: Actor, person_id: UUID, new: NewPost) -> Stationing:
    """Puts the person into the post; raises ``Invalid`` by field, or a refusal, and then changed nothing."""
    person = _locked(actor, person_id)
    errors: dict[str, str] = {}
    role = Role(new.role) if new.role in Role.values else None
    where = _place(actor, role, new, errors)
    _days(new, errors)
    home = next(iter(held_open(Department, [new.home])), None) if new.home else None
    if new.home and (home is None or not _is_inside(actor, home.division_id)):
        errors["home"] = _("您管理的范围内没有这个部门。")
    elif home is not None and not does_take_work(home, new.since):
        errors["home"] = _("%(name)s已撤销或还没有设立。") % {"name": home}
    if errors:
        raise Invalid(errors)
    running = Stationing.objects.filter(_not_over(), person=person).select_related("post")
    roles = {Role(each.post.role) for each in running} | {Role(new.role)}
    if roles & ADMINISTRATORS and len(roles) > 1:
        raise Invalid({"role": _("管理员岗位须由专人担任：同一个人不能再担任其他岗位。")})
    if person.is_machine != (role is Role.EXCHANGE):
        raise Invalid({"role": _("数据交换岗只给系统对接账号，其他岗位只给本人使用的账号。")})
    post, _new = Post.objects.get_or_create(role=new.role, **where)
    if running.filter(post=post).exists():
        raise Refusal("post_held_already", _("这个人已经在这个岗位上，或已定好上任日期。"), field="role")
    if Stationing.objects.filter(person=person, post=post, valid_until__gte=new.since).exists():
        raise Invalid({"since": _("和以前在这个岗位的任职日期重叠。")})
    return Stationing.objects.create(
        person=person,
        post=post,
        home_department=home,
        valid_from=new.since,
        valid_until=new.until,
    )


def end_post(*, actor: Actor, person_id: UUID, stationing_id: UUID, until: date) -> Stationing:
    """Gives a post its last day; yesterday ends it at once. What was done at it stays in every record."""
    _locked(actor, person_id)
    found = Stationing.objects.select_related("post").filter(pk=stationing_id, person_id=person_id).first()
    if found is None:
        raise NotAllowed("post_not_found", _("这个人没有这个岗位。"))
    today = clock.today()
    if found.valid_until is not None and found.valid_until < today:
        raise Refusal("post_over", _("这个岗位的任职已经结束。"))
    if until < today - timedelta(days=1):
        raise Invalid({"until": _("最后一天不能早于昨天：已经办过的事是以这个岗位办的。")})
    found.valid_until = until
    found.save(update_fields=["valid_until"])
    return found


def _locked(actor: Actor, person_id: UUID) -> Person:
    if not may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_people", _("人员账号由安全管理员管理。"))
    if person_id == actor.person_id:
        raise NotAllowed("not_on_oneself", _("不能对自己的账号这样做，请另一位安全管理员来办。"))
    refusal = person_in_reach(actor=actor, person_id=person_id)
    if refusal is not None:
        raise refusal
    # Two administrators at once must not give one person two posts that exclude each other.
    return Person.objects.select_for_update().get(pk=person_id)


def _not_over() -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today())


def _days(new: NewPost, errors: dict[str, str]) -> None:
    if new.since < clock.today():
        errors["since"] = _("上任日期不能早于今天。")
    if new.until is not None and new.until < new.since:
        errors["until"] = _("最后一天早于上任日期。")


def _place(actor: Actor, role: Role | None, new: NewPost, errors: dict[str, str]) -> dict[str, Any]:
    """The columns of the post; administrators are for a division, handlers at a department, others at a centre."""
    if role is None:
        errors["role"] = _("请选择岗位。")
        return {}
    kind, _colon, key = new.place.partition(":")
    wanted = "division" if role in ADMINISTRATORS else "department" if role in AT_DEPARTMENTS else "centre"
    if kind != wanted:
        errors["place"] = {
            "division": _("管理员岗位请选一个区划。"),
            "department": _("部门承办人和政法委督办岗请选一个部门。"),
            "centre": _("这个岗位请选一个综治中心。"),
        }[wanted]
        return {}
    found: Centre | Department | Division | None = None
    if kind == "division":
        found = held_standing(key, clock.today())
    else:
        try:
            ids = [UUID(key)]
            if kind == "centre":
                found = next(iter(held_open(Centre, ids)), None)
            else:
                found = next(iter(held_open(Department, ids)), None)
        except ValueError:
            found = None
    division = "" if found is None else found.pk if isinstance(found, Division) else found.division_id
    if found is None or not _is_inside(actor, division):
        errors["place"] = _("您管理的范围内没有这个地方。")
        return {}
    if not isinstance(found, Division) and not does_take_work(found, new.since):
        errors["place"] = _("%(name)s已撤销或还没有设立。") % {"name": found}
        return {}
    if role is Role.COMMISSION and not (isinstance(found, Department) and is_commission(found)):
        errors["place"] = _("政法委督办岗只设在县级党委政法委。")
        return {}
    return {
        "division_id": division,
        "centre": found if isinstance(found, Centre) else None,
        "department": found if isinstance(found, Department) else None,
    }


def _is_inside(actor: Actor, division: str) -> bool:
    return division.startswith(division_prefix(actor.division))
