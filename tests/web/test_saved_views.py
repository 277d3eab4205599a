"""Saved views of the ledger: one's own or the centre's, never with a number of anybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.flows import saved_views as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.models import SavedView
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.matters.queries.saved_views import no_longer_there, views_of
from fengqiao.places.models import Department, Division, Stationing
from tests.small_county import RESIDENT_IDS, SmallCounty, build, registered
from tests.web.desk import at_the_desk, text_of
from tests.web.test_ledger import titles

# The same in every process: the name of a test is made of it.
NOBODYS = "00000000-0000-4000-8000-000000000000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def saved(actor, name="欠薪", *, shared=False, **asked) -> SavedView:
    return flow.save(actor=actor, wanted=LedgerFilter(**asked), said="条件", name=name, shared=shared)


def names(actor) -> list[str]:
    with scope(actor):
        return [view.name for view in views_of(actor)]


def verbs(county: SmallCounty) -> list[tuple[str, str]]:
    with scope(county.actor(Role.AUDITOR)):
        found = Entry.objects.filter(verb__startswith="view.").order_by("at", "seq")
        return list(found.values_list("verb", "result"))


def test_from_the_ledger_under_a_name_and_back(county: SmallCounty):
    registered(county, title="甲")
    registered(county, title="乙")
    browser = at_the_desk(county, Role.REGISTRAR)
    ledger = browser.get("/ledger/", {"channel": "visit", "order": "oldest"})
    assert titles(ledger) == ["甲", "乙"]
    way = "/ledger/views?channel=visit&amp;order=oldest&amp;save=1"
    assert f'href="{way}"' in ledger.content.decode()
    form = browser.get("/ledger/views", {"channel": "visit", "order": "oldest", "save": "1"})
    assert "来源渠道：来访" in text_of(form)
    assert "按当事人查找的结果不会保存" in text_of(form)
    done = browser.post("/ledger/views?channel=visit&order=oldest", {"name": " 窗口   来访 "}, follow=True)
    assert "窗口 来访" in text_of(done)
    with scope(county.actor(Role.REGISTRAR)):
        view = SavedView.objects.get()
    assert view.asked == {"channel": "visit", "order": "oldest"}
    assert view.said == "来源渠道：来访；排序：最早登记在前"
    opened = browser.get(reverse("saved_view", args=[view.pk]), follow=True)
    assert "台账 · 窗口 来访" in text_of(opened)
    assert titles(opened) == ["甲", "乙"]


def test_pages_of_the_oldest_follow_without_gap(county: SmallCounty):
    for n in range(32):
        registered(county, title=f"第{n:02d}件")
    browser = at_the_desk(county, Role.REGISTRAR)
    first = browser.get("/ledger/", {"order": "oldest"})
    way = first.content.decode().partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = browser.get(way.replace("&amp;", "&"))
    assert titles(first) + titles(second) == [f"第{n:02d}件" for n in range(32)]


def test_renamed_and_removed_on_the_page(county: SmallCounty):
    registrar = county.actor(Role.REGISTRAR)
    view = saved(registrar, flag="open")
    browser = at_the_desk(county, Role.REGISTRAR)
    address = reverse("saved_view_change", args=[view.pk])
    assert "共用" not in text_of(browser.get(address))
    assert browser.post(address, {"name": ""}).status_code == 422
    browser.post(address, {"name": "没办完的"})
    assert names(registrar) == ["没办完的"]
    browser.post(reverse("saved_view_remove", args=[view.pk]))
    assert names(registrar) == []
    assert browser.get(reverse("saved_view", args=[view.pk])).status_code == 403
    assert verbs(county) == [("view.save", "done"), ("view.change", "done"), ("view.remove", "done")]


def test_ones_own_is_nobody_elses_and_the_leaders_is_the_whole_centres(county: SmallCounty):
    registrar, director = county.actor(Role.REGISTRAR), county.actor(Role.DIRECTOR)
    own = saved(registrar, "自己的", flag="open")
    shared = saved(director, "中心的", shared=True, flag="open")
    assert names(registrar) == ["中心的", "自己的"]
    assert names(director) == ["中心的"]
    for role, place in ((Role.REGISTRAR, "town"), (Role.HANDLER, "labour"), (Role.DIRECTOR, "city")):
        assert names(county.actor(role, place)) == []
        browser = at_the_desk(county, role, place)
        assert browser.get(reverse("saved_view", args=[shared.pk])).status_code == 403
        assert browser.get(reverse("saved_view", args=[own.pk])).status_code == 403
    refused = at_the_desk(county, Role.REGISTRAR).post(reverse("saved_view_remove", args=[shared.pk]))
    assert (refused.status_code, names(registrar)) == (403, ["中心的", "自己的"])


def test_only_a_leader_shares_and_another_leader_removes(county: SmallCounty):
    with pytest.raises(NotAllowed):
        saved(county.actor(Role.DISPATCHER), shared=True)
    view = saved(county.actor(Role.DIRECTOR), shared=True)
    deputy = county.actor(Role.EXECUTIVE_DEPUTY)
    with pytest.raises(Refusal) as taken:
        flow.change(actor=deputy, view_id=view.pk, name="改名", shared=False)
    assert taken.value.code == "shared_by_another"
    assert names(deputy) == ["欠薪"]
    flow.change(actor=deputy, view_id=view.pk, name="改名", shared=True)
    assert names(county.actor(Role.REGISTRAR)) == ["改名"]
    flow.remove(actor=deputy, view_id=view.pk)
    assert names(county.actor(Role.REGISTRAR)) == []
    flow.save(actor=deputy, wanted=LedgerFilter(), said="", name="改名", shared=True)


@pytest.mark.parametrize(
    ("asked", "name", "code"),
    [
        ({"party": RESIDENT_IDS[0]}, "甲", "number_not_saved"),
        ({"q": RESIDENT_IDS[0]}, "甲", "number_not_saved"),
        ({"q": "138 0000 0001"}, "甲", "number_not_saved"),
        ({"q": "王某 13800000001"}, "甲", "number_not_saved"),
        ({}, "找 13800000001", "invalid"),
        ({}, "  ", "invalid"),
        ({}, "长" * 41, "invalid"),
        ({}, "零\x00", "invalid"),
        ({}, "已有", "invalid"),
    ],
)
def test_what_is_not_saved_leaves_nothing(county: SmallCounty, asked, name, code):
    registrar = county.actor(Role.REGISTRAR)
    saved(registrar, "已有")
    with pytest.raises(Refusal) as refusal:
        saved(registrar, name, **asked)
    assert refusal.value.code == code
    assert names(registrar) == ["已有"]


def test_a_code_and_the_end_of_a_code_may_be_saved(county: SmallCounty):
    registrar = county.actor(Role.REGISTRAR)
    saved(registrar, "一件", q=registered(county).code)
    saved(registrar, "号尾", q="000001")
    assert names(registrar) == ["一件", "号尾"]


def test_there_is_an_end_to_the_menu(county: SmallCounty, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fengqiao.matters.domain.saving_views.MOST", 1)
    registrar = county.actor(Role.REGISTRAR)
    saved(registrar, "一")
    with pytest.raises(Refusal) as full:
        saved(registrar, "二")
    assert full.value.code == "too_many_views"


def test_what_was_typed_comes_back_with_the_reason_beside_it(county: SmallCounty):
    saved(county.actor(Role.REGISTRAR), "重复")
    browser = at_the_desk(county, Role.REGISTRAR)
    answer = browser.post("/ledger/views?flag=open", {"name": "重复"})
    assert answer.status_code == 422
    assert "已经有叫这个名字的视图" in text_of(answer)
    assert 'value="重复"' in answer.content.decode()
    wrong = browser.post("/ledger/views?step=nonsense", {"name": "新的"})
    assert wrong.headers["Location"] == "/ledger/?step=nonsense"
    assert names(county.actor(Role.REGISTRAR)) == ["重复"]


def test_a_view_whose_place_has_ended_says_so(county: SmallCounty):
    registrar = county.actor(Role.REGISTRAR)
    view = saved(registrar, "黄泥坑", division="440785102201", flag="open")
    Division.objects.filter(pk="440785102201").update(valid_until=clock.today() - timedelta(days=1))
    browser = at_the_desk(county, Role.REGISTRAR)
    assert "条件已经失效：区划" in text_of(browser.get(reverse("saved_views")))
    opened = browser.get(reverse("saved_view", args=[view.pk]), follow=True)
    assert "这个视图保存的条件已经失效：区划" in text_of(opened)


def test_a_view_whose_department_has_ended_says_so(county: SmallCounty):
    director = county.actor(Role.DIRECTOR)
    labour = county.department("labour")
    view = saved(director, "人社的", department=str(labour.pk))
    assert no_longer_there(view.asked) == []
    for ends_in, gone in ((1, []), (0, []), (-1, ["department"])):
        Department.objects.filter(pk=labour.pk).update(valid_until=clock.today() + timedelta(days=ends_in))
        assert no_longer_there(view.asked) == gone
    page = at_the_desk(county, Role.DIRECTOR).get(reverse("saved_view", args=[view.pk]), follow=True)
    assert "已经失效：部门" in text_of(page)


@pytest.mark.parametrize(
    ("name", "value", "there"),
    [
        ("step", "assess", True),
        ("step", "nonsense", False),
        ("flag", "own_level", True),
        ("flag", "gone", False),
        ("category", "07", True),
        ("category", "6666", False),
        ("division", "440785000000", True),
        ("division", "440785999000", False),
        ("centre", NOBODYS, False),
        ("department", NOBODYS, False),
        ("q", "陶瓷", True),
        ("registered_from", "2026-01-01", True),
        ("order", "oldest", True),
        ("party", "138", False),
    ],
)
def test_what_a_view_asks_for_is_looked_up(county: SmallCounty, name: str, value: str, there: bool):
    assert no_longer_there({name: value}) == ([] if there else [name])


def test_the_wall_keeps_views_whatever_is_asked(county: SmallCounty):
    registrar, director = county.actor(Role.REGISTRAR), county.actor(Role.DIRECTOR)
    own, shared = saved(registrar, "自己的"), saved(director, "中心的", shared=True)
    seen = {}
    for role, place in (
        (Role.REGISTRAR, "county"),
        (Role.DISPATCHER, "county"),
        (Role.REGISTRAR, "town"),
        (Role.DIRECTOR, "city"),
        (Role.DIRECTOR, "other"),
        (Role.SYSTEM_ADMINISTRATOR, "county"),
    ):
        with scope(county.actor(role, place)):
            seen[role, place] = {view.name for view in SavedView.objects.all()}
            changed = SavedView.objects.filter(pk=own.pk).update(name="改了")
            assert changed == (1 if role is Role.REGISTRAR and place == "county" else 0)
    assert seen == {
        (Role.REGISTRAR, "county"): {"自己的", "中心的"},
        (Role.DISPATCHER, "county"): {"中心的"},
        (Role.REGISTRAR, "town"): set(),
        (Role.DIRECTOR, "city"): set(),
        (Role.DIRECTOR, "other"): set(),
        (Role.SYSTEM_ADMINISTRATOR, "county"): set(),
    }
    forged = {field.attname: getattr(shared, field.attname) for field in SavedView._meta.fields}
    for changes in (
        {"name": "冒名"},
        {"person_id": registrar.person_id, "centre_id": county.centres["town"].pk},
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), scope(registrar):
            SavedView.objects.create(**forged | {"id": uuid4()} | changes)
    with pytest.raises(ProgrammingError, match="row-level security"), scope(director):
        SavedView.objects.filter(pk=shared.pk).update(centre=county.centres["town"])
    with pytest.raises(ProgrammingError, match="permission denied"), scope(director):
        SavedView.objects.filter(pk=shared.pk).update(asked={})
    with pytest.raises(ProgrammingError, match="permission denied"), scope(director):
        SavedView.objects.filter(pk=shared.pk).delete()


def test_who_left_the_centre_no_longer_sees_its_views(county: SmallCounty):
    saved(county.actor(Role.DIRECTOR), "中心的", shared=True)
    registrar = county.actor(Role.REGISTRAR)
    assert names(registrar) == ["中心的"]
    Stationing.objects.filter(pk=county.stationings["registrar", "county"].pk).update(
        valid_until=clock.today() - timedelta(days=1)
    )
    assert names(registrar) == []


@pytest.mark.parametrize("number", [1, 20])
def test_the_statements_of_the_page_do_not_grow_with_the_views(
    county: SmallCounty, number: int, django_assert_num_queries
):
    for n in range(number):
        saved(county.actor(Role.REGISTRAR), f"第{n}个", flag="open", category="07")
    browser = at_the_desk(county, Role.REGISTRAR)
    with django_assert_num_queries(STATEMENTS):
        assert text_of(browser.get(reverse("saved_views"))).count("自己的") == number


STATEMENTS = 9
