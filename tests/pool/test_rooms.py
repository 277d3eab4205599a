"""Brand rooms: kept by the leaders of their centre, told to everybody, and what is mediated in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope, visiting
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.enums import State
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import Mediation
from fengqiao.mediators.domain import register
from fengqiao.pool.domain import rooms
from fengqiao.pool.domain.pictures import bare
from fengqiao.pool.models import AtWork, BrandRoom, HeldAt
from fengqiao.pool.queries.rooms import counts_of, held_in, open_at, published, room_of, visible_to
from tests.agreements.hands import parties_of
from tests.api.test_writing import post
from tests.matters.ground import act, refuses, told
from tests.pool.hands import SINCE, WORDS
from tests.small_county import SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"\x00\x00\x00\x0dIHDR" + bytes(13) + b"crc1"
    + b"\x00\x00\x00\x04tEXtGPS!crc2"
    + b"\x00\x00\x00\x00IENDcrc3"
)  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xe1\x00\x06GPS!\xff\xda\x00\x02picture\xff\xd9"


def opened(county: SmallCounty, code: str = "heng-shu", *, by: str = "county", **changes: Any) -> BrandRoom:
    return act(
        county,
        (Role.DIRECTOR, by),
        rooms.open_room,
        code=code,
        words=replace(WORDS, **changes),
        valid_from=SINCE,
    )


def registered_mediator(county: SmallCounty) -> Any:
    held = county.stationings[("mediator", "county")]
    act(county, Role.DIRECTOR, register.enter, stationing_id=held.pk, fields=["07"], valid_from=SINCE)
    return held.person_id


def test_a_leader_enters_puts_right_and_ends_a_room_of_the_own_centre(county: SmallCounty):
    given = {"code": "heng-shu", "words": WORDS, "valid_from": SINCE}
    with refuses("post_may_not_keep_pool"):
        act(county, Role.MEDIATOR, rooms.open_room, **given)
    for field, wrong in (
        ("name", {"name": " "}),
        ("place", {"place": ""}),
        ("days", {"days": [8]}),
        ("closes", {"closes": time(8)}),
        ("closes_again", {"closes_again": None}),
        ("closes_again", {"opens_again": time(11)}),
        ("fields", {"fields": ["0703"]}),
        ("story", {"story": "长" * 4001}),
    ):
        with refuses("invalid", field=field):
            opened(county, **wrong)
    with refuses("invalid", field="code"):
        opened(county, code="恒叔")
    room = opened(county)
    # Of the other county: not public, so that its code is not seen from here.
    opened(county, "hidden", by="other", public=False)
    for code in ("heng-shu", "hidden"):
        with refuses("code_taken", field="code"):
            opened(county, code)
    amended = {"room_id": room.pk, "words": replace(WORDS, way="坐五路车。"), "version": 1}
    for who, code in (
        ((Role.DIRECTOR, "town"), "post_may_not_keep_pool"),
        ((Role.DIRECTOR, "other"), "room_not_found"),
    ):
        with refuses(code):
            act(county, who, rooms.amend_room, **amended)
    assert act(county, Role.DIRECTOR, rooms.amend_room, **amended).way == "坐五路车。"
    with refuses("stale"):
        act(county, Role.DIRECTOR, rooms.amend_room, **amended)
    with refuses("invalid", field="last"):
        act(county, Role.DIRECTOR, rooms.end_room, room_id=room.pk, last=SINCE - DAY)
    act(county, Role.DIRECTOR, rooms.end_room, room_id=room.pk, last=SINCE)
    with refuses("room_ended"):
        act(county, Role.DIRECTOR, rooms.end_room, room_id=room.pk, last=SINCE)
    with scope(county.actor(Role.REGISTRAR)) as registrar:
        assert [each.code for each in visible_to(registrar)] == ["heng-shu"]
        assert open_at(registrar.centre_id, clock.today()) == []


def test_who_works_there_is_named_to_everybody_only_with_consent(county: SmallCounty):
    person = registered_mediator(county)
    room = opened(county)
    given = {"room_id": room.pk, "person_id": person, "valid_from": SINCE}
    for field, wrong in (
        ("person_id", {"person_id": county.person(Role.REGISTRAR).pk}),
        ("valid_from", {"valid_from": SINCE - DAY}),
        ("agreed_on", {"agreed_on": clock.today() + DAY}),
    ):
        with refuses("invalid", field=field):
            act(county, Role.DIRECTOR, rooms.put_to_work, **given | wrong)
    silent = act(county, Role.DIRECTOR, rooms.put_to_work, **given)
    name = county.person(Role.MEDIATOR).name
    page = Client().get("/rooms/heng-shu/")
    assert (page.status_code, "东门路一号" in text_of(page), name in text_of(page)) == (200, True, False)
    with refuses("works_there", field="person_id"):
        act(county, Role.DIRECTOR, rooms.put_to_work, **given)
    act(county, Role.DIRECTOR, rooms.end_work, at_work_id=silent.pk, last=SINCE)
    with refuses("left_already"):
        act(county, Role.DIRECTOR, rooms.end_work, at_work_id=silent.pk, last=SINCE)
    with refuses("room_not_found"):
        act(county, (Role.DIRECTOR, "other"), rooms.end_work, at_work_id=silent.pk, last=SINCE)
    named = act(county, Role.DIRECTOR, rooms.put_to_work, **given | {"agreed_on": SINCE})
    assert name in text_of(Client().get("/rooms/heng-shu/"))
    # Gone from the page at once, though the last day is still to come.
    act(county, Role.DIRECTOR, rooms.end_work, at_work_id=named.pk, last=clock.today() + DAY)
    assert name not in text_of(Client().get("/rooms/heng-shu/"))


def test_everybody_reads_public_rooms_and_nothing_else(county: SmallCounty):
    opened(county)
    opened(county, "hidden", public=False)
    ended = opened(county, "ended", name="秋哥调解室")
    act(county, Role.DIRECTOR, rooms.end_room, room_id=ended.pk, last=SINCE)
    registered(county)
    with visiting(), connection.cursor() as cursor:
        assert [each.code for each in published(clock.today())] == ["heng-shu"]
        for table in ("matters_matter", "matters_party", "mediation_mediation", "pool_heldat", "audit_entry"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
        assert BrandRoom.objects.filter(code="hidden").count() == 0
        assert AtWork.objects.count() == 0
    with scope(county.actor(Role.REGISTRAR)), pytest.raises(RuntimeError), visiting():
        pass
    stranger = Client()
    chinese, english = (
        stranger.get("/rooms/"),
        stranger.get("/rooms/heng-shu/", headers={"Accept-Language": "en"}),
    )
    assert "恒叔调解室" in text_of(chinese) and "星期一至星期五 09:00–12:00，14:00–17:30" in text_of(chinese)
    assert "秋哥调解室" not in text_of(chinese)
    assert "Uncle Heng's room" in text_of(english) and "2/F, 1 Dongmen Road" in text_of(english)
    # Not translated: better in Chinese than not at all.
    assert "坐三路车到东门站。" in text_of(english)
    told_of = {code: stranger.get(f"/rooms/{code}/").status_code for code in ("hidden", "ended", "none")}
    assert told_of == dict.fromkeys(told_of, 404)
    assert stranger.get("/rooms/heng-shu/picture").status_code == 404


def test_a_picture_tells_nothing_of_who_took_it_where(county: SmallCounty):
    assert bare("a.png", PNG) == ("image/png", PNG.replace(b"\x00\x00\x00\x04tEXtGPS!crc2", b""))
    assert bare("a.jpg", JPEG) == ("image/jpeg", JPEG.replace(b"\xff\xe1\x00\x06GPS!", b""))
    for name, content in (
        ("a.jpg", PNG),
        ("a.gif", b"GIF89a" + bytes(20)),
        ("a.png", PNG[:-8]),
        ("a.jpg", JPEG[:12]),
        ("a.png", PNG + bytes(1024 * 1024)),
        ("a.exe", b"MZ"),
    ):
        with pytest.raises(Invalid) as refusal:
            bare(name, content)
        assert refusal.value.field == "picture", name
    room = opened(county)
    values = {
        "name": "恒叔调解室",
        "place": WORDS.place,
        "days": ["1", "2"],
        "opens": "09:00",
        "closes": "12:00",
        "fields_of": ["02"],
        "public": "on",
        "version": 1,
    }
    desk = at_the_desk(county, Role.DIRECTOR)
    wrong = desk.post(f"/pool/rooms/{room.pk}/amend", values | {"closes": "08:00"})
    assert (wrong.status_code, "关门要晚于开门。" in text_of(wrong)) == (422, True)
    picture = SimpleUploadedFile("door.jpg", JPEG, "image/jpeg")
    done = desk.post(f"/pool/rooms/{room.pk}/amend", values | {"picture": picture})
    assert (done.status_code, done["Location"]) == (302, f"/pool/rooms/{room.pk}")
    shown = Client().get("/rooms/heng-shu/picture")
    assert (shown["Content-Type"], b"GPS!" in shown.content) == ("image/jpeg", False)
    assert desk.post(f"/pool/rooms/{room.pk}/amend", values | {"version": 2}).status_code == 302
    assert Client().get("/rooms/heng-shu/picture").status_code == 200


def test_what_is_mediated_in_a_room_is_counted_for_who_may_see_it(county: SmallCounty):
    room = opened(county)
    elsewhere = opened(county, "town", by="town", public=False)
    sent = brought_to(county, State.ACCEPTED)
    consents = {party.pk: True for party in parties_of(sent)}
    with refuses("invalid", field="room_id"):
        act(county, Role.REGISTRAR, flow.send_to_mediation, sent, consents=consents, room_id=elsewhere.pk)
    act(county, Role.REGISTRAR, flow.send_to_mediation, sent, consents=consents, room_id=room.pk)
    assert told(sent)[-2:] == ["matter.send_to_mediation", "mediation.room"]
    act(county, Role.MEDIATOR, rooms.hold_at, sent, room_id=None)
    with scope(county.actor(Role.DIRECTOR)) as director:
        [mediation] = Mediation.objects.filter(matter=sent)
        assert (room_of(mediation), held_in(director, room)) == (None, [])
    act(county, Role.MEDIATOR, rooms.hold_at, sent, room_id=room.pk)
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, rooms.hold_at, sent, room_id=room.pk)
    told_of = at_the_desk(county, Role.MEDIATOR).get(f"/api/v1/matters/{sent.code}/mediation").json()
    assert told_of["room"]["name"] == "恒叔调解室"
    words = "一方不同意，已告知仲裁和诉讼途径。"
    act(county, Role.MEDIATOR, record_mediation, sent, result=Result.REFUSED, text=words)
    with refuses("no_mediation"):
        act(county, Role.MEDIATOR, rooms.hold_at, sent, room_id=room.pk)
    with scope(county.actor(Role.DIRECTOR)) as director:
        assert dict(counts_of(held_in(director, room))) == {Result.REFUSED: 1}
        assert HeldAt.objects.count() == 3
    desk = at_the_desk(county, Role.DIRECTOR)
    page = text_of(desk.get(f"/pool/rooms/{room.pk}?result=refused"))
    assert sent.code in page
    assert sent.code not in text_of(desk.get(f"/pool/rooms/{room.pk}?result=written"))
    # The mediation's own page and its history say where it was.
    assert "恒叔调解室" in text_of(desk.get(f"/matters/{sent.code}/mediation"))
    assert "选择调解室" in text_of(desk.get(f"/matters/{sent.code}/"))
    # A restricted matter is not given away by a number.
    desk.post(f"/matters/{sent.code}/dialog/seal", {"basis": "治安管理处罚法第一百三十六条"})
    with scope(county.actor(Role.DIRECTOR)) as director:
        assert held_in(director, room) == []


def test_a_system_reads_and_keeps_rooms(county: SmallCounty):
    desk = at_the_desk(county, Role.DIRECTOR)
    sent = {
        "code": "qiu-ge",
        "name": "秋哥调解室",
        "place": "圣堂镇政府一楼",
        "days": [1, 3],
        "opens": "09:00",
        "closes": "12:00",
        "fields": ["02"],
        "valid_from": "2026-01-01",
    }
    key = {"Idempotency-Key": "room-1"}
    kind = "application/json"
    made = [desk.post("/api/v1/brand-rooms", sent, content_type=kind, headers=key) for _twice in (1, 2)]
    assert [each.status_code for each in made] == [201, 201]
    room = made[0].json()["id"]
    assert made[1].json()["id"] == room
    [row] = desk.get("/api/v1/brand-rooms?field=02&open=true").json()["items"]
    assert (row["code"], row["days"], row["people"], row["public"]) == ("qiu-ge", [1, 3], [], False)
    one = f"/api/v1/brand-rooms/{room}"
    words = {name: sent[name] for name in sent if name not in ("code", "valid_from")} | {"way": "坐五路车。"}
    for version, status in (("7", 412), ("1", 200), ("1", 412)):
        assert post(desk, f"{one}/amend", words, If_Match=f'"{version}"').status_code == status
    # An hour of another zone is no hour of the room.
    assert post(desk, f"{one}/amend", words | {"opens": "09:00Z"}, If_Match='"2"').status_code == 422
    at_work = {"person_id": str(registered_mediator(county)), "valid_from": "2026-01-01"}
    work = post(desk, f"{one}/people", at_work)
    assert work.status_code == 201
    told_of = desk.get(one).json()
    assert (told_of["way"], told_of["version"]) == ("坐五路车。", 2)
    [colleague] = told_of["people"]
    assert (colleague["work"], colleague["named"]) == (work.json()["id"], False)
    left = post(desk, f"{one}/people/{colleague['work']}/end", {"last": "2026-01-02"})
    assert (left.status_code, desk.get(one).json()["people"]) == (200, [])
    assert post(desk, f"{one}/end", {"last": "2026-01-31"}).status_code == 200
    assert desk.get(f"/api/v1/brand-rooms/{room}").json()["valid_until"] == "2026-01-31"
    assert desk.get("/api/v1/brand-rooms?open=true").json()["items"] == []
    assert date.fromisoformat(row["valid_from"]) == SINCE
