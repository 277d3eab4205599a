"""Brand rooms: entered, put right, ended by the leaders of their centre; who works there; what is mediated there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.matters.domain.move import note
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import MediationAction
from fengqiao.mediators.domain.register import fields_in_force
from fengqiao.mediators.models import Mediator
from fengqiao.places.models import Centre
from fengqiao.places.queries.divisions import in_force
from fengqiao.pool.domain.pictures import bare
from fengqiao.pool.models import AtWork, BrandRoom, HeldAt
from fengqiao.pool.policies import check_may_keep, check_may_read

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = {
    "code": 40,
    "name": 60,
    "name_en": 100,
    "place": 200,
    "place_en": 300,
    "way": 500,
    "way_en": 800,
    "story": 4_000,
    "story_en": 8_000,
}
WEEK = range(1, 8)


@dataclass(frozen=True)
class RoomWords:
    """What is said of a room to everybody."""

    name: str
    place: str
    days: Sequence[int]
    opens: time
    closes: time
    fields: Sequence[str]
    opens_again: time | None = None
    closes_again: time | None = None
    name_en: str = ""
    place_en: str = ""
    way: str = ""
    way_en: str = ""
    story: str = ""
    story_en: str = ""
    public: bool = False


@dataclass(frozen=True)
class NewPicture:
    """A picture as it was handed in."""

    name: str
    content: bytes


def open_room(
    *, actor: Actor, code: str, words: RoomWords, valid_from: date, picture: NewPicture | None = None
) -> BrandRoom:
    """A leader enters a brand room of the own centre. ``code`` is its part of the public address, for good.

    Refused: a code that another room has or had (``code_taken``); ``Invalid`` names each field that is wrong.
    """
    check_may_keep(actor, actor.centre_id)
    assert actor.centre_id is not None  # noqa: S101  said above
    centre = Centre.objects.get(pk=actor.centre_id)
    errors = _wrong(words)
    if not CODE.fullmatch(code) or len(code) > LONGEST["code"]:
        errors["code"] = _("网址代号用小写字母、数字和连字符，最多四十个。")
    if errors:
        raise Invalid(errors)
    room = BrandRoom(
        county=county_of(centre.division_id),
        centre=centre,
        code=code,
        valid_from=valid_from,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
        **_cleaned(words),
    )
    if picture:
        room.picture_type, room.picture = bare(picture.name, picture.content)
    taken = Refusal("code_taken", _("这个网址代号已经用过，请换一个。"), field="code")
    if BrandRoom.objects.filter(code=code).exists():
        raise taken
    try:
        # One of another county that is not public is not seen here, and has its address all the same.
        with transaction.atomic():
            room.save(force_insert=True)
    except IntegrityError as clash:
        raise taken from clash
    _record(actor, room, "room.open")
    return room


def amend_room(
    *, actor: Actor, room_id: UUID, words: RoomWords, version: int, picture: NewPicture | None = None
) -> BrandRoom:
    """Puts right what is said of a room; without a new ``picture`` the old one stays.

    Refused: a room that has ended, a ``version`` that is not the newest.
    """
    room = _kept(actor, room_id)
    if room.version != version:
        raise Stale("stale", _("刚才有人改过，请核对现在的内容后再保存。"))
    errors = _wrong(words)
    if errors:
        raise Invalid(errors)
    cleaned: dict[str, Any] = _cleaned(words)
    if picture:
        cleaned["picture_type"], cleaned["picture"] = bare(picture.name, picture.content)
    changed = [name for name, value in cleaned.items() if getattr(room, name) != value]
    for name in changed:
        setattr(room, name, cleaned[name])
    room.version += 1
    room.save(update_fields=[*changed, "version"])
    _record(actor, room, "room.amend", changed=changed)
    return room


def end_room(*, actor: Actor, room_id: UUID, last: date) -> BrandRoom:
    """The last day of a room, and of everybody's work there. What was mediated there stays written."""
    room = _kept(actor, room_id)
    if last < room.valid_from:
        raise Invalid({"last": _("结束日期早于开始日期。")})
    room.valid_until = last
    room.version += 1
    room.save(update_fields=["valid_until", "version"])
    for each in room.people.filter(valid_until=None):
        each.valid_until = max(last, each.valid_from)
        each.save(update_fields=["valid_until"])
    _record(actor, room, "room.end", until=last)
    return room


