"""The outbox: what happened to a matter is written for each subscription, in the transaction of the work."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from fengqiao.exchange.enums import EventType
from fengqiao.matters.enums import Restriction
from fengqiao.matters.events import Link, Recorded

# After that a delivery is a dead letter: a receiver that was down over a day has missed nothing.
GIVE_UP = timedelta(hours=36)

TYPE_OF = {
    "matter.registered": EventType.REGISTERED,
    "matter.accept": EventType.ACCEPTED,
    "matter.send_to_mediation": EventType.MEDIATION_BEGUN,
    "matter.record_mediation": EventType.MEDIATED,
    "matter.assess": EventType.ASSESSED,
    "matter.route": EventType.ROUTED,
    "matter.dispatch": EventType.DISPATCHED,
    "matter.guide": EventType.REDIRECTED,
    "matter.redirect": EventType.REDIRECTED,
    "matter.settle": EventType.SETTLED,
    "matter.settle_on_spot": EventType.SETTLED,
    "matter.return_visit": EventType.VISITED,
    "matter.close": EventType.CLOSED,
    "matter.archive": EventType.ARCHIVED,
    "matter.reopen": EventType.REOPENED,
    "matter.withdraw": EventType.WITHDRAWN,
    "matter.merge": EventType.MERGED,
    "matter.raise": EventType.RAISED,
    "matter.hand_down": EventType.HANDED_DOWN,
    "dispatch.check_in": EventType.CHECKED_IN,
    "dispatch.ask_return": EventType.RETURN_ASKED,
    "dispatch.arbitrate": EventType.ARBITRATED,
    "dispatch.dispose": EventType.DISPOSED,
    "dispatch.sign_off": EventType.SIGNED_OFF,
}

TAKEN_OVER = "matter.take_over"

# One statement, however many links, and when nobody listens it writes nothing.
WRITE = """
    INSERT INTO exchange_delivery (id, county, subscription_id, link_id, type, at, step, state, place_id,
                                   status, written_at, due_at, give_up_at, tries, problem)
    SELECT gen_random_uuid(), said.county, listening.id, said.link, said.type, said.at, said.step, said.state,
           said.place, 'waiting', %(now)s, %(now)s, %(give_up)s, 0, ''
    FROM jsonb_to_recordset(%(said)s::jsonb)
         AS said (county text, link uuid, type text, at timestamptz, step text, state text, place uuid)
    JOIN exchange_subscription listening
      ON listening.county = said.county AND listening.ended_at IS NULL AND said.type = ANY (listening.types)
    RETURNING subscription_id, county
"""


def types_of(link: Link) -> Iterable[EventType]:
    """The events that a link of a history is told as: often none, sometimes two."""
    room, _dot, rest = link.type.partition(".")
    known = TYPE_OF.get(f"{room}.{rest.partition('.')[0]}")
    if known is not None:
        yield known
    if link.from_step and link.from_step != link.step:
        yield EventType.STEP_CHANGED


def write_outbox(event: Recorded) -> None:
    """Writes the deliveries of what was recorded and puts their sending into the queue.

    Restricted matters are told to nobody, and that a row of an old ledger was taken over is no news.
    """
    from fengqiao.exchange.tasks import send_webhooks

    said = [
        {
            "county": link.county,
            "link": str(link.id),
            "type": str(told),
            "at": link.at.isoformat(),
            "step": link.step,
            "state": link.state,
            "place": str(link.holder_id),
        }
        for link in event.links
        if link.restriction == Restriction.OPEN and link.type != TAKEN_OVER
        for told in types_of(link)
    ]
    if not said:
        return
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"now": now, "give_up": now + GIVE_UP, "said": json.dumps(said)})
        wanted = set(cursor.fetchall())
    for subscription, county in sorted(wanted):
        send_webhooks.defer(subscription=str(subscription), county=county)
