"""What may be named in a request: the bodies, people and places that the desk would offer this post."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from fengqiao.matters.queries.saved_views import views_of
from fengqiao.places.enums import INDEPENDENT
from fengqiao.places.models import Department, Stationing
from fengqiao.places.queries.divisions import in_force


def _not_offered(field: str) -> Invalid:
    return Invalid({field: _("不在可选的值之中。")}, code="not_offered")


def division(actor: Actor, code: str | None, *, field: str = "division") -> str:
    """A division inside that of the post; whether it is in force the domain asks."""
    if code and not code.startswith(division_prefix(actor.division)):
        raise _not_offered(field)
    return code or ""


def departments(
    actor: Actor, wanted: Iterable[tuple[str, UUID | None]], *, independent: bool = False
) -> None:
    """Bodies of the post's counties, by the fields that name them; courts only where ``independent``."""
    asked = {field: each for field, each in wanted if each is not None}
    if not asked:
        return
    found = {d.pk: d for d in Department.objects.filter(pk__in=asked.values())}
    for field, each in asked.items():
        body = found.get(each)
        if (
            body is None
            or body.division_id[:6] not in actor.counties
            or (body.kind in INDEPENDENT and not independent)
        ):
            raise _not_offered(field)


def person_of_centre(matter: Matter, person: UUID | None, *, field: str, roles: Iterable[Role] = ()) -> None:
    """Somebody stationed today at the centre that holds the matter, with one of the roles."""
    if person is None:
        return
    found = Stationing.objects.filter(
        in_force(clock.today()), person_id=person, post__centre_id=matter.holder_id
    )
    if roles:
        found = found.filter(post__role__in=[str(role) for role in roles])
    if not found.exists():
        raise _not_offered(field)


def view(actor: Actor, wanted: UUID, *, field: str) -> None:
    """A saved view that is the post's to open."""
    if not views_of(actor).filter(pk=wanted).exists():
        sentence: Any = _("没有这个视图，或不是给您现在的岗位用的。")
        raise Invalid({field: sentence}, code="view_not_found")


def matter_of_code(actor: Actor, code: str, *, field: str) -> Matter:
    """Another matter, by its code, that the post sees."""
    found = by_code(actor, code)
    if found is None:
        sentence: Any = _("没有这件事项，或您的岗位看不到它。")
        raise Invalid({field: sentence}, code="matter_not_found")
    return found
