"""Citizens come: a story becomes a registration."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from fengqiao.kernel import clock
from fengqiao.matters.enums import (
    AgainstKind,
    Channel,
    ClaimKind,
    Danger,
    IdentityKind,
    OutsideSystem,
    PartyKind,
    PartyRole,
    ProcedureKind,
    ProcedureStage,
    Scale,
)
from fengqiao.matters.intake import NewClaim, NewMatter, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.places.models import Centre
from fengqiao.simulate import inventing
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.fates import SOURCE, Fate, person_rng
from fengqiao.simulate.stories import Story

# Care of children, and schools: there a child is a party beside its parents.
WITH_CHILDREN = ("0102", "0501")
FROM_AFAR = ("phone", "hotline_12345", "online", "bell")
WAYS = (
    "先打电话再上门",
    "可以到家里谈",
    "愿意再来一趟",
    "由家里人接电话",
    "在村口小卖部等",
    "下工以后才有空",
)
PAPERS = ("身份证和旧单据", "几张现场照片", "聊天记录", "手写的经过", "合同复印件", "收据和账本", "一张草图")
CARES = (
    "事情关系到孩子上学和由谁照看，谈的时候另找地方。",
    "家里有老人要人照料，约时间时避开饭点。",
    "涉及残疾人无障碍出入，现场查看时一并记录。",
)
TAKEN = ("已复印", "已拍照留底", "看过后当面退回", "缺的两样写了清单")


def new_matter(fate: Fate, cast: Cast, centre: Centre) -> NewMatter:
    """What the person at the window says, typed."""
    rng, story = fate.rng("registration"), fate.story
    against = AgainstKind(story.against)
    return NewMatter(
        title=fate.telling.say(story.titles, rng)[:200],
        received_at=clock.now() - timedelta(minutes=rng.randint(2, 40)),
        channel=fate.channel,
        account=fate.telling.say(story.accounts, rng) + _last_sentence(fate, rng),
        category=story.category,
        claims=_claims(fate, rng),
        parties=_parties(fate),
        procedures=_procedures(rng, story),
        outside_numbers=_numbers(rng, fate.channel),
        scale=Scale.INDIVIDUAL if fate.people < 5 else Scale.GROUP if fate.people < 50 else Scale.MAJOR_GROUP,
        people=fate.people,
        amount=Decimal(fate.amount) if fate.amount else None,
        happened_on=clock.today() - timedelta(days=rng.randint(0, 40)),
        division=fate.division,
        grid=rng.choice(cast.grids[fate.division]) if cast.grids.get(fate.division) else "",
        address=f"{rng.choice(('一', '二', '三', '四'))}巷{rng.randint(1, 60)}号"
        if rng.random() < 0.7
        else "",
        danger=Danger(story.danger),
        **_stakes(fate),
        against_kind=against,
        against_name=fate.names[1] if against != AgainstKind.NONE else "",
        against_department=_complained_of(fate, cast, centre, against),
        confidential="confidential" in fate.turns,
        source=SOURCE,
        source_number=fate.source_number,
    )


def _stakes(fate: Fate) -> dict[str, Any]:
    """What the officer asked about and got an answer to: seldom a day that is near, sometimes a place or a care."""
    rng = fate.rng("stakes")
    found: dict[str, Any] = {}
    if "near" in fate.turns:
        found["harm_on"] = clock.today() + timedelta(days=rng.choice((1, 1, 2, 3)))
    elif rng.random() < 0.02:
        found["harm_on"] = clock.today() + timedelta(days=rng.randint(5, 30))
    if rng.random() < 0.15:
        found["public_place"] = rng.random() < (0.1 if fate.story.risk == "high" else 0.5)
    if rng.random() < 0.06:
        found |= {"needs_care": True, "care": rng.choice(CARES)}
    return found


def _last_sentence(fate: Fate, rng: Random) -> str:
    """What the officer adds: what was brought along, and when to call back. No two matters read the same."""
    when = rng.choice(("周一", "周二", "周三", "周四", "周五")) + rng.choice(("上午", "下午", "傍晚"))
    if fate.shielded:
        return f"约定{when}查看回复，不留电话。"
    if fate.channel in FROM_AFAR:
        return f"方便接电话的时间是{when}，{rng.choice(WAYS)}。"
    return f"随身带来{rng.choice(PAPERS)}，{rng.choice(TAKEN)}；{when}{rng.choice(WAYS)}。"


def _complained_of(fate: Fate, cast: Cast, centre: Centre, against: AgainstKind) -> UUID | None:
    """The body that a confidential report is about, unless its own people lead the centre that takes it."""
    if against != AgainstKind.PUBLIC_BODY or "confidential" not in fate.turns or not fate.story.departments:
        return None
    body = cast.department(fate.story.departments[0], fate.division)
    if body is None or any(body.id in actor.bodies for actor in cast.at_centre.get(centre.id, ())):
        return None
    return body.id


def _claims(fate: Fate, rng: Random) -> tuple[NewClaim, ...]:
    wishes = list(fate.story.wishes)
    rng.shuffle(wishes)
    wanted = 2 if len(wishes) > 1 and rng.random() < 0.25 else 1
    kind = ClaimKind(fate.story.claim)
    return tuple(NewClaim(kind, fate.telling.say((wish,), rng)) for wish in wishes[:wanted])


def _parties(fate: Fate) -> tuple[NewParty, ...]:
    rng, story = fate.rng("parties"), fate.story
    if "anonymous" in fate.turns:
        parties = [NewParty(kind=PartyKind.ANONYMOUS)]
    else:
        parties = [_petitioner(fate, rng)]
        if fate.people >= 5:
            more = min(4, fate.people - 1, rng.randint(1, 4))
            parties += [
                NewParty(name=inventing.name(rng), phones=(inventing.phone(rng),), is_representative=True)
                for _ in range(more)
            ]
        if rng.random() < 0.06:
            parties.append(
                NewParty(name=inventing.name(rng), agent_for=0, agent_power="授权委托书（当面出示）")
            )
    if story.against == "person":
        phones = (inventing.phone(rng),) if rng.random() < 0.6 else ()
        parties.append(NewParty(role=PartyRole.RESPONDENT, name=fate.names[1], phones=phones))
    elif story.against == "organisation":
        parties.append(
            NewParty(
                role=PartyRole.RESPONDENT,
                kind=PartyKind.ORGANISATION,
                name=fate.names[1],
                identity_kind=IdentityKind.CREDIT_CODE,
                identity=inventing.credit_code(rng),
                legal_representative=inventing.name(rng),
            )
        )
    child = fate.rng("child")
    if story.category in WITH_CHILDREN and not fate.shielded and child.random() < 0.5:
        parties.append(NewParty(role=PartyRole.THIRD, name=inventing.name(child)))
    return tuple(parties)


def _petitioner(fate: Fate, rng: Random) -> NewParty:
    own = person_rng(fate.seed, fate.person)
    name = inventing.name(own)
    kind, number = IdentityKind.RESIDENT_ID, inventing.resident_id(own)
    chance = own.random()
    if chance < 0.08:
        said, number = inventing.travel_document(own)
        kind = IdentityKind(said)
    elif chance < 0.2:
        kind, number = IdentityKind.NONE, ""
    return NewParty(
        name=name,
        identity_kind=kind,
        identity=number,
        phones=(inventing.phone(own),),
        addresses=(f"恩平市{fate.town}某村{own.randint(1, 200)}号",) if rng.random() < 0.5 else (),
        wish=fate.telling.say(fate.story.wishes, rng),
        is_representative=fate.people >= 5,
    )


def _procedures(rng: Random, story: Story) -> tuple[NewProcedure, ...]:
    if rng.random() > 0.07:
        return ()
    if story.track == "legal":
        number = f"（{clock.today().year}）粤0785民初{rng.randint(100, 3000)}号"
        return (NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.ENDED, number, "恩平市人民法院"),)
    return (NewProcedure(ProcedureKind.PETITION, ProcedureStage.ENDED, f"信{rng.randint(1000, 9999)}", ""),)


def _numbers(rng: Random, channel: Channel) -> tuple[NewOutsideNumber, ...]:
    systems = {
        Channel.HOTLINE: OutsideSystem.HOTLINE,
        Channel.PETITION: OutsideSystem.PETITION,
        Channel.COMMUNITY_POLICE: OutsideSystem.POLICE,
        Channel.COURT: OutsideSystem.COURT,
        Channel.SUPERIOR: OutsideSystem.PROVINCE,
    }
    if channel not in systems:
        return ()
    return (NewOutsideNumber(systems[channel], f"{clock.today():%Y%m%d}{rng.randint(10000, 99999)}"),)


def window(cast: Cast, fate: Fate) -> Centre:
    """Through which centre it comes: the village's or town's where it has somebody, else the county's."""
    rng = fate.rng("window")
    own = [c for c in cast.windows_of(fate.division) if c.division_id == fate.division]
    if own and rng.random() < 0.85:
        return own[0]
    lower = cast.windows_of(fate.division)
    if lower and rng.random() < 0.55:
        return rng.choice(lower)
    return cast.county_centre
