"""Signed scans at the desk and by the API: the same stack through either door."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.audit.models import Entry
from fengqiao.dossier.queries.signed_copies import key_of
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain import sight
from fengqiao.mediation.enums import Result
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.dossier.scans import blank, jpeg
from tests.dossier.test_forms import mediated
from tests.dossier.test_scans import papers, scanned
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of


def handed(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_at_the_desk_pages_are_seen_placed_and_taken_out(county: SmallCounty, disk: Any) -> None:
    matter = mediated(county, Result.WRITTEN)
    record = papers(county, matter)["record"]
    kind, reference = key_of(record)
    desk = at_the_desk(county, Role.REGISTRAR)
    of_matter = reverse("matter_scans", args=[matter.code])
    assert "扫描件归卷" in text_of(desk.get(of_matter))
    refused = desk.post(of_matter, {"scans": handed("说明.txt", b"text")})
    assert (refused.status_code, "请交 PDF、JPG 或 PNG" in text_of(refused)) == (422, True)
    sheet = jpeg(scanned(record)[0])
    came = desk.post(of_matter, {"scans": [handed("一.jpg", sheet), handed("空白.jpg", jpeg(blank()))]})
    there = came.headers["Location"]
    told = text_of(desk.get(there))
    for said in (
        "没有读出二维码",
        record.title,
        "第 1 页/共 2 页",
        "第 2 页未扫",
        sm3(sheet).hex(),
        "一.jpg",
    ):
        assert said in told
    assert "1 页待处理" in text_of(desk.get(reverse("scans")))
    # The one that waits, seen as a picture and placed by hand.
    stack = there.strip("/").rsplit("/", 1)[1]
    html = desk.get(there).content.decode()
    [picture] = {
        part.split('"')[0] for part in html.split('src="') if part.split('"')[0].endswith("/picture")
    }
    seen = desk.get(picture)
    assert (seen.headers["Content-Type"], seen.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert seen.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    place = picture.replace("/picture", "/place")
    assert f"{record.title} · 缺第 2 页" in text_of(desk.get(place))
    assert "没有这件事项" in text_of(desk.get(place, {"matter": "440785-20200101-999999"}))
    where = {"matter": matter.code, "paper": f"{kind}/{reference}", "page": 1}
    taken = desk.post(place, where)
    assert (taken.status_code, "已有签字件" in text_of(taken)) == (422, True)
    assert desk.post(place, where | {"page": 2}).headers["Location"] == there
    copy = reverse("signed_copy", args=[matter.code, kind, reference])
    told = text_of(desk.get(copy))
    for said in ("共 2 页", "按二维码", "手工指定", "空白.jpg 第 1 页"):
        assert said in told
    assert desk.get(f"{copy}.pdf").content.startswith(b"%PDF")
    assert "签字件" in text_of(desk.get(reverse("papers", args=[matter.code])))
    # Wrong after all.
    html = desk.get(copy).content.decode()
    out = [part.split('"')[0] for part in html.split('action="') if part.split('"')[0].endswith("/out")][-1]
    assert desk.post(out, {"reason": ""}).status_code == 422
    assert desk.post(out, {"reason": "不是这一页"}).headers["Location"] == copy
    assert "不是这一页" in text_of(desk.get(copy))
    assert "签字件归卷 · 人民调解记录 · 第 2 页，共 2 页" in text_of(
        desk.get(reverse("matter", args=[matter.code]))
    )
    page = picture.split("/")[-2]
    act = reverse("scan_act", args=[stack, "aside"])
    assert desk.post(act, {"page": page, "note": "草稿纸"}).headers["Location"] == there
    assert "草稿纸" in text_of(desk.get(there))
    assert desk.post(reverse("scan_act", args=[stack, "burn"]), {"page": page}).status_code == 403
    assert desk.post(act, {"page": "1"}).status_code == 403


def test_by_the_api_a_stack_is_handed_in_once(county: SmallCounty, disk: Any) -> None:
    limits.forget()
    matter = mediated(county, Result.WRITTEN)
    made = papers(county, matter)
    record = scanned(made["record"])
    desk = at_the_desk(county, Role.MEDIATOR)
    files = [
        ("一.jpg", jpeg(record[0])),
        ("又一.jpg", jpeg(record[0], turned=180)),
        ("空白.jpg", jpeg(blank())),
    ]

    def send(key: str, *sent: tuple[str, bytes], **more: str) -> Any:
        given = {"files": [handed(*each) for each in sent], **more}
        return desk.post("/api/v1/scans", given, headers={"Idempotency-Key": key})

    first, again = send("k", *files, matter=matter.code), send("k", *files, matter=matter.code)
    assert (first.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert first.json() == again.json()
    assert broken(send("k", *files[:1]), 422) == [("Idempotency-Key", "key_used_otherwise")]
    assert broken(send(str(uuid4()), ("a.txt", b"text")), 422) == [("files", "invalid")]
    there = first.headers["Location"]
    told = desk.get(there).json()
    assert [told[name] for name in ("state", "stalled", "matter", "total", "waiting")] == [
        "done", False, matter.code, 3, 2,
    ]  # fmt: skip
    assert [(page["state"], page["page"], page["settled"]) for page in told["read"]] == [
        ("filed", 1, True),
        ("again", 1, False),
        ("unread", 0, False),
    ]
    assert [each["id"] for each in desk.get("/api/v1/scans").json()["items"]] == [told["id"]]
    second, third = (page["id"] for page in told["read"][1:])
    kind, reference = key_of(made["record"])
    by_hand = {"matter": matter.code, "paper": kind, "reference": str(reference), "page": 2}
    assert broken(act(desk, third, "place", by_hand | {"page": 3, "pages": 2}), 422) == [("page", "invalid")]
    assert act(desk, third, "place", by_hand).status_code == 200
    assert broken(act(desk, second, "take", {}), 409) == [("page", "page_taken")]
    assert act(desk, second, "take", {"replaces": True}).status_code == 200
    assert broken(act(desk, second, "aside", {}), 409) == [("", "scan_settled")]
    signed = desk.get(f"/api/v1/matters/{matter.code}/signed").json()
    [copy] = signed["copies"]
    assert (copy["title"], copy["pages"], copy["missing"]) == (made["record"].title, 2, [])
    assert [(page["page"], page["by_hand"], page["ended_at"] is None) for page in signed["pages"]] == [
        (1, False, False),
        (1, False, True),
        (2, True, True),
    ]
    [former, _now, last] = signed["pages"]
    file = desk.get(f"/api/v1/matters/{matter.code}/signed/{former['id']}")
    assert sm3(file.content).hex() == former["digest"] == sm3(files[0][1]).hex()
    version = desk.get(f"/api/v1/matters/{matter.code}").headers["ETag"]
    out = f"/api/v1/matters/{matter.code}/signed/{last['id']}/take-out"
    assert post(desk, out, {"reason": "放错了"}, If_Match=version).status_code == 200
    assert desk.get(there).json()["read"][2]["state"] == "unread"
    source = desk.get(f"{there}/sources/{told['sources'][0]['id']}")
    assert source.content == files[0][1]
    # Of a restricted matter each sheet that is looked at leaves its trace, as its papers do.
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        sight.restrict(actor=director, matter=matter, reason="涉及未成年人", days=30)
    looked = [f"/api/v1/scanned-pages/{second}/picture", f"{there}/sources/{told['sources'][0]['id']}"]
    assert [desk.get(each).status_code for each in looked] == [404, 404]
    assert [at_the_desk(county, Role.DIRECTOR).get(each).status_code for each in looked] == [200, 200]
    with scope(county.actor(Role.AUDITOR)):
        traces = Entry.objects.filter(verb="matter.read_restricted").values_list("person_id", "subject")
        assert list(traces) == [(director.person_id, f"matter:{matter.pk}")] * 2


def act(desk: Client, page: str, verb: str, sent: dict[str, Any]) -> Any:
    return post(desk, f"/api/v1/scanned-pages/{page}/{verb}", sent)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SUPERVISOR])
def test_other_posts_have_no_such_door(county: SmallCounty, role: Role) -> None:
    desk = at_the_desk(county, role, "labour" if role is Role.HANDLER else "county")
    assert [desk.get(door).status_code for door in (reverse("scans"), "/api/v1/scans")] == [403, 403]
