"""Two small counties of one city, with a person in every post: the ground that most stories stand on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, AT_DEPARTMENTS, Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching, handling
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, assessing, settling
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import (
    Channel,
    ClaimKind,
    IdentityKind,
    PartyRole,
    Risk,
    Satisfaction,
    State,
    Track,
    VisitMethod,
)
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty
from fengqiao.matters.models import Matter
from fengqiao.places.enums import CentreLevel, DepartmentKind
from fengqiao.places.models import Centre, Department, Division, Grid, Post, Stationing
from fengqiao.places.queries.acting import actor_of

SINCE = date(2020, 1, 1)
DIVISIONS = [
    ("440700000000", "江门市", None),
    ("440783000000", "开平市", "440700000000"),
    ("440785000000", "恩平市", "440700000000"),
    ("440785001000", "恩城街道", "440785000000"),
    ("440785001001", "东门社区", "440785001000"),
    ("440785102000", "沙湖镇", "440785000000"),
    ("440785102201", "黄泥坑村", "440785102000"),
]
# Valid by their check digits, of nobody: the born day lies far back and the sequence is made up.
RESIDENT_IDS = ("440785193001010014", "440785193001010022", "440785193001010030")
HANDLERS = (
    DepartmentKind.LABOUR,
    DepartmentKind.HOUSING,
    DepartmentKind.POLICE,
    DepartmentKind.COURT,
    DepartmentKind.PETITION,
    DepartmentKind.NATURAL_RESOURCES,
)


@dataclass
class SmallCounty:
    """Places and people by name. ``actor(role, place)``: place is county, town, city, other or a department."""

    centres: dict[str, Centre] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    stationings: dict[tuple[str, str], Stationing] = field(default_factory=dict)
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def actor(self, role: Role | str, place: str = "county") -> Actor:
        """Who acts in this post, as it was when this was first asked; a test that changes it forgets that."""
        key = (str(role), place)
        if key not in self.actors:
            self.actors[key] = actor_of(
                Stationing.objects.select_related("person", "post", "post__centre", "post__department").get(
                    pk=self.stationings[key].pk
                )
            )
        return self.actors[key]

    def person(self, role: Role | str, place: str = "county") -> Person:
        return self.stationings[(str(role), place)].person

    def department(self, kind: str) -> Department:
        return self.departments[kind]

    def station(self, role: Role, place: str, **where: Any) -> None:
        """Puts one more person into a post of their own."""
        self.plan(role, place, **where)
        self.write([self.stationings[(str(role), place)]])

    def plan(self, role: Role, place: str, **where: Any) -> None:
        name = f"{place}-{role}"
        person = Person(username=name, password=make_password(f"pass-{name}"), name=f"{role.label}{place}")
        self.stationings[(str(role), place)] = Stationing(
            person=person, post=Post(role=role, **where), valid_from=SINCE
        )

    def write(self, made: Collection[Stationing]) -> None:
        """Three statements for everybody: most tests begin with this."""
        Person.objects.bulk_create([each.person for each in made])
        Post.objects.bulk_create([each.post for each in made])
        Stationing.objects.bulk_create(made)


def build() -> SmallCounty:
    """Makes the places and the people (in the running transaction)."""
    made = SmallCounty()
    divisions = {
        code: Division(code=code, name=name, parent_id=parent, valid_from=SINCE, source="tests")
        for code, name, parent in DIVISIONS
    }
    Division.objects.bulk_create(divisions.values())
    Grid.objects.create(
        code="440785102201001", division=divisions["440785102201"], name="第一网格", valid_from=SINCE
    )
    city = _centre(made, "city", divisions["440700000000"], CentreLevel.CITY, None)
    county = _centre(made, "county", divisions["440785000000"], CentreLevel.COUNTY, city)
    _centre(made, "other", divisions["440783000000"], CentreLevel.COUNTY, city)
    _centre(made, "town", divisions["440785102000"], CentreLevel.TOWN, county)
    for kind in HANDLERS:
        made.departments[kind] = Department.objects.create(
            name=f"恩平市{kind.label}局",
            short_name=f"市{kind.label}",
            kind=kind,
            division=divisions["440785000000"],
        )
        made.plan(Role.HANDLER, kind, department=made.departments[kind], division=divisions["440785000000"])
    made.departments["other"] = Department.objects.create(
        name="开平市人社局",
        short_name="开平人社",
        kind=DepartmentKind.LABOUR,
        division=divisions["440783000000"],
    )
    made.plan(Role.HANDLER, "other", department=made.departments["other"], division=divisions["440783000000"])
    for place, code in (("county", "440785000000"), ("other", "440783000000")):
        name = f"{divisions[code].name}委政法委"
        commission = Department.objects.create(
            name=name, short_name=name, kind=DepartmentKind.POLITICS_LAW, division=divisions[code]
        )
        made.departments["commission" if place == "county" else "other commission"] = commission
        # It exists at the county alone.
        made.plan(Role.COMMISSION, place, department=commission, division=divisions[code])
    for role in Role:
        if role in AT_DEPARTMENTS:
            continue
        for place, centre in made.centres.items():
            bound = {} if role in ADMINISTRATORS else {"centre": centre}
            made.plan(role, place, division=centre.division, **bound)
    made.write(made.stationings.values())
    return made


def _centre(made: SmallCounty, key: str, division: Division, level: str, upper: Centre | None) -> Centre:
    made.centres[key] = Centre.objects.create(
        name=f"{division.name}综治中心", level=level, division=division, upper=upper
    )
    return made.centres[key]


def wages(**changes: Any) -> NewMatter:
    """An ordinary matter: wages that are owed."""
    values: dict[str, Any] = {
        "title": "陶瓷厂拖欠十二名工人工资",
        "received_at": clock.now() - timedelta(minutes=5),
        "channel": Channel.VISIT,
        "account": "十二名工人到中心反映，厂里两个月没有发工资，多次询问没有结果。",
        "category": "0703",
        "claims": (NewClaim(ClaimKind.RESOLVE, "支付两个月工资"),),
        "people": 12,
        "division": "440785102201",
        "grid": "440785102201001",
        "address": "工业二路18号",
        "happened_on": date(2026, 9, 1),
        "parties": (
            NewParty(
                name="黄某某",
                identity_kind=IdentityKind.RESIDENT_ID,
                identity=RESIDENT_IDS[0],
                phones=("13800000001",),
                addresses=("恩平市沙湖镇某村1号",),
            ),
            NewParty(role=PartyRole.RESPONDENT, name="梁某某", phones=("13800000002",)),
        ),
    }
    return NewMatter(**(values | changes))


def registered(county: SmallCounty, place: str = "county", **changes: Any) -> Matter:
    """A matter registered at the window of a centre."""
    actor = county.actor(Role.REGISTRAR, place)
    with scope(actor):
        return register(actor=actor, new=wages(**changes))


def brought_to(county: SmallCounty, state: State, **changes: Any) -> Matter:
    """A matter brought to a state by the acts of those whose turn it was."""
    matter = registered(county, **changes)
    for reached, act in _WAY:
        if matter.state == state:
            break
        act(county, matter)
        with scope(county.actor(Role.DISPATCHER)):
            matter = Matter.objects.get(pk=matter.pk)
        assert matter.state == reached, (matter.state, reached)
    assert matter.state == state
    return matter


def assignments(county: SmallCounty, matter: Matter) -> list[Assignment]:
    with scope(county.actor(Role.DISPATCHER)):
        return list(Assignment.objects.filter(matter=matter).order_by("issued_at", "id"))


def _as(county: SmallCounty, role: Role, act: Callable[[Actor], Any], place: str = "county") -> None:
    actor = county.actor(role, place)
    with scope(actor):
        act(actor)


def _accept(county: SmallCounty, m: Matter) -> None:
    _as(county, Role.REGISTRAR, lambda a: accepting.accept(actor=a, matter_id=m.id))


def _skip(county: SmallCounty, m: Matter) -> None:
    _as(
        county,
        Role.REGISTRAR,
        lambda a: assessing.skip_mediation(actor=a, matter_id=m.id, refused=True, reason="对方明确拒绝调解"),
    )


def _assess(county: SmallCounty, m: Matter) -> None:
    _as(
        county,
        Role.DISPATCHER,
        lambda a: assessing.assess(
            actor=a, matter_id=m.id, level=Risk.MEDIUM, grounds="涉及十二人，工人情绪较急，尚无过激行为。"
        ),
    )


def _route(county: SmallCounty, m: Matter) -> None:
    _as(
        county,
        Role.DISPATCHER,
        lambda a: assessing.route(actor=a, matter_id=m.id, track=Track.DEPARTMENTAL, reason="属人社部门职责"),
    )


def _dispatch(county: SmallCounty, m: Matter) -> None:
    lead = county.department(DepartmentKind.LABOUR).id
    _as(
        county,
        Role.DISPATCHER,
        lambda a: dispatching.dispatch(
            actor=a, matter_id=m.id, lead=lead, message="请依法处理并答复", reason="由该部门主办更合适"
        ),
    )


def _settle(county: SmallCounty, m: Matter) -> None:
    assignment = assignments(county, m)[-1]
    labour = DepartmentKind.LABOUR
    _as(county, Role.HANDLER, lambda a: handling.check_in(actor=a, assignment_id=assignment.id), labour)
    _as(
        county,
        Role.HANDLER,
        lambda a: handling.dispose(
            actor=a, assignment_id=assignment.id, result="厂方已付清两个月工资，工人签收。"
        ),
        labour,
    )
    _as(county, Role.DISPATCHER, lambda a: dispatching.settle(actor=a, matter_id=m.id))


def _visit(county: SmallCounty, m: Matter) -> None:
    report = settling.VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=Satisfaction.SATISFIED)
    _as(
        county,
        Role.REGISTRAR,
        lambda a: settling.return_visit(actor=a, matter_id=m.id, report=report),
    )


def _evaluate(county: SmallCounty, m: Matter) -> None:
    _as(
        county,
        Role.DISPATCHER,
        lambda a: settling.evaluate(actor=a, matter_id=m.id, lawful=True, complete=True),
    )


def _close(county: SmallCounty, m: Matter) -> None:
    _as(county, Role.DIRECTOR, lambda a: settling.close(actor=a, matter_id=m.id))


def _archive(county: SmallCounty, m: Matter) -> None:
    _as(county, Role.DIRECTOR, lambda a: settling.archive(actor=a, matter_id=m.id))


_WAY: list[tuple[State, Callable[[SmallCounty, Matter], None]]] = [
    (State.ACCEPTED, _accept),
    (State.ASSESSING, _skip),
    (State.ROUTING, _assess),
    (State.DISPATCHING, _route),
    (State.HANDLING, _dispatch),
    (State.SETTLED, _settle),
    (State.VISITED, _visit),
    (State.EVALUATED, _evaluate),
    (State.CLOSED, _close),
    (State.ARCHIVED, _archive),
]

AN_EVENING = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
