"""What is written down of a played mediation beside its steps: told, by whom it is held, talks, results by claim."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.kernel import clock
from fengqiao.matters.enums import IdentityKind, PartyKind, PartyRole
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.domain import evidence, results, sitting, standing, telling
from fengqiao.mediation.enums import (
    Came,
    ConsentMethod,
    EvidenceState,
    Initiative,
    Result,
    SittingKind,
    SittingState,
    SittingWay,
    StandingKind,
)
from fengqiao.mediation.models import Footing, Mediation, PromisedEvidence, Sitting
from fengqiao.mediation.policies import may_read_sealed, may_tell
from fengqiao.rules.queries.mediation_bodies import advice_on
from fengqiao.simulate import referring
from fengqiao.simulate.pool import agree_fee

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

# Begun then, a talk can be over before noon or before the evening.
MORNING, AFTERNOON = range(8, 11), range(14, 16)
PLACES = {
    SittingWay.CENTRE: "综治中心第二调解室",
    SittingWay.ON_SITE: "双方所在村（社区）党群服务中心",
    SittingWay.VIDEO: "视频连线（中心调解室主持）",
    SittingWay.VAN: "流动调解车，停在村口榕树下",
}
OPENINGS = (
    "调解员宣布开始，核对双方身份，再次说明自愿、平等的原则，双方表示清楚，不要求回避。",
    "双方先后到场，调解员介绍了自己和记录人，问过双方都愿意当面谈。",
    "按约定时间开始。调解员先请双方各讲十分钟，互不打断。",
)
MIDDLES = (
    "{petitioner}把经过从头讲了一遍，出示带来的单据。对方对时间没有异议，对数目有不同说法。",
    "{petitioner}讲到一半有些激动，停了几分钟，喝过水再接着讲。对方听完，承认有些话说重了。",
    "双方把争的地方一条一条列出来，能当场对清的先对清，对不清的写下来再核。",
)
ALONE = (
    "愿意让一步，但不想先开口；最在意的是以后见面不难堪。",
    "说了自己的底线，请调解员不要告诉对方。",
    "对数目没有把握，想回家同家里人商量一晚。",
)
LOOKED = (
    "到现场看过并拍照，量了尺寸，与双方所说大体一致。",
    "走访两户邻居和村干部，所说经过与登记的情况相符。",
    "核对了双方交来的单据和聊天记录，缺的一张请当事人补来。",
)
PROMISED = ("当时的收据原件", "和对方的聊天记录截图", "购买和维修的发票", "邻居写的书面证明")
IDENTITY = "身份证明核对记录：已核对各方出示的身份证件，复印件附后（演示资料，不含真实证件）。"


def open_talks(actor: Actor, play: Play, mediation: Mediation) -> None:
    """On the day of consent: identities checked, everybody told, by whom it is held, who stands for whom."""
    m, rng = play.matter, play.fate.rng("footing")
    if not may_tell(actor, m):
        return
    telling.tell_rights(
        actor=actor,
        matter_id=m.id,
        consents=list(mediation.consents.values_list("pk", flat=True)),
        method=rng.choice(list(ConsentMethod)),
        told_on=clock.today(),
    )
    body = referring.body_of(play.fate)
    standing.set_footing(
        actor=actor,
        matter_id=m.id,
        body=body,
        name=committee_of(play) if body == "people" else f"{committee_of(play)}（特邀调解组织）",
        initiative=Initiative.APPLIED if rng.random() < 0.8 else Initiative.OWN,
    )
    for agent in Party.objects.filter(matter_id=m.id, agent_of__isnull=False):
        standing.write_standing(
            actor=actor,
            matter_id=m.id,
            party_id=agent.agent_of_id or agent.pk,
            kind=StandingKind.SPECIAL,
            name=agent.name,
            paper=f"授权委托书（{clock.today().isoformat()}，特别授权：代为承认、放弃、变更请求，进行和解）",
        )
    _stand_for_children(actor, play)
    if body == "people":
        agree_fee(actor, play.fate, m)
    shown = Party.objects.filter(matter_id=m.id, agent_of=None).exclude(kind=PartyKind.ANONYMOUS)
    if shown.exclude(identity_kind=IdentityKind.NONE).exists():
        upload = Upload(name="身份证明核对记录.txt", content=IDENTITY.encode())
        attach_all(actor=actor, matter_id=m.id, uploads=[upload], purpose="身份证明")


def committee_of(play: Play) -> str:
    """The people's mediation committee where the centre sits that holds the matter: the centre has no seal for it."""
    return f"{play.holder.division.name}人民调解委员会"


def seal_of(play: Play) -> str:
    """Whose seal stands under an agreement: of who mediates; asked in the running scope."""
    footing = Footing.objects.filter(matter_id=play.matter.pk, mediation__ended_at=None).last()
    return footing.name if footing else committee_of(play)


def _stand_for_children(actor: Actor, play: Play) -> None:
    """A child is a party by its guardian, who is there."""
    for child in play.matter.parties.filter(role=PartyRole.THIRD, agent_of=None):
        values: dict[str, Any] = {"actor": actor, "matter_id": play.matter.id, "party_id": child.pk}
        standing.write_standing(**values, kind=StandingKind.MINOR)
        standing.write_standing(
            **values,
            kind=StandingKind.GUARDIAN,
            name=play.fate.names[0],
            paper="户口簿（演示），父母之一到场",
        )


@cache
def _talks(seed: str) -> tuple[SittingKind, ...]:
    rng = Random(seed)  # noqa: S311  a play, not a secret
    chance = rng.random()
    before = (SittingKind.INVESTIGATION,) if chance < 0.12 else ()
    between = (SittingKind.SEPARATE,) if 0.08 < chance < 0.3 else ()
    return (*before, *between, SittingKind.JOINT)


