"""吹哨报到 at the desk: who was called, who is on the way, who is there."""

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.models import Call, Whistle
from fengqiao.matters.enums import ProcedureKind, ProcedureStage
from fengqiao.matters.intake import NewProcedure
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def blown(county: SmallCounty, *kinds: str, matter: str = "", role: Role = Role.DUTY_COMMANDER):
    values = {
        "departments": [str(county.department(kind).pk) for kind in kinds],
        "place_kind": "village",
        "place": "黄泥坑村晒场",
        "message": "两家争车位，请速到场",
    }
    way = f"/whistles/?matter={matter}" if matter else "/whistles/"
    return at_the_desk(county, role).post(way, values)


def calls(county: SmallCounty) -> list[tuple[str, str]]:
    with scope(county.actor(Role.DUTY_COMMANDER)):
        return list(Call.objects.order_by("department__kind").values_list("department__kind", "state"))


def test_called_on_the_way_there_done(county: SmallCounty):
    assert blown(county, "police").status_code == 302
    police = at_the_desk(county, Role.HANDLER, "police")
    assert "黄泥坑村晒场" in text_of(police.get("/whistles/waiting"))
    assert "正在吹哨叫您" in text_of(police.get("/"))
    with scope(county.actor(Role.DUTY_COMMANDER)):
        call = Call.objects.get()
    for to, sent, state in (
        ("on_the_way", {}, "on_the_way"),
        ("there", {}, "there"),
        ("done", {"result": "已劝开，各自回家"}, "done"),
    ):
        assert police.post(f"/whistles/calls/{call.pk}/{to}", sent).status_code == 302
        assert calls(county) == [("police", state)]
    read = text_of(at_the_desk(county, Role.DUTY_COMMANDER).get("/whistles/"))
    assert "已劝开，各自回家" in read
    assert "0 分钟到" in read


def test_done_without_a_result_is_asked_for_and_nothing_changes(county: SmallCounty):
    blown(county, "police")
    police = at_the_desk(county, Role.HANDLER, "police")
    with scope(county.actor(Role.DUTY_COMMANDER)):
        call = Call.objects.get()
    police.post(f"/whistles/calls/{call.pk}/there")
    response = police.post(f"/whistles/calls/{call.pk}/done", {"result": ""})
    assert response.status_code == 422
    assert "请写明处置的结果" in text_of(response)
    assert calls(county) == [("police", "there")]


def test_others_neither_see_nor_answer_a_call(county: SmallCounty):
    blown(county, "police")
    with scope(county.actor(Role.DUTY_COMMANDER)):
        call = Call.objects.get()
    labour = at_the_desk(county, Role.HANDLER, "labour")
    assert "黄泥坑村晒场" not in text_of(labour.get("/whistles/"))
    assert labour.post(f"/whistles/calls/{call.pk}/there").status_code == 403
    other = at_the_desk(county, Role.DUTY_COMMANDER, "other")
    assert "黄泥坑村晒场" not in text_of(other.get("/whistles/"))
    assert other.post(f"/whistles/calls/{call.pk}/stood_down", {"result": "取消"}).status_code == 403
    assert calls(county) == [("police", "called")]


def test_a_court_is_invited_and_never_called_in_a_case_it_has_in_hand(county: SmallCounty):
    quarrel = registered(county)
    in_court = registered(
        county,
        procedures=(NewProcedure(ProcedureKind.LITIGATION, ProcedureStage.RUNNING, "（2026）粤0785民初1号"),),
    )
    assert blown(county, "court", matter=quarrel.code).status_code == 302
    assert "邀请" in text_of(at_the_desk(county, Role.DUTY_COMMANDER).get("/whistles/"))
    response = blown(county, "court", matter=in_court.code)
    assert response.status_code == 409
    assert "正在由该机关依法办理" in text_of(response)
    assert "两家争车位，请速到场" in response.content.decode()
    with scope(county.actor(Role.DUTY_COMMANDER)):
        assert Whistle.objects.count() == 1


def test_a_whistle_without_anyone_called_comes_back_with_what_was_typed(county: SmallCounty):
    response = blown(county)
    assert response.status_code == 422
    assert "黄泥坑村晒场" in response.content.decode()
    assert calls(county) == []


def test_a_department_does_not_blow_and_an_administrator_does_not_look(county: SmallCounty):
    assert blown(county, "police", role=Role.SUPERVISOR).status_code == 403
    assert at_the_desk(county, Role.HANDLER, "labour").post("/whistles/", {}).status_code == 403
    assert at_the_desk(county, Role.AUDITOR).get("/whistles/").status_code == 403
    assert calls(county) == []
