"""What a centre can call on, as far as a story needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.mediation.models import Mediation
from fengqiao.pool.domain.market import enter_body, publish_fees
from fengqiao.pool.domain.rooms import RoomWords, open_room
from fengqiao.pool.domain.roster import enter_turn
from fengqiao.pool.domain.talents import NewTalent, list_talent
from fengqiao.pool.enums import Profession
from fengqiao.pool.models import (
    Appointment,
    Asked,
    BrandRoom,
    FeeAgreement,
    FeeSchedule,
    Following,
    MarketBody,
    Talent,
    Turn,
)

SINCE = date(2026, 1, 1)
WORDS = RoomWords(
    name="恒叔调解室",
    name_en="Uncle Heng's room",
    place="恩城街道东门路一号二楼",
    place_en="2/F, 1 Dongmen Road, Encheng",
    way="坐三路车到东门站。",
    days=[1, 2, 3, 4, 5],
    opens=time(9),
    closes=time(12),
    opens_again=time(14),
    closes_again=time(17, 30),
    fields=["02", "07"],
    story="三十年来，街坊有事先来这里喝杯茶。",
    public=True,
)


def a_room(actor: Actor, code: str = "heng-shu", **changes: Any) -> BrandRoom:
    """A room of the actor's centre, inside the actor's scope."""
    return open_room(actor=actor, code=code, words=replace(WORDS, **changes), valid_from=SINCE)


def new_talent(**changes: Any) -> NewTalent:
    return replace(
        NewTalent(
            name="区律师",
            profession=Profession.LAWYER,
            origin="广东某某律师事务所",
            fields=["labour", "family"],
            languages=["siyi"],
            certificate="律师证 14407",
            telephone="138 0000 1234",
            agreed_on=SINCE,
            valid_until=clock.today() + timedelta(days=365),
        ),
        **changes,
    )


def a_talent(actor: Actor, **changes: Any) -> Talent:
    """Somebody whom the actor's centre listed, inside the actor's scope."""
    return list_talent(actor=actor, new=new_talent(**changes))


def a_turn(actor: Actor, lawyer: Talent, weekday: int = 1, **changes: Any) -> Turn:
    """Weekly hours of a lawyer at the actor's centre, inside the actor's scope."""
    given = {"begins": time(9), "ends": time(11), "valid_from": SINCE, "named": True} | changes
    return enter_turn(actor=actor, lawyer_id=lawyer.pk, weekday=weekday, **given)


def a_market_body(actor: Actor, name: str = "江门商事调解中心") -> MarketBody:
    """An organisation that works with the actor's centre and published what it charges."""
    made = enter_body(
        actor=actor, name=name, kind="commercial", licence="粤商调证 1", valid_from=clock.today()
    )
    publish_fees(actor=actor, body_id=made.pk, valid_from=clock.today(), text="每件 500 元。")
    return made


def pool_asked(actor: Actor, matter_id: UUID) -> None:
    """Somebody of the pool asked to help, advising a party and following: the rows alone, for grounds."""
    matter = Matter.objects.get(pk=matter_id)
    talent = Talent.objects.filter(county=matter.county).first() or Talent.objects.create(
        county=matter.county,
        centre_id=actor.centre_id,
        name="区律师",
        profession=Profession.LAWYER,
        origin="律师事务所",
        fields=["labour"],
        agreed_on=SINCE,
        valid_until=clock.today(),
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    Asked.objects.create(
        **of(matter),
        mediation=Mediation.objects.filter(matter_id=matter_id).first(),
        talent=talent,
        what="看一看合同",
        asked_by=actor.person_id,
        asked_at=clock.now(),
        reply="agreed",
    )
    first = clock.now().replace(minute=0, second=0, microsecond=0)
    Appointment.objects.create(
        **of(matter),
        centre_id=actor.centre_id,
        lawyer=talent,
        party=matter.parties.first(),
        starts_at=first + timedelta(minutes=30) * Appointment.objects.filter(lawyer=talent).count(),
        booked_by=actor.person_id,
        booked_at=clock.now(),
    )
    market = MarketBody.objects.filter(county=matter.county).first() or MarketBody.objects.create(
        county=matter.county,
        centre_id=actor.centre_id,
        name="商事调解中心",
        kind="commercial",
        licence="粤商调证 1",
        valid_from=SINCE,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    schedule = market.schedules.first() or FeeSchedule.objects.create(
        county=matter.county,
        body=market,
        valid_from=SINCE,
        text="每件 500 元。",
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    FeeAgreement.objects.create(
        **of(matter),
        mediation=Mediation.objects.filter(matter_id=matter_id).first(),
        body=market,
        schedule=schedule,
        amount=500,
        signed_on=clock.today(),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    Following.objects.create(**of(matter), lawyer=talent, since=clock.now(), recorded_by=actor.person_id)
