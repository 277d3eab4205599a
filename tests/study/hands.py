"""Members of a committee, and a matter that is laid before them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.domain.storing import store
from fengqiao.kernel import clock
from fengqiao.matters.domain import amending
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of
from fengqiao.places.models import Stationing
from fengqiao.study.domain import convening, naming, taking_part
from fengqiao.study.models import Invitation, Member, Opinion, PackItem, Study
from tests.matters.ground import act
from tests.small_county import SmallCounty

NAMED = date(2026, 1, 1)
PAPER = "恩委政法〔2026〕3号"
COURT = (Role.HANDLER, "court")
HOUSING = (Role.HANDLER, "housing")
LABOUR = (Role.HANDLER, "labour")
SAID = {
    "questions": "厂房已抵押，工资能否从拍卖款中优先支付？",
    "proposal": "建议先由人社部门垫付欠薪保障金，再向厂方追偿。",
}
OPINION = "工资优先于抵押权的说法没有依据，应走欠薪保障金。"


def named(county: SmallCounty, who: tuple[Role, str], *fields: str) -> Member:
    """Somebody who is a member from the beginning of the year on."""
    held = county.stationings[str(who[0]), who[1]]
    return act(
        county,
        Role.SECURITY_ADMINISTRATOR,
        naming.name_member,
        stationing_id=held.pk,
        fields=fields or ("law",),
        basis=PAPER,
        valid_from=NAMED,
    )


def convene(county: SmallCounty, matter: Matter, invited: list[Member], **said: Any) -> Study:
    who = said.pop("who", Role.DISPATCHER)
    given = SAID | {"opinions_by": clock.today() + timedelta(days=5), "members": [m.pk for m in invited]}
    return act(county, who, convening.convene, matter, **(given | said))


def does(county: SmallCounty, who: Any, verb: Any, study: Study, **said: Any) -> Any:
    return act(county, who, verb, study_id=study.pk, **said)


def opine(county: SmallCounty, who: Any, study: Study, stance: str = "agree", text: str = OPINION) -> Opinion:
    does(county, who, taking_part.reply, study, answer="comes")
    return does(county, who, taking_part.opine, study, stance=stance, text=text)


def lie_open(actor: Actor, matter: Matter, member: Stationing, material: UUID | None) -> Study:
    """A study with a row in each of its tables: the rows alone, for grounds."""
    moment = clock.now()
    with scope(actor):
        study = Study.objects.create(
            **of(matter),
            **SAID,
            opinions_by=moment.date(),
            convened_by_id=actor.person_id,
            convened_role=actor.role,
            convened_at=moment,
        )
        known = Member.objects.filter(county=matter.county, person_id=member.person_id).first()
        found = known or Member.objects.create(
            county=matter.county,
            person_id=member.person_id,
            post_id=member.post_id,
            fields=["law"],
            basis=PAPER,
            valid_from=NAMED,
            named_by_id=actor.person_id,
            named_at=moment,
        )
        invitation = Invitation.objects.create(
            **of(matter),
            study=study,
            member=found,
            person_id=member.person_id,
            post_id=member.post_id,
            reply="comes",
            invited_at=moment,
        )
        if material is not None:
            PackItem.objects.create(**of(matter), study=study, material_id=material, added_at=moment)
        Opinion.objects.create(
            **of(matter), study=study, invitation=invitation, stance="agree", text=OPINION, given_at=moment
        )
    return study


def with_file(county: SmallCounty, matter: Matter) -> MatterFile:
    with scope(county.actor(Role.DISPATCHER)) as actor:
        kept = store(county=matter.county, name="工资表.txt", content=b"wages")
        return amending.attach(
            actor=actor, matter_id=matter.pk, file_id=kept.id, name="工资表.txt", purpose=""
        )
