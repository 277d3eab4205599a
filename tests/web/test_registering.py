"""The registration screen: one breath; what is wrong comes back beside its field with everything typed."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.matters.models import Claim, Matter, MatterFile, Party
from tests.files.samples import PDF
from tests.small_county import RESIDENT_IDS, SmallCounty, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db

EMPTY_LISTS = {
    f"{prefix}-{name}": value
    for prefix in ("claims", "parties", "procedures", "numbers")
    for name, value in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"))
}


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


@pytest.fixture
def window(county: SmallCounty) -> Client:
    return at_the_desk(county, Role.REGISTRAR)


def typed(**changes: Any) -> dict[str, Any]:
    """What an officer typed for an ordinary matter."""
    return (
        EMPTY_LISTS
        | {
            "token": str(uuid4()),
            "title": "楼上漏水泡坏天花",
            "account": "楼上卫生间渗水三个月，说过多次没有修。",
            "channel": "visit",
            "received_at": "2026-11-20T09:30",
            "scale": "01",
            "danger": "none",
            "against_kind": "person",
            "against_name": "楼上住户",
            "then": "register",
            "claims-TOTAL_FORMS": "1",
            "claims-0-kind": "resolve",
            "claims-0-text": "修好并赔天花",
            "parties-TOTAL_FORMS": "1",
            "parties-0-role": "petitioner",
            "parties-0-kind": "person",
            "parties-0-name": "黄某某",
            "parties-0-identity_kind": "resident_id",
            "parties-0-identity": RESIDENT_IDS[0],
            "parties-0-phone": "13800000001",
        }
        | changes
    )


def there_are(county: SmallCounty, role: Role = Role.DIRECTOR) -> list[Matter]:
    with scope(county.actor(role)):
        return list(Matter.objects.order_by("code"))


def refusals(county: SmallCounty) -> list[tuple[str, str]]:
    with scope(county.actor(Role.AUDITOR)):
        return list(
            Entry.objects.filter(result="refused").order_by("chain", "seq").values_list("verb", "person_id")
        )


def test_registered_with_its_code_and_opened(county: SmallCounty, window: Client):
    response = window.post("/register/", typed())
    (matter,) = there_are(county)
    assert (response.status_code, response.headers["Location"]) == (302, f"/matters/{matter.code}/")
    assert f"已登记，编号 {matter.code}" in text_of(window.get(response.headers["Location"]))
    with scope(county.actor(Role.DIRECTOR)):
        assert list(Claim.objects.values_list("kind", "text")) == [("resolve", "修好并赔天花")]
        assert list(Party.objects.values_list("name", "role")) == [("黄某某", "petitioner")]


@pytest.mark.parametrize(("then", "state"), [("register", "registered"), ("accept", "accepted")])
def test_accepted_at_once_where_asked(county: SmallCounty, window: Client, then: str, state: str):
    window.post("/register/", typed(then=then))
    assert [m.state for m in there_are(county)] == [state]


def test_settled_on_the_spot_is_two_more_fields(county: SmallCounty):
    desk = at_the_desk(county, Role.INDUSTRY_OFFICER)
    response = desk.post("/register/", typed(then="settle", result=""))
    assert response.status_code == 422
    assert "请写明当场处理的结果" in text_of(response)
    assert there_are(county) == []
    desk.post("/register/", typed(then="settle", result="已请物业上楼查漏，楼上同意周五前修好"))
    assert [(m.state, m.outcome, m.track) for m in there_are(county)] == [
        ("settled", "settled_on_spot", "departmental")
    ]


WRONG = [
    ({"parties-0-identity": "440785193001010011"}, "请核对 18 位号码和最后一位校验码"),
    ({"received_at": "2026-13-45T09:00"}, "输入一个有效的日期/时间"),
    ({"received_at": "2099-01-01T09:00"}, "收到的时间不能晚于现在"),
    ({"happened_on": "2026-02-30"}, "输入一个有效的日期"),
    ({"division": "999999999999"}, "选择一个有效的选项"),
    ({"grid": "440785102201001", "division": "440785001001"}, "没有这个区划或网格"),
    ({"title": ""}, "这个字段是必填项"),
    ({"title": "长" * 201}, "标题最多 200 字"),
    ({"account": "很长" * 10_001}, "经过最多 20,000 字"),
    ({"people": "0"}, "涉及人数应在 1 到 1,000,000 之间"),
    ({"amount": "-1"}, "涉及金额应为 0 以上的数"),
    ({"longitude": "112.3"}, "经度和纬度要一起填写"),
    ({"parties-0-name": ""}, "请填写姓名或名称"),
    ({"parties-0-phone": "12"}, "电话号码不对"),
    ({"parties-0-agent_for": "2", "parties-0-agent_power": ""}, "请选择代理谁"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[s for _, s in WRONG])
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    county: SmallCounty, window: Client, changes: dict[str, str], sentence: str
):
    sent = typed(**changes)
    response = window.post("/register/", sent)
    assert response.status_code == 422
    assert sentence in text_of(response)
    shown = html.unescape(response.content.decode())
    for name in ("title", "account", "parties-0-name", "parties-0-phone", "claims-0-text", "against_name"):
        assert sent[name] in shown, name
    assert there_are(county) == []


def test_five_megabytes_of_text_get_an_answer(county: SmallCounty, window: Client):
    response = window.post("/register/", typed(account="字" * 1_700_000))
    assert response.status_code == 422
    assert "经过最多 20,000 字" in text_of(response)
    assert there_are(county) == []


def test_an_emoji_and_a_rare_character_are_names_too(county: SmallCounty, window: Client):
    window.post("/register/", typed(**{"parties-0-name": "䶮𠅤😀"}))
    with scope(county.actor(Role.DIRECTOR)):
        assert Party.objects.get().name == "䶮𠅤😀"


def test_html_in_every_field_is_text(county: SmallCounty, window: Client):
    bad = "<img src=x onerror=alert(1)><b>"
    fields = (
        "title",
        "account",
        "address",
        "against_name",
        "parties-0-name",
        "claims-0-text",
        "parties-0-wish",
    )
    response = window.post("/register/", typed(**dict.fromkeys(fields, bad)))
    (matter,) = there_are(county)
    assert (matter.title, matter.account) == (bad, bad)
    for path in (response.headers["Location"], "/", "/ledger/"):
        read = window.get(path).content.decode()
        assert "<img src=x" not in read
        assert "&lt;img src=x" in read


def test_sent_twice_it_is_registered_once(county: SmallCounty, window: Client):
    sent = typed()
    first, second = window.post("/register/", sent), window.post("/register/", sent)
    (matter,) = there_are(county)
    assert first.headers["Location"] == second.headers["Location"] == f"/matters/{matter.code}/"


def test_materials_come_with_it(county: SmallCounty, window: Client):
    window.post("/register/", typed(materials=SimpleUploadedFile("照片.pdf", PDF)))
    with scope(county.actor(Role.DIRECTOR)):
        kept = MatterFile.objects.select_related("matter").get()
    opened = window.get(f"/matters/{kept.matter.code}/files/{kept.pk}")
    assert (opened.content, opened.headers["Content-Type"]) == (PDF, "application/pdf")
    assert opened.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("合同.pdf", b"MZ\x90\x00" + b"\x00" * 200, "的内容与扩展名不符，没有保存"),
        ("小程序.exe", b"MZ\x90\x00" + b"\x00" * 200, "不是可以添加的文件"),
        ("空.pdf", b"", "是空文件"),
        ("录像.mp4", b"\x00" * (60 * 1024 * 1024), "超过 50 MB，没有保存"),
    ],
)
def test_a_material_that_is_not_taken_takes_nothing_else_with_it(
    county: SmallCounty, window: Client, name: str, content: bytes, sentence: str
):
    response = window.post("/register/", typed(materials=SimpleUploadedFile(name, content)))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "楼上卫生间渗水三个月" in response.content.decode()
    assert there_are(county) == []


def test_while_typing_the_same_partys_open_matters_show_and_can_be_linked(
    county: SmallCounty, window: Client
):
    earlier = registered(county, title="上个月也漏过")
    registered(county, "other", title="别县的同一个人", division="440783000000", grid="")
    shown = window.post("/register/similar", typed())
    assert re.findall(r'name="links" value="([^"]+)"', shown.content.decode()) == [str(earlier.pk)]
    assert "同一当事人" in text_of(shown)
    response = window.post("/register/", typed(links=str(earlier.pk)))
    assert "上个月也漏过" in text_of(window.get(response.headers["Location"]))
    assert "关联事项" in text_of(window.get(f"/matters/{earlier.code}/"))


def test_an_administrator_registers_nothing_and_the_refusal_is_kept(county: SmallCounty):
    desk = at_the_desk(county, Role.SYSTEM_ADMINISTRATOR)
    assert desk.get("/register/").status_code == 403
    assert desk.post("/register/", typed()).status_code == 403
    assert there_are(county) == []
    person = county.person(Role.SYSTEM_ADMINISTRATOR).pk
    assert refusals(county) == [("page.get", person), ("page.post", person)]
