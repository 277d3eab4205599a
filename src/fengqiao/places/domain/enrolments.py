"""Entering people: the system administrator says who works here, and gives nobody a right.

Posts and passwords are the security administrator's (stationings.py, accounts/domain/people.py): neither of
the two can let anybody in alone. The caller audits (flows/people.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.models import Person
from fengqiao.accounts.policies import may_enter_people, may_keep_people
from fengqiao.kernel import clock, crypto, identity
from fengqiao.kernel.codes import county_of, division_prefix
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.places.models import Department, Enrolment
from fengqiao.places.queries.bodies import does_take_work, held_open
from fengqiao.places.queries.people import person_in_reach

FIELD = "telephone"
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")
NOT_DIALLED = re.compile(r"[^\d+()\-]")


@dataclass(frozen=True)
class NewPerson:
    """Who is entered. ``login`` is said once; an empty ``telephone`` of somebody known stays as it was."""

    name: str
    login: str = ""
    telephone: str = ""
    home: UUID | None = None


def enter(*, actor: Actor, new: NewPerson) -> Person:
    """Enters somebody who cannot sign in yet; raises ``Invalid`` by field, and then changed nothing."""
    _may_enter(actor)
    errors: dict[str, str] = {}
    login = new.login.strip().lower()
    if not LOGIN.fullmatch(login):
        errors["login"] = _("登录名用小写字母、数字和 . _ -，以字母开头，2 至 32 位。")
    elif Person.objects.filter(username__iexact=login).exists():
        errors["login"] = _("这个登录名已有人用。")
    values = _checked(actor, new, None, errors)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(login, name=values["name"])
    except IntegrityError as wrong:
        # Somebody else entered the same name at this moment.
        raise Invalid({"login": _("这个登录名已有人用。")}) from wrong
    enrolment = Enrolment(
        person=person, division_id=actor.division, entered_by=actor.person_id, entered_at=clock.now()
    )
    _write(enrolment, values)
    return person


def amend(*, actor: Actor, person_id: UUID, new: NewPerson, version: int) -> list[str]:
    """Puts name, telephone or home right; returns what changed, by name and never by value."""
    _may_enter(actor)
    if person_id == actor.person_id:
        raise NotAllowed("not_on_oneself", _("不能修改自己的登记，请另一位系统管理员来办。"))
    refusal = person_in_reach(actor=actor, person_id=person_id)
    if refusal is not None:
        raise refusal
    person = Person.objects.select_for_update().get(pk=person_id)
    found = Enrolment.objects.filter(person=person).first()
    if version != (found.version if found else 0):
        raise Stale("stale", _("刚才有人改过，请核对现在的内容后再保存。"))
    enrolment = found or Enrolment(
        person=person,
        division_id=actor.division,
        entered_by=actor.person_id,
        entered_at=clock.now(),
        version=0,
    )
    values = _checked(actor, new, enrolment.home_department_id, {})
    changed = [
        name
        for name, differs in {
            "name": values["name"] != person.name,
            "telephone": bool(values["telephone"]),
            "home": values["home"] != enrolment.home_department_id,
        }.items()
        if differs
    ]
    person.name = values["name"]
    person.save(update_fields=["name"])
    enrolment.version += 1
    _write(enrolment, values)
    return changed


def telephone_of(*, actor: Actor, person_id: UUID) -> str:
    """The whole number; the caller has it audited before it is shown."""
    if not may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_people", _("人员账号由安全管理员管理。"))
    refusal = person_in_reach(actor=actor, person_id=person_id)
    if refusal is not None:
        raise refusal
    enrolment = Enrolment.objects.filter(person_id=person_id, telephone__isnull=False).first()
    if enrolment is None:
        raise Refusal("no_telephone", _("没有登记电话。"))
    return _revealed(enrolment)


def masked_telephone(enrolment: Enrolment | None) -> str:
    """What the screen shows: the first three digits and the last two."""
    if enrolment is None or enrolment.telephone is None:
        return ""
    return identity.masked(_revealed(enrolment), head=3, tail=2)


def _may_enter(actor: Actor) -> None:
    if not may_enter_people(actor):
        raise NotAllowed("post_may_not_enter_people", _("人员由系统管理员登记。"))


def _checked(actor: Actor, new: NewPerson, present: UUID | None, errors: dict[str, str]) -> dict[str, Any]:
    name = new.name.strip()
    if not 1 <= len(name) <= 64:
        errors["name"] = _("姓名应为 1 至 64 个字。")
    digits = identity.normalise_phone(new.telephone)
    strange = NOT_DIALLED.search(identity.normalise(new.telephone))
    if new.telephone.strip() and (strange or not 5 <= len(digits.lstrip("+")) <= 17):
        errors["telephone"] = _("电话号码不对：请填写 5 至 17 位数字，境外号码以 + 开头。")
    home = next(iter(held_open(Department, [new.home])), None) if new.home else None
    if new.home and (home is None or not home.division_id.startswith(division_prefix(actor.division))):
        errors["home"] = _("您管理的范围内没有这个部门。")
    elif home is not None and home.pk != present and not does_take_work(home, clock.today()):
        errors["home"] = _("%(name)s已撤销或还没有设立。") % {"name": home}
    if errors:
        raise Invalid(errors)
    return {"name": name, "telephone": digits, "home": new.home}


def _write(enrolment: Enrolment, values: dict[str, Any]) -> None:
    enrolment.home_department_id = values["home"]
    if values["telephone"]:
        enrolment.telephone = crypto.protect(
            crypto.Keyring.load(settings.KEYRING),
            county=county_of(enrolment.division_id),
            row=str(enrolment.person_id),
            field=FIELD,
            value=values["telephone"],
        )
    enrolment.save()


def _revealed(enrolment: Enrolment) -> str:
    return crypto.reveal(
        crypto.Keyring.load(settings.KEYRING),
        county=county_of(enrolment.division_id),
        row=str(enrolment.person_id),
        field=FIELD,
        protected=bytes(enrolment.telephone or b""),
    )
