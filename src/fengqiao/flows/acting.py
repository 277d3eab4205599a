"""For whom somebody who is signed in acts now, from any door: the chosen post, and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import sessions
from fengqiao.accounts.policies import second_factor_roles
from fengqiao.accounts.queries.second_factor import second_factors_of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of, posts_held

POST_KEY = "acting_post"


class Lacks(StrEnum):
    """What stands between a person who is signed in and their work; each door says it in its own way."""

    PASSWORD = "own_password"  # noqa: S105  the name of a state
    POST = "post"
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True)
class Standing:
    """Who acts, the posts that the person could act as, and what is missing before any work can be done."""

    actor: Actor | None
    stationings: Sequence[Stationing]
    lacks: Lacks | None


def standing_of(person: Any, session: Any, *, to_work: bool = True) -> Standing:
    """The standing of a signed-in person in this session (one statement).

    ``to_work``: also asks what is missing before work; without it (choosing a post, changing the password)
    only the actor is found.
    """
    mine = posts_held(person.pk)
    actor = _chosen(session, mine)
    return Standing(actor, mine, _lacks(person, session, actor) if to_work else None)


def _lacks(person: Any, session: Any, actor: Actor | None) -> Lacks | None:
    if person.must_change_password:
        return Lacks.PASSWORD
    if actor is None:
        return Lacks.POST
    if actor.role in second_factor_roles() and not _has_second_factor(person, session):
        return Lacks.SECOND_FACTOR
    return None


def _chosen(session: Any, mine: Sequence[Stationing]) -> Actor | None:
    chosen = session.get(POST_KEY)
    for stationing in mine:
        if str(stationing.id) == chosen:
            return actor_of(stationing)
    # With one post there is nothing to choose; with several the person says which.
    return actor_of(mine[0]) if len(mine) == 1 else None


def _has_second_factor(person: Any, session: Any) -> bool:
    if session.get(sessions.HAS_SECOND_FACTOR):
        return True
    has = bool(second_factors_of(person.pk))
    if has:
        session[sessions.HAS_SECOND_FACTOR] = True
    return has
