"""Reads of single matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.models import Person
from fengqiao.matters.models import Matter


def by_code(actor: Actor, code: str) -> Matter | None:
    """The matter with this code, if the actor may see it, with what its head line names."""
    found: Matter | None = (
        Matter.objects.visible_to(actor)
        .select_related("centre", "holder", "division", "grid", "lead_department", "against_department")
        .filter(code=code)
        .first()
    )
    return found


def codes_open_to(actor: Actor, matters: Collection[UUID]) -> dict[UUID, str]:
    """The codes, by matter, of those of these matters that the actor may open."""
    found = Matter.objects.visible_to(actor).filter(pk__in=set(matters))
    return dict(found.order_by().values_list("pk", "code"))


def visit_attempts(matter_id: UUID) -> int:
    """How often somebody tried to reach the petitioner in vain since it was settled."""
    found = Matter.objects.filter(pk=matter_id).values_list("visit_attempts", flat=True).first()
    return found or 0


def missing(matter: Matter, *, parties: int, claims: int) -> list[Any]:
    """What an incomplete registration still lacks, in words: shown as missing, never guessed."""
    wanted = (
        (matter.received_at, _("收到时间")),
        (matter.category, _("纠纷类型")),
        (matter.account, _("经过")),
        (claims, _("诉求")),
        (parties, _("当事人")),
        (matter.division_id, _("所在村居")),
        (matter.happened_on, _("发生日期")),
        (matter.people, _("涉及人数")),
    )
    return [label for value, label in wanted if not value]


def readers_of(matter: Matter) -> list[tuple[str, date]]:
    """Who may read a restricted matter and until which day; asked as somebody who may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, until FROM matter_readers(%s)", [matter.id])
        named = dict(cursor.fetchall())
    names = dict(Person.objects.filter(pk__in=named).values_list("pk", "name"))
    return [(names.get(person, ""), until) for person, until in named.items()]


def readers_by_matter(matters: Collection[UUID], *, on: date) -> dict[UUID, frozenset[UUID]]:
    """Who may read which of these restricted matters on a day (one statement); asked as somebody who may."""
    if not matters:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wanted.id, reader.person_id FROM unnest(%s::uuid[]) AS wanted(id), "
            "LATERAL matter_readers(wanted.id) AS reader WHERE reader.until >= %s",
            [list(matters), on],
        )
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for matter, person in cursor.fetchall():
            found[matter].add(person)
    return {matter: frozenset(people) for matter, people in found.items()}
