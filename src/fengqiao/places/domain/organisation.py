"""Taking an organisation in from a file: centres, departments, grids, and who holds which post."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.accounts.enums import ADMINISTRATORS, AT_DEPARTMENTS, Role
from fengqiao.accounts.models import Person
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_level, division_prefix
from fengqiao.kernel.errors import Invalid
from fengqiao.places.domain.grids import grid_code
from fengqiao.places.enums import CENTRE_LEVELS, RESIDENT_SEVEN, CentreLevel, DepartmentKind, ResidenceMode
from fengqiao.places.models import (
    Centre,
    Department,
    DepartmentService,
    Division,
    Grid,
    Post,
    Residence,
    Stationing,
)
from fengqiao.places.queries.bodies import is_commission
from fengqiao.places.queries.divisions import below

KEYS = {
    "centre": {"division", "name", "upper", "resident", "rotating"},
    "department": {"name", "short_name", "kind", "division", "upper", "serves"},
    "grids": {"below", "each"},
    "person": {"login", "name", "home", "posts", "machine"},
}
POST_KEYS = {"role", "centre", "department", "division", "from", "until"}


@dataclass
class OrganisationTaken:
    """What an import of an organisation did. ``passwords``: of the people that are new."""

    counties: set[str] = field(default_factory=set)
    centres: int = 0
    departments: int = 0
    grids: int = 0
    people: int = 0
    posts: int = 0
    ended: int = 0
    passwords: dict[str, str] = field(default_factory=dict)


def read_organisation(path: Path) -> dict[str, Any]:
    """The file's tables; raises ``Invalid`` where it is no TOML or has unknown tables or keys."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise Invalid({path.name: _("读不了文件：%(why)s") % {"why": wrong}}) from wrong
    errors: dict[str, Any] = {}
    for table, entries in data.items():
        if table not in KEYS or not isinstance(entries, list):
            errors[table] = _("没有这一种表；可用的是：%(known)s。") % {"known": _("、").join(KEYS)}
            continue
        for place, entry in enumerate(entries):
            for key in set(entry) - KEYS[table]:
                errors[f"{table}[{place}].{key}"] = _("没有这一项。")
            for at, post in enumerate(entry.get("posts", []) if table == "person" else []):
                for key in set(post) - POST_KEYS:
                    errors[f"person[{place}].posts[{at}].{key}"] = _("没有这一项。")
    if errors:
        raise Invalid(errors)
    return data


def take_organisation(data: dict[str, Any], *, password: Callable[[str], str | None]) -> OrganisationTaken:
    """Makes what is new and puts right what changed; may be repeated.

    ``password``: gives a new person's first password (None: they cannot sign in yet). A post that a listed
    person held and that the file does not list any more ends yesterday. Raises ``Invalid`` with the place in
    the file as key; the caller's transaction then takes everything back.
    """
    return _Taking(data, password).run()


