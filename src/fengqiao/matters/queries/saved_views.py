"""The saved views of the ledger that a post opens, and whether what they ask for still exists."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters import enums
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.ledger import FLAGS, KEPT, OLDEST_FIRST
from fengqiao.places.models import Centre, Department, Division
from fengqiao.places.queries.divisions import in_force
from fengqiao.rules.queries import categories

WORDS_OF: dict[str, list[str]] = {
    "step": enums.Step.values,
    "state": enums.State.values,
    "track": enums.Track.values,
    "channel": enums.Channel.values,
    "risk": enums.Risk.values,
    "danger": enums.Danger.values,
    "outcome": enums.Outcome.values,
    "flag": list(FLAGS),
    "order": [OLDEST_FIRST],
}


def views_of(actor: Actor) -> QuerySet[SavedView]:
    """One's own views and those shared with the centre of the acting post, by name."""
    mine = Q(person_id=actor.person_id, centre__isnull=True)
    if actor.centre_id is not None:
        mine |= Q(centre_id=actor.centre_id)
    return SavedView.objects.filter(mine, county__in=actor.counties, removed_at=None)


def no_longer_there(asked: Mapping[str, str]) -> list[str]:
    """The filters of a view whose value exists no more: an ended department, a category out of force, …"""
    return [name for name, value in asked.items() if not _exists(name, value)]


def _exists(name: str, value: str) -> bool:
    today = clock.today()
    stands = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    if name in WORDS_OF:
        return value in WORDS_OF[name]
    if name == "category":
        return value in {each.code for each in categories.in_force(today)}
    if name == "division":
        return Division.objects.filter(in_force(today), pk=value).exists()
    if name == "centre":
        return Centre.objects.filter(stands, pk=value).exists()
    if name == "department":
        return Department.objects.filter(stands, pk=value).exists()
    return name in KEPT
