"""Telling people in their posts: one statement, in the transaction of what happened."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction
from fengqiao.notices.enums import URGENT, Kind, Urgency

# Heard by the process of live notices (web/live): the person's key alone, and only after the commit.
CHANNEL = "fengqiao_notices"
# Each row's identifier begins as the notice's own (UUIDv7: its time and count) and ends with the row's number: it is
# not known before the statement how many hold the post. So an inbox lists notices in the order they were told in. The
# rows are made before they are written, for nobody may read (RETURNING) what was told to others.
WRITE = f"""
    WITH held AS MATERIALIZED (
      SELECT (left(said.id, 28) || lpad(to_hex(row_number() OVER ()), 8, '0'))::uuid AS id, said.county,
             said.restriction, said.matter, held.person_id, held.post_id, said.kind, said.urgency, said.about,
             said.subject, said.due_on
      FROM jsonb_to_recordset(%(said)s::jsonb)
           AS said (id text, county text, restriction text, matter uuid, roles text[], centre uuid,
                    department uuid, post uuid, person uuid, kind text, urgency text, about uuid, subject uuid,
                    due_on date)
      JOIN places_post post
        ON post.centre_id = said.centre OR post.department_id = said.department OR post.id = said.post
      JOIN places_stationing held
        ON held.post_id = post.id AND held.valid_from <= %(today)s
           AND (held.valid_until IS NULL OR held.valid_until >= %(today)s)
      JOIN accounts_person person ON person.id = held.person_id AND person.is_active
      WHERE (said.roles IS NULL OR post.role = ANY (said.roles))
        AND (said.person IS NULL OR held.person_id = said.person)
        AND held.person_id IS DISTINCT FROM %(but)s::uuid
    ), written AS (
      INSERT INTO notices_notice
        (id, county, restriction, matter_id, person_id, post_id, kind, urgency, about_id, subject_id, due_on,
         created_at)
      SELECT held.*, %(now)s FROM held
    )
    SELECT (SELECT count(*) FROM held),
           (SELECT count(pg_notify('{CHANNEL}', each.person_id::text))
            FROM (SELECT DISTINCT person_id FROM held) each)
"""  # noqa: S608  the name of a constant


@dataclass(frozen=True)
class Addressee:
    """Whoever holds a post today: one of these roles at a centre or a department, or the post itself.

    ``person_id``: of all those this person alone.
    """

    roles: Iterable[Role] | None = None
    centre_id: UUID | str | None = None
    department_id: UUID | str | None = None
    post_id: UUID | str | None = None
    person_id: UUID | str | None = None


@dataclass(frozen=True)
class NewNotice:
    """What is told to whom; see ``notices.models.Notice``. ``urgency`` left out is that of the kind."""

    kind: Kind
    to: Addressee
    county: str
    matter_id: UUID | None = None
    restriction: str = Restriction.OPEN
    about_id: UUID | str | None = None
    subject_id: UUID | None = None
    due_on: date | str | None = None
    urgency: Urgency | None = None


def tell(notices: Sequence[NewNotice], *, by: Actor | None) -> int:
    """Writes each notice for everybody it is addressed to, and says how many that were.

    Nobody is told of what they did themselves: ``by`` is left out; None where the program speaks. Runs in the
    scope of whoever acts, which must see the matter.
    """
    if not notices:
        return 0
    values: dict[str, Any] = {
        "said": json.dumps([_said(each) for each in notices], default=str),
        "now": clock.now(),
        "today": clock.today(),
        "but": by.person_id if by else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        return int(cursor.fetchone()[0])


def _said(new: NewNotice) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "county": new.county,
        "restriction": new.restriction,
        "matter": new.matter_id,
        "roles": None if new.to.roles is None else sorted(new.to.roles),
        "centre": new.to.centre_id,
        "department": new.to.department_id,
        "post": new.to.post_id,
        "person": new.to.person_id,
        "kind": new.kind,
        "urgency": new.urgency or (Urgency.URGENT if new.kind in URGENT else Urgency.ROUTINE),
        "about": new.about_id,
        "subject": new.subject_id,
        "due_on": new.due_on,
    }
