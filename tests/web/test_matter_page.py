"""The page of a matter and the actions on it, as the people at the desk use them."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests.small_county import SmallCounty, assignments, brought_to, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def page(client: Client, matter: Matter, do: str = "") -> str:
    response = client.get(f"/matters/{matter.code}/", {"do": do} if do else {})
    assert response.status_code == 200
    return text_of(response)


def again(county: SmallCounty, matter: Matter) -> Matter:
    with scope(county.actor(Role.DISPATCHER)):
        return Matter.objects.get(pk=matter.pk)


def test_it_opens_with_the_next_action_of_the_post(county: SmallCounty):
    matter = registered(county)
    read = page(at_the_desk(county, Role.REGISTRAR), matter)
    assert matter.title in read
    assert "440785*************4" not in read
    assert "4407*************4" in read
    assert "138******01" in read


def test_accepting_from_the_page_moves_it_on(county: SmallCounty):
    matter = registered(county)
    client = at_the_desk(county, Role.REGISTRAR)
    response = client.post(f"/matters/{matter.code}/act/accept", {"version": matter.version}, follow=True)
    assert response.status_code == 200
    assert again(county, matter).state == State.ACCEPTED


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    "role", [Role.REGISTRAR, Role.DIRECTOR, Role.DISPATCHER, Role.MEDIATOR, Role.SUPERVISOR]
)
def test_it_opens_in_every_state_for_every_reader(county: SmallCounty, state: State, role: Role):
    if state == State.MEDIATING:
        return
    matter = brought_to(county, state)
    assert matter.title in page(at_the_desk(county, role), matter)


def test_a_stale_form_is_told_keeps_its_words_and_can_be_sent_again(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    dispatcher, director = at_the_desk(county, Role.DISPATCHER), at_the_desk(county, Role.DIRECTOR)
    director.post(
        f"/matters/{matter.code}/act/danger",
        {"kind": "violence", "summary": "扬言堵门", "version": matter.version},
    )
    words = "十二名工人联名，厂方一再失约，情绪较急。"
    late = dispatcher.post(
        f"/matters/{matter.code}/act/assess", {"level": "high", "grounds": words, "version": matter.version}
    )
    assert late.status_code == 409
    assert "在您打开之后已有变动" in text_of(late)
    assert words in late.content.decode()
    now = again(county, matter)
    assert (now.state, now.risk) == (State.ASSESSING, "")
    assert f'name="version" value="{now.version}"' in late.content.decode()
    dispatcher.post(
        f"/matters/{matter.code}/act/assess", {"level": "high", "grounds": words, "version": now.version}
    )
    assert (again(county, matter).state, again(county, matter).risk) == (State.ROUTING, "high")


def test_answers_that_lead_to_another_row_than_the_one_shown_are_told_before_they_are_written(
    county: SmallCounty,
):
    matter = brought_to(county, State.ASSESSING)
    dispatcher, way = at_the_desk(county, Role.DISPATCHER), f"/matters/{matter.code}/act/assess"
    assert dispatcher.get(f"/matters/{matter.code}/?do=assess").context["form"].initial["asked_row"] == "R12"
    said = {
        "level": "medium",
        "grounds": "十二名工人约好明天到厂门口，厂方避而不见。",
        "harm_on": clock.today() + timedelta(days=1),
        "needs_care": "no",
        "care": "改口以前写的话",
        "version": matter.version,
        "asked_row": "R12",
    }
    told = dispatcher.post(way, said)
    assert (told.status_code, again(county, matter).harm_on) == (422, None)
    assert "规则表 R02 行建议高风险：三天内可能造成损害" in text_of(told)
    assert 'name="asked_row" value="R02"' in told.content.decode()
    dispatcher.post(way, said | {"asked_row": "R02"})
    now = again(county, matter)
    assert (now.risk, now.harm_on, now.public_place) == ("medium", said["harm_on"], None)
    assert (now.needs_care, now.care) == (False, "")
    assert f"最早 {said['harm_on']}" in page(dispatcher, matter)


def test_what_is_missing_is_asked_for_beside_its_field(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    response = at_the_desk(county, Role.DISPATCHER).post(
        f"/matters/{matter.code}/act/assess", {"level": "high", "grounds": "短", "version": matter.version}
    )
    assert response.status_code == 422
    assert "请写明研判的依据（至少十个字）" in text_of(response)
    assert again(county, matter).state == State.ASSESSING


@pytest.mark.parametrize(
    ("role", "place", "key"),
    [
        (Role.REGISTRAR, "county", "assess"),
        (Role.DISPATCHER, "other", "assess"),
        (Role.SUPERVISOR, "county", "assess"),
        (Role.HANDLER, "labour", "assess"),
        (Role.AUDITOR, "county", "assess"),
        (Role.DISPATCHER, "county", "no_such_action"),
        (Role.DISPATCHER, "county", "check_in:11111111-1111-1111-1111-111111111111"),
    ],
)
def test_what_a_post_may_not_do_changes_nothing(county: SmallCounty, role: Role, place: str, key: str):
    matter = brought_to(county, State.ASSESSING)
    before = again(county, matter)
    response = at_the_desk(county, role, place).post(
        f"/matters/{matter.code}/act/{key}",
        {"level": "low", "grounds": "没有什么大事，可以慢慢来。", "version": matter.version},
    )
    assert response.status_code == 403
    after = again(county, matter)
    assert (after.version, after.state, after.risk) == (before.version, State.ASSESSING, "")


def test_a_department_disposes_once(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    part = assignments(county, matter)[0]
    client = at_the_desk(county, Role.HANDLER, "labour")
    client.post(f"/matters/{matter.code}/act/check_in:{part.pk}")
    result = {"result": "厂方已付清两个月工资，工人签收。", "declined": "no"}
    assert client.post(f"/matters/{matter.code}/act/dispose:{part.pk}", result).status_code == 302
    twice = client.post(f"/matters/{matter.code}/act/dispose:{part.pk}", result)
    assert twice.status_code == 409
    back = client.post(
        f"/matters/{matter.code}/act/ask_return:{part.pk}", {"reason": "不属本单位职责", "basis": "职责清单"}
    )
    assert back.status_code == 409
    assert "不能“申请退回”" in text_of(back)
    assert page(client, matter).count("厂方已付清两个月工资") == 1


def test_a_number_is_shown_whole_for_a_reason_that_the_history_tells(county: SmallCounty):
    matter = registered(county)
    client = at_the_desk(county, Role.REGISTRAR)
    with scope(county.actor(Role.REGISTRAR)):
        phone = matter.parties.get(role="petitioner").contacts.get(kind="phone")
    way = f"/matters/{matter.code}/unmask/contact/{phone.pk}"
    assert "13800000001" not in client.get(way).content.decode()
    refused = client.post(way, {"reason": "看"})
    assert (refused.status_code, "13800000001" in refused.content.decode()) == (422, False)
    assert "13800000001" in client.post(way, {"reason": "通知到场调解"}).content.decode()
    read = page(client, matter)
    assert "查看完整号码" in read
    assert "通知到场调解" in read
    assert "13800000001" not in read


def test_a_confidential_report_is_open_to_its_readers_and_each_opening_is_traced(county: SmallCounty):
    matter = registered(county, confidential=True, title="反映某局")
    assert "反映某局" in page(at_the_desk(county, Role.REGISTRAR), matter)
    dispatcher = at_the_desk(county, Role.DISPATCHER)
    assert dispatcher.get(f"/matters/{matter.code}/").status_code == 403
    director = at_the_desk(county, Role.DIRECTOR)
    sent = {
        "person_id": str(county.person(Role.DISPATCHER).pk),
        "until": "2026-12-24",
        "reason": "由其承办分派",
    }
    response = director.post(f"/matters/{matter.code}/dialog/reader", sent)
    assert response.headers["HX-Redirect"] == f"/matters/{matter.code}/"
    assert "反映某局" in page(dispatcher, matter)
    with scope(county.actor(Role.AUDITOR)):
        seen = Entry.objects.filter(verb="matter.read_restricted").order_by("chain", "seq")
        assert [(e.person_id, json.loads(bytes(e.content))["details"]["door"]) for e in seen] == [
            (county.person(Role.REGISTRAR).pk, "page"),
            (county.person(Role.DIRECTOR).pk, "reader"),
            (county.person(Role.DISPATCHER).pk, "page"),
        ]


def test_a_sealed_matter_is_gone_from_every_page(county: SmallCounty):
    matter = registered(county, title="封存的事")
    director = at_the_desk(county, Role.DIRECTOR)
    director.post(f"/matters/{matter.code}/dialog/seal", {"basis": "治安管理处罚法第一百三十六条"})
    for client in (director, at_the_desk(county, Role.REGISTRAR), at_the_desk(county, Role.SUPERVISOR)):
        assert client.get(f"/matters/{matter.code}/").status_code == 403
        assert "封存的事" not in client.get("/ledger/").content.decode()


@pytest.mark.parametrize(("events", "statements"), [(1, 32), (12, 32)])
def test_the_statements_of_the_page_do_not_grow_with_the_history(
    county: SmallCounty, events: int, statements: int, django_assert_num_queries
):
    matter = registered(county)
    client = at_the_desk(county, Role.REGISTRAR)
    for _ in range(events - 1):
        client.post(
            f"/matters/{matter.code}/act/amend",
            {"title": f"{again(county, matter).title}。", "reason": "补正"},
        )
    with django_assert_num_queries(statements):
        page(client, matter)


def test_a_party_that_was_not_known_is_added_later(county: SmallCounty):
    matter = registered(county, parties=())
    client = at_the_desk(county, Role.REGISTRAR)
    sent = {
        "title": matter.title,
        "account": matter.account,
        "category": matter.category,
        "division": matter.division_id,
        "address": matter.address,
        "happened_on": "2026-09-01",
        "people": "12",
        "against_kind": "none",
        "party_role": "respondent",
        "party_kind": "person",
        "party_name": "后来才知道的人",
        "party_identity_kind": "resident_id",
        "party_identity": "440785193001010011",
        "reason": "补登对方",
        "version": again(county, matter).version,
    }
    wrong = client.post(f"/matters/{matter.code}/act/amend", sent)
    assert wrong.status_code == 422
    assert "请核对 18 位号码和最后一位校验码" in text_of(wrong)
    assert "后来才知道的人" in wrong.content.decode()
    sent |= {"party_identity_kind": "none", "party_identity": ""}
    assert client.post(f"/matters/{matter.code}/act/amend", sent).status_code == 302
    assert "后来才知道的人 对方" in page(client, matter)


def test_the_address_of_an_action_opened_again_shows_its_form(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    response = at_the_desk(county, Role.DISPATCHER).get(f"/matters/{matter.code}/act/assess")
    assert response.headers["Location"] == f"/matters/{matter.code}/?do=assess"


def test_adding_no_file_is_told(county: SmallCounty):
    matter = registered(county)
    response = at_the_desk(county, Role.REGISTRAR).post(f"/matters/{matter.code}/act/attach", {"purpose": ""})
    assert response.status_code == 422
    assert "请选择要添加的文件" in text_of(response)


def test_what_was_led_elsewhere_waits_for_its_receipt_and_then_closes(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    client = at_the_desk(county, Role.REGISTRAR)
    client.post(
        f"/matters/{matter.code}/act/guide", {"body": "市人民法院", "explanation": "这类事由法院受理并审理"}
    )
    visited = {"method": "phone", "reached": "yes", "satisfaction": "satisfied"}
    client.post(f"/matters/{matter.code}/act/return_visit", visited)
    assert again(county, matter).state == State.VISITED
    client.post(f"/matters/{matter.code}/act/record_receipt", {"number": "收字12号"})
    at_the_desk(county, Role.DISPATCHER).post(f"/matters/{matter.code}/act/close", {"remark": ""})
    assert again(county, matter).state == State.CLOSED


def test_the_form_says_what_the_table_proposes_and_the_history_which_row(county: SmallCounty):
    matter = brought_to(county, State.ROUTING)
    client = at_the_desk(county, Role.DISPATCHER)
    read = page(client, matter)
    assert "规则表建议：行业部门 T21" in read
    assert "《劳动保障监察条例》第三条 · 版本 2026-11-2（随程序）" in read
    sent = {"version": matter.version, "track": "petition", "reason": "来访人同时反映信访事项"}
    client.post(f"/matters/{matter.code}/act/route", sent)
    assert "分类流转 · 信访 · 与规则 T21 不同" in page(client, matter)


def test_no_proposal_where_no_table_is_asked(county: SmallCounty):
    assert "规则表建议" not in page(at_the_desk(county, Role.REGISTRAR), registered(county))
