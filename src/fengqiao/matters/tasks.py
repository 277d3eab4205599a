"""Background work on the ledger."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain.replaying import carry_out
from fengqiao.matters.models import Replay
from fengqiao.places.queries.acting import actor_of, stationings


@app.task(name="matters.replay", retry=RetryStrategy(max_attempts=3, wait=5))
def replay_table(replay: str, county: str, person: str) -> None:
    """Asks the ledger under a draft, as the post that ordered it, where the person still holds it."""
    plain = Actor(
        person_id=UUID(person), name="", role=Role.SYSTEM_ADMINISTRATOR, county=county, counties=(county,)
    )
    with scope(plain):
        post_id = Replay.objects.values_list("post_id", flat=True).get(pk=UUID(replay), county=county)
        held = stationings(person_id=UUID(person), on=clock.today()).filter(post_id=post_id).first()
    if held is not None:
        carry_out(actor=actor_of(held), replay_id=UUID(replay))
