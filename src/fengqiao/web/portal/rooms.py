"""Brand rooms for everybody: where, when, for what, and who said that they may be named. No matter is reached."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.marks import without_post
from fengqiao.accounts.scope import visiting
from fengqiao.kernel import clock
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.pool.models import BrandRoom
from fengqiao.pool.queries.rooms import published
from fengqiao.web.kit.hours import days_in_words, hours_in_words


@without_post
@require_GET
def rooms(request: HttpRequest) -> HttpResponse:
    """Every public room that is open today, by centre."""
    with visiting():
        rows = [told(each) for each in published(clock.today()).defer("picture", "story", "story_en")]
    return render(request, "portal/rooms.html", {"rows": rows})


@without_post
@require_GET
def room(request: HttpRequest, code: str) -> HttpResponse:
    """One public room, with its story."""
    with visiting():
        row = told(_one(code))
    return render(request, "portal/room.html", {"row": row})


@without_post
@require_GET
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """Its picture."""
    with visiting():
        found = _one(code)
    if not found.picture:
        raise Http404
    return HttpResponse(bytes(found.picture), content_type=found.picture_type)


def told(room: BrandRoom) -> dict[str, Any]:
    """A room in the reader's language, where it was translated."""
    english = (get_language() or "").startswith("en")
    names = fields_in_force(clock.today())
    said = {
        name: (english and getattr(room, f"{name}_en")) or getattr(room, name)
        for name in ("name", "place", "way", "story")
        if name not in room.get_deferred_fields()
    }
    return said | {
        "code": room.code,
        "centre": room.centre.name,
        "has_picture": bool(room.picture_type),
        "since": room.valid_from,
        "fields": [names[code] for code in room.fields if code in names],
        "days": days_in_words(room.days),
        "hours": hours_in_words((room.opens, room.closes), (room.opens_again, room.closes_again)),
        "people": _("、").join(each.person.name for each in room.at_work),  # type: ignore[attr-defined]
    }


def _one(code: str) -> BrandRoom:
    found = published(clock.today()).filter(code=code).first()
    if found is None:
        raise Http404
    return found