def wanted_talks(play: Play) -> tuple[SittingKind, ...]:
    """Which talks this mediation has, in their order; the joint one is the last."""
    return _talks(f"{play.fate.seed}|{play.fate.number}|talks{play.matter.reopened}")


def fits(now: datetime) -> bool:
    """Whether a talk that begins now can be over before noon or evening."""
    return now.astimezone(clock.SHANGHAI).hour in (*MORNING, *AFTERNOON)


def begin_talk(actor: Actor, play: Play, kind: SittingKind) -> Sitting:
    """Planned with whom and where, and begun."""
    m, rng = play.matter, play.fate.rng(f"talk{kind}{play.matter.reopened}")
    parties = list(Party.objects.filter(matter_id=m.id, agent_of=None).values_list("pk", flat=True))
    ways = [SittingWay.CENTRE] * 6 + [SittingWay.ON_SITE] * 3 + [SittingWay.VIDEO, SittingWay.VAN]
    way = SittingWay.ON_SITE if kind == SittingKind.INVESTIGATION else rng.choice(ways)
    chosen = parties[:1] if kind == SittingKind.SEPARATE else parties
    _what_was_promised(actor, play, rng)
    planned = sitting.plan_sitting(
        actor=actor,
        matter_id=m.id,
        kind=kind,
        way=way,
        planned_at=clock.now(),
        place=PLACES[way],
        parties=[] if kind == SittingKind.INVESTIGATION else chosen,
        present="村（社区）干部" if way == SittingWay.ON_SITE else "",
    )
    return sitting.begin_sitting(actor=actor, matter_id=m.id, sitting_id=planned.pk)


def end_talk(actor: Actor, play: Play, talk: Sitting) -> None:
    """What was said is written down by whoever may, and the talk is over."""
    m, rng = play.matter, play.fate.rng(f"said{talk.kind}{play.matter.reopened}")
    if not talk.is_sealed or may_read_sealed(actor, m, talk.mediation):
        claims = [each.text for each in m.claims.all() if each.text]
        sitting.save_note(
            actor=actor,
            matter_id=m.id,
            sitting_id=talk.pk,
            known=0,
            text=_said(play, talk, rng),
            issues="\n".join(claims) if talk.kind == SittingKind.JOINT else "",
        )
    petitioner = m.parties.filter(role=PartyRole.PETITIONER, agent_of=None).first()
    if talk.kind == SittingKind.INVESTIGATION and petitioner is not None:
        evidence.promise(
            actor=actor,
            matter_id=m.id,
            party_id=petitioner.pk,
            what=rng.choice(PROMISED),
            by_day=clock.today() + timedelta(days=rng.randint(2, 6)),
            sitting_id=talk.pk,
        )
    sitting.end_sitting(
        actor=actor, matter_id=m.id, sitting_id=talk.pk, parties=talk.parties, present=talk.present
    )


def _what_was_promised(actor: Actor, play: Play, rng: Random) -> None:
    """At the next talk it is there, or it is not."""
    for each in PromisedEvidence.objects.filter(matter_id=play.matter.id, state=EvidenceState.WAITING):
        values: dict[str, Any] = {"actor": actor, "matter_id": play.matter.id, "evidence_id": each.pk}
        if rng.random() < 0.8:
            evidence.bring(**values, came_on=clock.today())
        else:
            evidence.lapse(**values, why="家里找过了，单据已经遗失。")


def _said(play: Play, talk: Sitting, rng: Random) -> str:
    if talk.kind == SittingKind.INVESTIGATION:
        return rng.choice(LOOKED)
    if talk.kind == SittingKind.SEPARATE:
        return rng.choice(ALONE)
    return "\n".join((rng.choice(OPENINGS), play.fate.telling.say(MIDDLES, rng)))


def results_by_claim(actor: Actor, matter: Matter, result: Result, text: str) -> None:
    """What came of each claim between the two sides; where it failed, with the ways they were told of."""
    parties = list(matter.parties.filter(agent_of=None))
    of_party = next((each for each in parties if each.role == "petitioner"), None)
    against = next((each for each in parties if each.role == "respondent"), None)
    if of_party is None or against is None or not may_tell(actor, matter):
        return
    came = Came.AGREED if result in (Result.WRITTEN, Result.ORAL) else Came.FAILED
    came = Came.REFUSED if result == Result.REFUSED else came
    for claim in matter.claims.all():
        results.write_claim_result(
            actor=actor,
            matter_id=matter.pk,
            claim_id=claim.pk,
            of_party_id=of_party.pk,
            against_party_id=against.pk,
            came=came,
            text=text[:300],
            advised=() if came == Came.AGREED else [each.id for each in advice_on(clock.today())],
        )


def talk_turn(play: Play) -> tuple[Sitting | None, SittingKind | None, Actor | None]:
    """The running talk, the talk that comes next (None: all were held), and who mediates."""
    with play.seen():
        now = Mediation.objects.filter(matter_id=play.matter.id, ended_at=None).first()
        talks = list(now.sittings.select_related("mediation")) if now else []
    running = next((each for each in talks if each.state == SittingState.RUNNING), None)
    held = sum(each.state == SittingState.HELD for each in talks) + (running is not None)
    wanted = wanted_talks(play)
    next_one = wanted[held] if held < len(wanted) else None
    who = next(
        (
            actor
            for actor in play.cast.at_centre.get(play.matter.holder_id, ())
            if now and actor.person_id == now.mediator_id and actor.role is Role.MEDIATOR and play.able(actor)
        ),
        None,
    )
    return running, next_one, who or play.someone([Role.MEDIATOR])
