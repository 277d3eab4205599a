"""Putting a matter on the list, naming who is in charge of it, taking it off again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.leading.domain import chasing
from fengqiao.leading.domain.keeping import next_look, opened, written
from fengqiao.leading.enums import CHOSEN_ENDINGS, KeyAction
from fengqiao.leading.models import Charge, KeyMatter
from fengqiao.leading.policies import check_may
from fengqiao.leading.queries.leaders import leaders_for
from fengqiao.matters.domain.move import locked
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Restriction, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.matters import readers_by_matter
from fengqiao.rules.queries.key_matters import KeyGround, grounds_on


@dataclass(frozen=True)
class Leader:
    """Who takes a matter in charge: by their post here (``stationing``), or by name and office."""

    stationing: UUID | None = None
    name: str = ""
    office: str = ""

    @property
    def is_named(self) -> bool:
        return self.stationing is not None or bool(self.name.strip() or self.office.strip())


def list_matter(
    *,
    actor: Actor,
    matter_id: UUID,
    ground: str,
    why: str,
    leader: Leader | None = None,
    version: int | None = None,
) -> KeyMatter:
    """列为重点案件 / 信访积案: a leader of a centre puts an open matter on the list, by a row of the table.

    The row (rules/data/key-matters.csv) says which list it is and how often the matter is looked at from now on.
    Refused: ``listed_already``, ``matter_over``, a row that is not in force today (``Invalid``).
    """
    why = needed("why", why, _("请写明为什么列入。"), shortest=4)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check_may(actor, KeyAction.LIST, matter)
    if not matter.is_open:
        raise Refusal("matter_over", _("事项已经结案，不再列入清单。"))
    rule = _ground(ground)
    if KeyMatter.objects.filter(matter_id=matter.pk, ended_at=None).exists():
        raise Refusal("listed_already", _("这件事项已经在清单上。"))
    now, today = clock.now(), clock.today()
    assert actor.centre_id is not None  # noqa: S101  what the policy asked
    key = KeyMatter(
        **of(matter),
        kind=rule.kind,
        ground=rule.id,
        ground_version=rule.version,
        every=rule.every,
        unit=rule.unit,
        warn=rule.warn,
        why=why,
        centre_id=actor.centre_id,
        listed_by_id=actor.person_id,
        listed_role=actor.role,
        listed_at=now,
    )
    key.look_by, key.warn_on = next_look(key, today)
    chasing.begin(key)
    key.save(force_insert=True)
    written(
        matter,
        actor=actor,
        action=KeyAction.LIST,
        key=key,
        parameters={"ground": rule.id, "ground_version": rule.version, "look_by": key.look_by},
        words={WordKind.REASON: why},
    )
    if leader is not None and leader.is_named:
        _put_in_charge(actor, matter, key, leader)
    return key


def put_in_charge(*, actor: Actor, key_matter_id: UUID, leader: Leader, version: int | None = None) -> Charge:
    """确定包案领导: from today on this leader is in charge; who was before keeps the days they were."""
    action = KeyAction.CHARGE
    matter, key, _before = opened(actor=actor, key_matter_id=key_matter_id, action=action, version=version)
    return _put_in_charge(actor, matter, key, leader)


def take_off(
    *, actor: Actor, key_matter_id: UUID, ending: str, reason: str, version: int | None = None
) -> KeyMatter:
    """移出清单: with the reason; what was looked at and visited stays to be read."""
    reason = needed("reason", reason, _("请写明为什么移出清单。"), shortest=4)
    if ending not in CHOSEN_ENDINGS:
        raise Invalid({"ending": _("请选择移出的原因。")})
    action = KeyAction.UNLIST
    matter, key, _charge = opened(actor=actor, key_matter_id=key_matter_id, action=action, version=version)
    key.ended_at, key.ending, key.end_reason = clock.now(), ending, reason
    key.ended_by_id = actor.person_id
    key.save(update_fields=["ended_at", "ending", "end_reason", "ended_by"])
    Charge.objects.filter(key_matter=key, until=None).update(until=clock.today())
    words = {WordKind.REASON: reason}
    written(matter, actor=actor, action=action, key=key, parameters={"ending": ending}, words=words)
    return key


def _ground(name: str) -> KeyGround:
    found = next((each for each in grounds_on(clock.today()) if each.id == name), None)
    if found is None:
        raise Invalid({"ground": _("请选择列入的情形。")})
    return found


def _put_in_charge(actor: Actor, matter: Matter, key: KeyMatter, leader: Leader) -> Charge:
    today = clock.today()
    person, post, name, office = who_leads(matter, leader)
    Charge.objects.filter(key_matter=key, until=None).update(until=today)
    charge = Charge.objects.create(
        **of(matter),
        key_matter=key,
        person_id=person,
        post_id=post,
        name=name,
        office=office,
        since=today,
        named_by_id=actor.person_id,
        named_at=clock.now(),
    )
    written(
        matter,
        actor=actor,
        action=KeyAction.CHARGE,
        key=key,
        parameters={"charge": charge.pk, "officer": person, "post": post},
        # Beside the chain, as every sentence is: an official may be named, and the name can be put right.
        words={WordKind.EXPLANATION: f"{office} · {name}"},
    )
    return charge


def who_leads(matter: Matter, leader: Leader) -> tuple[UUID | None, UUID | None, str, str]:
    """Person, post, name and office of a leader. Of a restricted matter only who may read it leads it."""
    if leader.stationing is None:
        if matter.restriction != Restriction.OPEN:
            raise Refusal("leader_cannot_read", _("限阅事项的领导应当能查阅它：请先批准查阅。"))
        name = needed("name", leader.name, _("请写明领导的姓名。"))
        office = needed("office", leader.office, _("请写明领导的职务。"))
        if len(name) > 40 or len(office) > 80:
            raise Invalid({"office": _("姓名最多 40 字，职务最多 80 字。")})
        return None, None, name, office
    held = leaders_for(matter).filter(pk=leader.stationing).first()
    if held is None:
        raise Invalid({"leader": _("请选择本中心、上级或登记中心的领导。")})
    if matter.restriction != Restriction.OPEN:
        readers = readers_by_matter({matter.pk}, on=clock.today()).get(matter.pk, frozenset())
        if held.person_id not in readers:
            raise Refusal("leader_cannot_read", _("限阅事项的领导应当能查阅它：请先批准查阅。"))
    # Kept in the language of papers, whoever writes it.
    with override("zh-hans"):
        office = f"{held.post.centre or ''}{Role(held.post.role).label}"
    return held.person_id, held.post_id, held.person.name[:40], office[:80]
