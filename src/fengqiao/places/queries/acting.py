"""Which posts a person holds today, and the actor that a post makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of, division_level, prefix_range
from fengqiao.kernel.errors import Refusal
from fengqiao.places.models import Division, Stationing


def stationings(*, person_id: UUID, on: date) -> QuerySet[Stationing]:
    """The posts that the person holds on a day, in no order, with all that naming them needs (one statement)."""
    return Stationing.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), person_id=person_id, valid_from__lte=on
    ).select_related("person", "post", "post__centre", "post__department", "post__division")


def posts_held(person_id: UUID) -> list[Stationing]:
    """The posts that the person holds today, the oldest first.

    Sorted here: asked for an order, PostgreSQL plans a join of so many tables ten times as long as it runs it.
    """
    return sorted(
        stationings(person_id=person_id, on=clock.today()), key=lambda held: (held.valid_from, held.pk)
    )


def actor_of(stationing: Stationing) -> Actor:
    """The actor: the walls of a city post open its counties too, those of an administrator open none."""
    post = stationing.post
    role = Role(post.role)
    division = post.division_id
    reach = tuple(counties_below(division))
    return Actor(
        person_id=stationing.person_id,
        name=stationing.person.name,
        role=role,
        county=county_of(division),
        counties=() if role in ADMINISTRATORS else reach,
        audit_counties=reach if role is Role.AUDITOR else (),
        post_id=post.id,
        centre_id=post.centre_id,
        department_id=post.department_id,
        home_department_id=stationing.home_department_id,
        division=division,
        place_label=place_label(stationing),
    )


def exchange_of(county: str | None = None) -> Actor:
    """The post through which a county (six digits) exchanges data today, the highest and oldest of it.

    Without a county there must be only one that does. Raises ``Refusal``: ``county_not_named``,
    ``no_exchange_post``.
    """
    today = clock.today()
    held = (
        Stationing.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            post__role=Role.EXCHANGE,
            valid_from__lte=today,
        )
        .select_related("person", "post", "post__centre", "post__department", "post__division")
        .order_by("post__division_id", "valid_from", "id")
    )
    found = {county_of(each.post.division_id): each for each in reversed(held)}
    if county is None and len(found) > 1:
        raise Refusal(
            "county_not_named",
            _("有几个县在这里交换数据（%(counties)s），请用 --county 指明是哪一个。")
            % {"counties": "、".join(sorted(found))},
        )
    chosen = found.get(county) if county else next(iter(found.values()), None)
    if chosen is None:
        raise Refusal(
            "no_exchange_post",
            _("没有在任的数据交换岗位：请先用 `fengqiao places organisation` 设置（role = exchange）。"),
        )
    return actor_of(chosen)


def place_label(stationing: Stationing) -> str:
    """How the page names the place of a post."""
    post = stationing.post
    place = post.centre or post.department or post.division
    return str(place.name)


def counties_below(division: str) -> Iterable[str]:
    """The county codes whose records a post at this division may reach: one, or a city's own and all of it."""
    if division_level(division) >= 3:
        return [county_of(division)]
    prefix = division[: 2 * division_level(division)]
    low, high = prefix_range(prefix)
    codes = Division.objects.filter(code__gte=low, code__lt=high, code__endswith="000000")
    return sorted({county_of(code) for code in codes.values_list("code", flat=True)})