def put_to_work(
    *, actor: Actor, room_id: UUID, person_id: UUID, valid_from: date, agreed_on: date | None = None
) -> AtWork:
    """A mediator of the centre's register works in the room from a day on.

    ``agreed_on``: when they agreed to be named on the public page. Refused: somebody who is not in the register of
    the centre, or who works there already (``works_there``).
    """
    room = _kept(actor, room_id)
    registered = Mediator.objects.filter(
        in_force(clock.today()), person_id=person_id, post__centre_id=room.centre_id
    )
    if not registered.exists():
        raise Invalid({"person_id": _("请选择本中心名册里的调解员。")})
    if valid_from < room.valid_from:
        raise Invalid({"valid_from": _("早于调解室的开始日期。")})
    if agreed_on is not None and agreed_on > clock.today():
        raise Invalid({"agreed_on": _("同意公开的日期不能在今天以后。")})
    if room.people.filter(person_id=person_id, valid_until=None).exists():
        raise Refusal("works_there", _("这位调解员已经在这个调解室。"), field="person_id")
    added = AtWork.objects.create(
        county=room.county,
        room=room,
        person_id=person_id,
        agreed_on=agreed_on,
        public=agreed_on is not None,
        valid_from=valid_from,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    _record(actor, room, "room.put_to_work", person=str(person_id), named=added.public)
    return added


def end_work(*, actor: Actor, at_work_id: UUID, last: date) -> AtWork:
    """Somebody works in the room no more; the public page names them no more at once, whatever the day."""
    check_may_read(actor)
    held = AtWork.objects.select_for_update(of=("self",)).filter(pk=at_work_id, county=actor.county).first()
    if held is None:
        raise NotAllowed("room_not_found", _("没有这个调解室。"))
    room = _kept(actor, held.room_id)
    if held.valid_until is not None:
        raise Refusal("left_already", _("这位调解员已经不在这个调解室。"))
    if last < held.valid_from:
        raise Invalid({"last": _("结束日期早于开始日期。")})
    held.valid_until, held.public = last, False
    held.save(update_fields=["valid_until", "public"])
    _record(actor, room, "room.end_work", person=str(held.person_id))
    return held


def hold_at(*, actor: Actor, matter_id: UUID, room_id: UUID | None, version: int | None = None) -> HeldAt:
    """Writes down in which brand room of the centre the running mediation is held; None: in none of them."""
    matter, running = begun(actor, matter_id, version, MediationAction.ROOM)
    if room_id is not None:
        found = BrandRoom.objects.filter(in_force(clock.today()), pk=room_id, centre_id=matter.holder_id)
        if not found.exists():
            raise Invalid({"room_id": _("请选择本中心的调解室。")})
    written = HeldAt.objects.create(
        **of(matter),
        mediation=running,
        room_id=room_id,
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    parameters = {"room": str(room_id) if room_id else ""}
    note(matter, actor=actor, type=f"mediation.{MediationAction.ROOM}", parameters=parameters)
    return written


def _kept(actor: Actor, room_id: UUID) -> BrandRoom:
    """A room of the actor's own centre that has not ended, locked."""
    check_may_read(actor)
    room = BrandRoom.objects.select_for_update(of=("self",)).filter(pk=room_id, county=actor.county).first()
    if room is None:
        raise NotAllowed("room_not_found", _("没有这个调解室。"))
    check_may_keep(actor, room.centre_id)
    if room.valid_until is not None:
        raise Refusal("room_ended", _("这个调解室已经结束。"))
    return room


def _wrong(words: RoomWords) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    for name, most in LONGEST.items():
        if len(str(getattr(words, name, "")).strip()) > most:
            errors[name] = _("最多 %(n)d 个字。") % {"n": most}
    if len(words.name.strip()) < 2:
        errors["name"] = _("请写明调解室的名称。")
    if len(words.place.strip()) < 2:
        errors["place"] = _("请写明地点。")
    if not words.days or set(words.days) - set(WEEK):
        errors["days"] = _("请选择哪几天开放。")
    if words.closes <= words.opens:
        errors["closes"] = _("关门要晚于开门。")
    again, over = words.opens_again, words.closes_again
    if (again is None) != (over is None):
        errors["closes_again"] = _("下午的开门和关门时间要一起填写。")
    elif again is not None and over is not None and not words.closes <= again < over:
        errors["closes_again"] = _("下午的时间要在上午之后。")
    if not words.fields or set(words.fields) - set(fields_in_force(clock.today())):
        errors["fields"] = _("请选择擅长的纠纷类别。")
    return errors


def _cleaned(words: RoomWords) -> dict[str, Any]:
    said = {name: value.strip() if isinstance(value, str) else value for name, value in vars(words).items()}
    return said | {"days": sorted(set(words.days)), "fields": sorted(set(words.fields))}


def _record(actor: Actor, room: BrandRoom, verb: str, **details: Any) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"room:{room.pk}",
        county=room.county,
        details={"code": room.code, "version": room.version, **details},
    )
