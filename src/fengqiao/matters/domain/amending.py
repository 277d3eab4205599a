"""Completing a registration, linking matters, adding materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.matters import validators
from fengqiao.matters.domain.first_rows import place_key, search_words
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.domain.parties import add_parties
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Channel, WordKind
from fengqiao.matters.intake import STAKES, NewMatter, NewParty
from fengqiao.matters.models import Matter, MatterFile, MatterLink
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import facts_of, report_of
from fengqiao.places.queries.divisions import known_place

# What may be put right later. When it came, by which door and who typed it stay as they were.
AMENDABLE = (
    "title",
    "account",
    "category",
    "scale",
    "people",
    "amount",
    "happened_on",
    "division",
    "grid",
    "address",
    "longitude",
    "latitude",
    "against_kind",
    "against_name",
    "against_department",
    *STAKES,
)
UNKNOWN_IS_NULL = frozenset({"people", "amount", "happened_on", "longitude", "latitude", *STAKES[:3]})
REFERENCES = frozenset({"division", "grid", "against_department"})


def amend(
    *,
    actor: Actor,
    matter_id: UUID,
    facts: Mapping[str, Any],
    parties: tuple[NewParty, ...] = (),
    reason: str = "",
    version: int | None = None,
) -> Matter:
    """Puts registered facts right or adds parties; the history names which fields changed."""
    unknown = set(facts) - set(AMENDABLE)
    if unknown:
        raise Invalid({name: _("这一项登记后不能改动。") for name in unknown})
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    _check(matter, facts, parties)
    changes: dict[str, Any] = {
        name + ("_id" if name in REFERENCES else ""): value if value is False else value or _empty(name)
        for name, value in facts.items()
    }
    changed = {name: value for name, value in changes.items() if getattr(matter, name) != value}
    if not changed and not parties:
        raise Invalid({"title": _("没有改动。")})
    if {"title", "account", "against_name"} & set(changed) or parties:
        names = [*matter.parties.values_list("name", flat=True), *(p.name for p in parties)]
        names.append(changed.get("against_name", matter.against_name))
        changed["search"] = search_words(
            changed.get("title", matter.title), changed.get("account", matter.account), names
        )
    division = changed.get("division_id", matter.division_id) or ""
    changed["place_key"] = place_key(division, changed.get("address", matter.address))
    parameters: dict[str, Any] = {
        "fields": sorted(set(changed) - {"search", "place_key"}),
        "parties": len(parties),
    }
    if set(STAKES) & set(changed):
        parameters["report"] = _report_of(actor, matter, changed)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.AMEND,
        changes=changed,
        parameters=parameters,
        words={WordKind.REASON: reason.strip()},
    )
    add_parties(matter, parties, first_place=matter.parties.count())
    return matter


def link(*, actor: Actor, matter_id: UUID, other_id: UUID, reason: str, version: int | None = None) -> Matter:
    """Links another matter of the same party, place or quarrel, that the actor can see."""
    reason = needed("reason", reason, _("请写明两件事项为什么有关。"))
    if other_id == matter_id:
        raise Invalid({"other": _("这就是本事项，不用和自己关联。")})
    other = Matter.objects.visible_to(actor).filter(pk=other_id).first()
    if other is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.LINK,
        version=version,
        parameters={"other": other.id},
        words={WordKind.REASON: reason},
    )
    MatterLink.objects.get_or_create(
        matter_id=matter.id,
        other_id=other.id,
        defaults={
            **of(matter),
            "reason": reason[:200],
            "linked_by": actor.person_id,
            "linked_at": clock.now(),
        },
    )
    return matter


def attach(
    *,
    actor: Actor,
    matter_id: UUID,
    file_id: UUID,
    name: str,
    purpose: str = "",
    version: int | None = None,
) -> MatterFile:
    """Adds a stored file to the matter's materials under the name it was handed in with."""
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.ATTACH,
        version=version,
        parameters={"file": file_id, "purpose": purpose},
    )
    return MatterFile.objects.create(
        **of(matter),
        file_id=file_id,
        name=name[:200],
        purpose=purpose[:32],
        added_by=actor.person_id,
        added_at=clock.now(),
    )


def _check(matter: Matter, facts: Mapping[str, Any], parties: tuple[NewParty, ...]) -> None:
    as_it_would_be = NewMatter(
        title=matter.title,
        received_at=matter.received_at,
        channel=Channel(matter.channel),
        parties=parties,
        needs_care=matter.needs_care,
        care=matter.care,
    )
    # What was said of a day that is over since stands as it was said.
    asked = {name: value for name, value in facts.items() if name != "harm_on" or value != matter.harm_on}
    validators.check(replace(as_it_would_be, **asked))
    division = facts.get("division", matter.division_id or "")
    grid = facts.get("grid", matter.grid_id or "")
    # Where it happened may have ended since: only another place has to be one that is in force.
    stays = (division or "", grid or "") == (matter.division_id or "", matter.grid_id or "")
    if not stays and (division or grid):
        problem = known_place(division=division, grid=grid, on=clock.today())
        if problem:
            raise Invalid({problem: _("没有这个区划或网格，请从列表中选择。")})


def _report_of(actor: Actor, matter: Matter, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Other stakes may make a direct report due: the table is asked of the matter as it becomes."""
    for name, value in changed.items():
        setattr(matter, name, value)
    return report_of(matter, facts_of(actor, matter))


def _empty(name: str) -> Any:
    if name in REFERENCES or name in UNKNOWN_IS_NULL:
        return None
    return ""
