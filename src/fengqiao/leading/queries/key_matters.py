"""Listed matters as pages and the API show them, each with the light of its next look."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.enums import KeyAction
from fengqiao.leading.models import Charge, KeyMatter, Look
from fengqiao.leading.policies import key_matters_visible_to, may
from fengqiao.leading.steps import WATCHERS
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.lights import Light, light_of

# Who is in charge now, as ``now_in_charge`` of each.
IN_CHARGE = Prefetch("charges", Charge.objects.filter(until=None), to_attr="now_in_charge")
OF_ONE = (
    Prefetch("charges", Charge.objects.select_related("named_by")),
    Prefetch("looks", Look.objects.select_related("by").order_by("-day", "-at", "-id")),
)


def on_the_list(actor: Actor) -> QuerySet[KeyMatter]:
    """All that are listed now and that the post sees, what is to be looked at first being first."""
    return (
        key_matters_visible_to(actor)
        .filter(ended_at=None)
        .select_related("matter", "matter__holder", "centre")
        .prefetch_related(IN_CHARGE)
        .order_by("look_by", "id")
    )


def seen_by(actor: Actor) -> QuerySet[KeyMatter]:
    """Everything that is or was listed and that the post sees, with who was in charge of it."""
    found = key_matters_visible_to(actor).select_related("matter__holder", "centre")
    return found.prefetch_related(OF_ONE[0])


def by_id(actor: Actor, key_matter_id: UUID) -> KeyMatter:
    """One that the post sees, with its looks; raises ``NotAllowed`` alike for any other."""
    found = seen_by(actor).prefetch_related(OF_ONE[1]).filter(pk=key_matter_id).first()
    if found is None:
        raise NotAllowed("key_matter_not_found", _("清单上没有这件事项，或您的岗位看不到它。"))
    return found


def of_matter(actor: Actor, matter: Matter) -> list[KeyMatter]:
    """How often the matter was listed, the newest first, with its leaders and looks."""
    found = key_matters_visible_to(actor).filter(matter_id=matter.pk)
    found = found.select_related("listed_by", "ended_by", "centre").prefetch_related(*OF_ONE)
    return list(found.order_by("-listed_at", "-id"))


def to_look_at(actor: Actor) -> QuerySet[KeyMatter]:
    """Those whose next look presses: of whom the acting person is in charge, and of those the centre keeps."""
    if actor.role not in WATCHERS:
        return KeyMatter.objects.none()
    mine = Charge.objects.filter(person_id=actor.person_id, until=None).values("key_matter_id")
    return on_the_list(actor).filter(
        Q(pk__in=mine) | Q(centre_id=actor.centre_id), warn_on__lte=clock.today()
    )


def actions_of(actor: Actor, matter: Matter, key: KeyMatter) -> list[KeyAction]:
    """What the post may do now with what is listed."""
    if key.ended_at is not None:
        return []
    charge = next((each for each in key.charges.all() if each.until is None), None)
    wanted = (KeyAction.LOOK, KeyAction.VISIT, KeyAction.CHARGE, KeyAction.UNLIST)
    return [action for action in wanted if may(actor, action, matter, key, charge)]


def may_list(actor: Actor, matter: Matter, listed: list[KeyMatter]) -> bool:
    """Whether the post can put the matter on the list now."""
    is_listed = any(each.ended_at is None for each in listed)
    return matter.is_open and not is_listed and may(actor, KeyAction.LIST, matter)


def look_light(key: KeyMatter) -> Light | None:
    """The light of the next look; none once it is listed no more."""
    if key.ended_at is not None:
        return None
    return light_of(_begin(key.warn_on), _begin(key.look_by + timedelta(days=1)), clock.now())


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