class _Taking:
    def __init__(self, data: dict[str, Any], password: Callable[[str], str | None]) -> None:
        self.data = data
        self.password = password
        self.errors: dict[str, Any] = {}
        self.taken = OrganisationTaken()
        last_days = dict(Division.objects.values_list("code", "valid_until"))
        self.divisions = set(last_days)
        self.ended = {code for code, last in last_days.items() if last is not None}
        self.centres = {c.division_id: c for c in Centre.objects.all()}
        self.departments = {(d.division_id, d.name): d for d in Department.objects.all()}

    def run(self) -> OrganisationTaken:
        for take in (self._departments, self._centres, self._grids, self._people):
            take()
            if self.errors:
                raise Invalid(self.errors)
        return self.taken

    def _entries(self, table: str) -> Iterable[tuple[str, dict[str, Any]]]:
        for place, entry in enumerate(self.data.get(table, [])):
            yield f"{table}[{place}]", entry

    def _division(self, where: str, code: Any) -> str | None:
        if code in self.divisions:
            self.taken.counties.add(str(code)[:6])
            return str(code)
        self.errors[where] = _("没有这个区划：%(code)s。请先导入区划。") % {"code": code}
        return None

    def _new_body(self, where: str, division: str) -> None:
        """Nothing new comes to stand in a division that has a last day."""
        if division in self.ended:
            said = {"code": division}
            self.errors[f"{where}.division"] = _("区划 %(code)s 已写明最后一天，不能新设机构。") % said

    def _text(self, where: str, entry: dict[str, Any], key: str, longest: int) -> str:
        value = str(entry.get(key, "")).strip()
        if not 1 <= len(value) <= longest:
            self.errors[f"{where}.{key}"] = _("应为 1 至 %(most)d 个字。") % {"most": longest}
        return value

    def _departments(self) -> None:
        for where, entry in self._entries("department"):
            division = self._division(f"{where}.division", entry.get("division"))
            name = self._text(where, entry, "name", 64)
            kind = entry.get("kind")
            if kind not in DepartmentKind.values:
                self.errors[f"{where}.kind"] = _("没有这种部门：%(kind)s。") % {"kind": kind}
            short = self._text(where, entry, "short_name", 32) if entry.get("short_name") else name[:32]
            upper = self._department(f"{where}.upper", entry["upper"]) if entry.get("upper") else None
            if division is None or self.errors:
                continue
            known = self.departments.get((division, name))
            if known is None:
                self._new_body(where, division)
            values = {"short_name": short, "kind": kind, "upper": upper}
            made = known or Department(division_id=division, name=name)
            _put_right(made, values)
            self.departments[(division, name)] = made
            self.taken.departments += known is None
            for place, served in enumerate(entry.get("serves", [division])):
                code = self._division(f"{where}.serves[{place}]", served)
                if code:
                    DepartmentService.objects.get_or_create(department=made, division_id=code)

    def _department(self, where: str, name: Any) -> Department | None:
        """By name; where two divisions have one of that name, by ``division/name``."""
        division, _slash, plain = str(name).rpartition("/")
        found = [d for (code, n), d in self.departments.items() if n == plain and division in ("", code)]
        if len(found) == 1:
            return found[0]
        if found:
            self.errors[where] = _("有几个部门叫这个名称，请写成“区划代码/名称”。")
        else:
            self.errors[where] = _("没有这个部门：%(name)s。") % {"name": name}
        return None

    def _centres(self) -> None:
        for where, entry in self._entries("centre"):
            division = self._division(f"{where}.division", entry.get("division"))
            name = self._text(where, entry, "name", 64)
            upper = None
            if entry.get("upper"):
                upper = self.centres.get(entry["upper"])
                if upper is None:
                    self.errors[f"{where}.upper"] = _("上级中心要写在它前面，或已经导入过。")
            if division is None or self.errors:
                continue
            values = {"name": name, "level": CENTRE_LEVELS[max(2, division_level(division))], "upper": upper}
            if division not in self.centres:
                self._new_body(where, division)
                self.taken.centres += 1
            centre = self.centres.setdefault(division, Centre(division_id=division))
            _put_right(centre, values)
            self._residences(where, centre, entry)

    def _residences(self, where: str, centre: Centre, entry: dict[str, Any]) -> None:
        for mode, key in ((ResidenceMode.RESIDENT, "resident"), (ResidenceMode.ROTATING, "rotating")):
            for place, name in enumerate(entry.get(key, [])):
                department = self._department(f"{where}.{key}[{place}]", name)
                if department is not None:
                    Residence.objects.update_or_create(
                        centre=centre, department=department, defaults={"mode": mode}
                    )
        if "resident" in entry and centre.level == CentreLevel.COUNTY:
            kinds = set(centre.residences.filter(mode="resident").values_list("department__kind", flat=True))
            lacking = [DepartmentKind(k).label for k in RESIDENT_SEVEN if k not in kinds]
            if lacking:
                self.errors[f"{where}.resident"] = _("常驻单位还缺：%(names)s。") % {
                    "names": _("、").join(str(name) for name in lacking)
                }

    def _grids(self) -> None:
        for where, entry in self._entries("grids"):
            division = self._division(f"{where}.below", entry.get("below"))
            each = entry.get("each", 1)
            if not isinstance(each, int) or not 1 <= each <= 99:
                self.errors[f"{where}.each"] = _("每个村居的网格数应为 1 至 99。")
            if division is None or self.errors:
                continue
            today = clock.today()
            villages = [d for d in below(division_prefix(division), on=today) if division_level(d.code) == 5]
            known = set(Grid.objects.values_list("code", flat=True))
            new = [
                Grid(
                    code=grid_code(v.code, number),
                    division=v,
                    name=_("第%(number)d网格") % {"number": number},
                    valid_from=v.valid_from,
                )
                for v in villages
                for number in range(1, each + 1)
                if grid_code(v.code, number) not in known
            ]
            Grid.objects.bulk_create(new, batch_size=1000)
            self.taken.grids += len(new)

    def _people(self) -> None:
        people = {p.username.lower(): p for p in Person.objects.all()}
        named: set[str] = set()
        for where, entry in self._entries("person"):
            login, name = self._text(where, entry, "login", 64), self._text(where, entry, "name", 64)
            if login.lower() in named:
                self.errors[f"{where}.login"] = _("登录名 %(login)s 在前面已经出现过。") % {"login": login}
            named.add(login.lower())
            home = self._department(f"{where}.home", entry["home"]) if entry.get("home") else None
            posts = [self._post(f"{where}.posts[{at}]", p) for at, p in enumerate(entry.get("posts", []))]
            self._separate(where, entry)
            if self.errors:
                continue
            person = people.get(login.lower())
            if person is None:
                person = self._new_person(login, name, machine=bool(entry.get("machine")))
            elif person.name != name:
                person.name = name
                person.save(update_fields=["name"])
            self._station(person, home, [p for p in posts if p is not None])

    def _separate(self, where: str, entry: dict[str, Any]) -> None:
        """Three administrators, three people, and none of them works on matters (等保三级: 三权分立)."""
        roles = {str(post.get("role")) for post in entry.get("posts", [])}
        administering = roles & {str(role) for role in ADMINISTRATORS}
        if administering and len(roles) > 1:
            self.errors[f"{where}.posts"] = _("管理员岗位须由专人担任：同一个人不能再担任其他岗位。")

    def _new_person(self, login: str, name: str, *, machine: bool) -> Person:
        first = None if machine else self.password(login)
        self.taken.people += 1
        if first:
            self.taken.passwords[login] = first
        return Person.objects.create_user(login, password=first, name=name, is_machine=machine)

    def _post(self, where: str, said: dict[str, Any]) -> tuple[Post, date | None, date | None] | None:
        if said.get("role") not in Role.values:
            self.errors[f"{where}.role"] = _("没有这种岗位：%(role)s。") % {"role": said.get("role")}
            return None
        role = Role(said["role"])
        at: dict[str, Any] = {}
        if role in AT_DEPARTMENTS:
            department = self._department(f"{where}.department", said.get("department", ""))
            if department is not None and role is Role.COMMISSION and not is_commission(department):
                self.errors[f"{where}.department"] = _("政法委督办岗只设在县级党委政法委。")
            elif department is not None and department.valid_until is not None:
                self.errors[f"{where}.department"] = _("这个机构已撤销，请先在网页上恢复。")
            elif department is not None:
                at = {"department": department, "division_id": department.division_id}
        elif role in ADMINISTRATORS:
            division = self._division(f"{where}.division", said.get("division"))
            at = {"division_id": division} if division else {}
        else:
            centre = self.centres.get(said.get("centre", ""))
            if centre is None:
                self.errors[f"{where}.centre"] = _("这个区划没有中心：%(code)s。") % {
                    "code": said.get("centre")
                }
            elif centre.valid_until is not None:
                self.errors[f"{where}.centre"] = _("这个机构已撤销，请先在网页上恢复。")
            else:
                at = {"centre": centre, "division_id": centre.division_id}
        for key in ("from", "until"):
            if key in said and not isinstance(said[key], date):
                self.errors[f"{where}.{key}"] = _("日期请写成 2026-01-31（不加引号）。")
                return None
        if not at:
            return None
        values: dict[str, Any] = {"centre": None, "department": None} | at
        post, _new = Post.objects.get_or_create(role=role, **values)
        return post, said.get("from"), said.get("until")

    def _station(
        self, person: Person, home: Department | None, posts: list[tuple[Post, date | None, date | None]]
    ) -> None:
        today = clock.today()
        for post, first, last in posts:
            known = Stationing.objects.filter(person=person, post=post).order_by("-valid_from").first()
            values = {"home_department": home, "valid_from": first or today, "valid_until": last}
            if known is None:
                Stationing.objects.create(person=person, post=post, **values)
                self.taken.posts += 1
                continue
            values["valid_from"] = first or known.valid_from
            if any(getattr(known, name) != value for name, value in values.items()):
                Stationing.objects.filter(pk=known.pk).update(**values)
        gone = Stationing.objects.filter(person=person, valid_until__isnull=True).exclude(
            post__in=[post for post, _f, _u in posts]
        )
        self.taken.ended += gone.update(valid_until=today - timedelta(days=1))


def _put_right(body: Centre | Department, values: dict[str, Any]) -> None:
    """Saves a body that is new or said otherwise; who has it open on a page learns of it by its version."""
    if not body._state.adding and all(getattr(body, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(body, name, value)
    body.version += not body._state.adding
    body.save()
