"""Bulk work at the desk: from ticked rows over the preview to the report."""

import re

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import bulk
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests.small_county import SmallCounty, brought_to, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def state(county: SmallCounty, matter: Matter) -> str:
    with scope(county.actor(Role.DISPATCHER)):
        return str(Matter.objects.get(pk=matter.pk).state)


def test_from_the_list_over_the_preview_to_the_report(county: SmallCounty):
    ready = [brought_to(county, State.DISPATCHING, title=f"欠薪第{n}件") for n in (1, 2)]
    early = brought_to(county, State.ASSESSING, title="还没有研判的")
    desk = at_the_desk(county, Role.DISPATCHER)
    for address in ("/", "/ledger/"):
        page = desk.get(address).content.decode()
        assert 'formaction="/bulk/dispatch"' in page
        assert f'name="chosen" value="{early.code}"' in page
    ticked = {"chosen": [each.code for each in (*ready, early)]}
    first = desk.post("/bulk/dispatch", ticked)
    assert (first.status_code, "选中 3 件" in text_of(first)) == (200, True)
    given = {
        "lead": str(county.department("labour").id),
        "lead_responsibility": "industry",
        "message": "请依法处理并答复",
    }
    preview = desk.post("/bulk/dispatch", {**ticked, **given, "stage": "preview"})
    told = text_of(preview)
    assert ("2 件可以办" in told, "1 件不能办" in told) == (True, True)
    assert "事项现在是“待研判”，不能“交办”。" in told
    assert [state(county, each) for each in ready] == [State.DISPATCHING] * 2
    going = re.findall(r'name="chosen" value="([^"]+:\d+)"', preview.content.decode())
    assert [each.partition(":")[0] for each in going] == sorted(each.code for each in ready)
    report = desk.post("/bulk/dispatch", {**given, "chosen": going, "stage": "confirm"})
    assert "办成 2 件，没有办成 0 件。" in text_of(report)
    assert [state(county, each) for each in (*ready, early)] == ["handling", "handling", "assessing"]
    again = desk.post("/bulk/dispatch", {**given, "chosen": going, "stage": "confirm"})
    assert "办成 0 件，没有办成 2 件。" in text_of(again)


def test_what_is_missing_is_asked_for_and_the_ticks_stay(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    desk = at_the_desk(county, Role.DISPATCHER)
    response = desk.post(
        "/bulk/dispatch", {"chosen": [matter.code], "stage": "preview", "reply_by": "2020-01-01"}
    )
    assert response.status_code == 422
    assert f'name="chosen" value="{matter.code}"' in response.content.decode()
    given = {
        "lead": str(county.department("labour").id),
        "lead_responsibility": "industry",
        "message": "请依法处理并答复",
        "reply_by": "2020-01-01",
    }
    late = desk.post("/bulk/dispatch", {"chosen": [matter.code], "stage": "preview", **given})
    assert text_of(late).count("答复期限不能早于今天。") == 2  # beside the field, and at the matter
    assert "请依法处理并答复" in late.content.decode()
    assert state(county, matter) == State.DISPATCHING


@pytest.mark.parametrize(
    ("ticked", "said"),
    [([], "还没有选中事项"), ([f"FQ-{n}" for n in range(bulk.MOST + 1)], f"一次最多 {bulk.MOST} 件")],
)
def test_none_and_too_many(county: SmallCounty, ticked: list[str], said: str):
    response = at_the_desk(county, Role.DISPATCHER).post("/bulk/dispatch", {"chosen": ticked})
    assert (response.status_code, said in text_of(response)) == (422, True)


@pytest.mark.parametrize("name", ["assess", "route", "close", "merge", "nonsense"])
def test_other_acts_are_no_bulk_work(county: SmallCounty, name: str):
    matter = brought_to(county, State.ASSESSING)
    response = at_the_desk(county, Role.DIRECTOR).post(
        f"/bulk/{name}",
        {"chosen": [matter.code], "stage": "confirm", "level": "low", "grounds": "没有风险" * 5},
    )
    assert response.status_code == 403
    assert state(county, matter) == State.ASSESSING


@pytest.mark.parametrize("value", ["FQ-1:x", "::", "FQ-1:99999999999999999999", "\x00", "FQ-1"])
def test_a_ticked_row_that_is_none(county: SmallCounty, value: str):
    given = {
        "lead": str(county.department("labour").id),
        "lead_responsibility": "industry",
        "message": "请办",
    }
    response = at_the_desk(county, Role.DISPATCHER).post(
        "/bulk/dispatch", {"chosen": [value], "stage": "confirm", **given}
    )
    assert (response.status_code, "办成 0 件，没有办成 1 件。" in text_of(response)) == (200, True)


def test_posts_without_bulk_work_have_no_boxes(county: SmallCounty):
    registered(county)
    for address in ("/", "/ledger/"):
        assert 'name="chosen"' not in at_the_desk(county, Role.REGISTRAR).get(address).content.decode()
