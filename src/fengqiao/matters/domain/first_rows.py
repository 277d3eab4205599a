"""What a registration writes first: the matter's own row and the lists that go with it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, identity
from fengqiao.kernel.codes import matter_code
from fengqiao.matters.enums import Danger
from fengqiao.matters.intake import NewMatter
from fengqiao.matters.models import Claim, Matter, OutsideNumber, Party, Procedure
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import said_at_once
from fengqiao.matters.queries.text import lexemes

LONGEST_PLACE = 200


def event_parameters(matter: Matter, new: NewMatter, parties: list[Party]) -> dict[str, Any]:
    """What the first event of a history holds."""
    report = said_at_once(matter, sorted({claim.kind for claim in new.claims}))
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
        **({"report": report} if report else {}),
    }


def place_key(division: str, address: str) -> str:
    """One spelling of a place, to find other matters of the same place."""
    plain = re.sub(r"[\s,，。.、()（）\-－—]", "", identity.normalise(address))
    return f"{division}|{plain}"[:LONGEST_PLACE] if plain and division else ""


def search_words(title: str, account: str, names: list[str]) -> str:
    """The searchable words of a matter as PostgreSQL writes a ``tsvector``: no word holds a quote."""
    words = lexemes(title, account, *names)
    return "'" + "' '".join(words) + "'" if words else ""


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
        harm_on=new.harm_on,
        public_place=new.public_place,
        needs_care=new.needs_care,
        care=new.care.strip(),
        confidential=new.confidential,
        anonymous=new.is_anonymous,
        against_kind=new.against_kind,
        against_name=new.against_name.strip(),
        against_department_id=new.against_department,
        source=new.source,
        source_number=new.source_number,
        search=search_words(new.title, new.account, [p.name for p in new.parties] + [new.against_name]),
    )


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
