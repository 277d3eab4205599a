"""Taking a matter in: one breath, one code."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Func, Value
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock, identity
from fengqiao.kernel.codes import matter_code
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.kernel.events import publish
from fengqiao.matters import policies, validators
from fengqiao.matters.domain import history
from fengqiao.matters.domain.parties import add_parties
from fengqiao.matters.domain.sight import restrict
from fengqiao.matters.enums import Danger
from fengqiao.matters.events import Registered
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import Claim, Matter, OutsideNumber, Party, Procedure
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.text import lexemes
from fengqiao.places.queries.divisions import known_place

REGISTERED = "matter.registered"
READERS_DAYS = 180
LONGEST_PLACE = 200


def register(*, actor: Actor, new: NewMatter) -> Matter:
    """Registers what somebody brought at the actor's centre and gives it its code.

    Anonymous and incomplete is possible; what is there must be right. Side effects, in order: the matter
    with its claims, parties, procedures and outside numbers; for a confidential report the restriction to
    named readers; the first event of its history; the audit; ``Registered``. Raises ``Invalid`` with one
    sentence a field, ``NotAllowed`` for a post that takes nothing in, ``Refusal`` for a source number that
    is there already.
    """
    centre = actor.centre_id
    if centre is None or not policies.may_register(actor):
        raise NotAllowed("post_may_not_register", _("您的岗位不负责登记事项。"))
    validators.check(new)
    check_places(new)
    _check_source(actor, new)
    matter = new_row(actor, centre, new, next_number(actor.county))
    matter.save(force_insert=True)
    parties = add_parties(matter, new.parties)
    _add_lists(matter, new)
    if new.confidential:
        restrict(
            actor=actor, matter=matter, reason="confidential_informant", days=READERS_DAYS, audited=False
        )
    event = history.append(
        matter, actor=actor, type=REGISTERED, parameters=event_parameters(matter, new, parties)
    )
    matter.save(update_fields=["history_count", "history_head"])
    publish(Registered(actor=actor, matter_id=matter.id))
    record(
        actor=actor,
        verb=event.type,
        subject=f"matter:{matter.id}",
        county=matter.county,
        details={"seq": event.seq, "hash": event.hash, "code": matter.code},
    )
    return matter


def event_parameters(matter: Matter, new: NewMatter, parties: list[Party]) -> dict[str, Any]:
    """What the first event of a history holds."""
    return {
        "code": matter.code,
        "channel": matter.channel,
        "category": matter.category,
        "division": matter.division_id,
        "received_at": matter.received_at,
        "parties": [{"id": p.id, "role": p.role, "kind": p.kind} for p in parties],
        "claims": [c.kind for c in new.claims],
        "danger": matter.danger,
        "restriction": matter.restriction,
        "source": [new.source, new.source_number] if new.source else None,
    }


def next_number(county: str) -> int:
    """The county's next number. Never reused: an undone registration leaves a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_number(%s)", [county])
        return int(cursor.fetchone()[0])


def place_key(division: str, address: str) -> str:
    """One spelling of a place, to find other matters of the same place."""
    plain = re.sub(r"[\s,，。.、()（）\-－—]", "", identity.normalise(address))
    return f"{division}|{plain}"[:LONGEST_PLACE] if plain and division else ""


def search_words(title: str, account: str, names: list[str]) -> Func:
    """The expression that stores the searchable words of a matter."""
    return Func(Value(lexemes(title, account, *names)), function="array_to_tsvector")


def new_row(actor: Actor, centre: UUID, new: NewMatter, number: int) -> Matter:
    """The matter's own row as it is first written."""
    now = clock.now()
    return Matter(
        county=actor.county,
        code=matter_code(actor.county, clock.today(), number),
        state_since=now,
        received_at=new.received_at,
        registered_at=now,
        registered_by=actor.person_id,
        centre_id=centre,
        holder_id=centre,
        channel=new.channel,
        title=new.title.strip(),
        account=new.account.strip(),
        category=new.category,
        scale=new.scale,
        people=new.people,
        amount=new.amount,
        happened_on=new.happened_on,
        division_id=new.division or None,
        grid_id=new.grid or None,
        address=new.address.strip(),
        place_key=place_key(new.division, new.address),
        longitude=new.longitude,
        latitude=new.latitude,
        danger=new.danger,
        danger_since=now if new.danger != Danger.NONE else None,
        confidential=new.confidential,
        anonymous=new.is_anonymous,
        against_kind=new.against_kind,
        against_name=new.against_name.strip(),
        against_department_id=new.against_department,
        source=new.source,
        source_number=new.source_number,
        search=search_words(new.title, new.account, [p.name for p in new.parties] + [new.against_name]),
    )


def _add_lists(matter: Matter, new: NewMatter) -> None:
    Claim.objects.bulk_create(claim_rows(matter, new))
    Procedure.objects.bulk_create(procedure_rows(matter, new))
    OutsideNumber.objects.bulk_create(outside_number_rows(matter, new))


def claim_rows(matter: Matter, new: NewMatter) -> list[Claim]:
    """The claims in their order."""
    return [
        Claim(**of(matter), kind=claim.kind, text=claim.text.strip(), place=place)
        for place, claim in enumerate(new.claims)
    ]


def procedure_rows(matter: Matter, new: NewMatter) -> list[Procedure]:
    """The procedures used before or running."""
    return [
        Procedure(**of(matter), kind=p.kind, stage=p.stage, number=p.number.strip(), body=p.body.strip())
        for p in new.procedures
    ]


def outside_number_rows(matter: Matter, new: NewMatter) -> list[OutsideNumber]:
    """The numbers that other systems know the matter by."""
    return [
        OutsideNumber(**of(matter), system=n.system, number=n.number.strip()) for n in new.outside_numbers
    ]


def check_places(new: NewMatter) -> None:
    """Raises ``Invalid`` for a division or grid that is not in force today."""
    if not (new.division or new.grid):
        return
    problem = known_place(division=new.division, grid=new.grid, on=clock.today())
    if problem:
        raise Invalid({problem: _("没有这个区划或网格，请从列表中选择。")})


def _check_source(actor: Actor, new: NewMatter) -> None:
    if not new.source_number:
        return
    if Matter.objects.filter(
        county=actor.county, source=new.source, source_number=new.source_number
    ).exists():
        raise Refusal("already_registered", _("这个来源编号已经登记过。"), field="source_number")
