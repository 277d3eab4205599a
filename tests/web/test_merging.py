"""Merging on the page of a matter: offered beside the linked ones, told on both pages."""

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.matters.domain import accepting, amending
from fengqiao.matters.models import Matter
from tests.matters.ground import act
from tests.small_county import SmallCounty, build, registered
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def again(county: SmallCounty, matter: Matter) -> Matter:
    with scope(county.actor(Role.DISPATCHER)):
        return Matter.objects.get(pk=matter.pk)


def test_from_the_linked_one_to_the_answer(county: SmallCounty):
    main, other = (
        registered(county, title="陶瓷厂欠薪（工人）"),
        registered(county, title="陶瓷厂欠薪（家属）"),
    )
    act(county, Role.REGISTRAR, amending.link, other, other_id=main.pk, reason="同一家厂")
    desk = at_the_desk(county, Role.DISPATCHER)
    page = desk.get(f"/matters/{other.code}/")
    assert f"?do=merge&amp;main={main.code}#next" in page.content.decode()
    form = desk.get(f"/matters/{other.code}/", {"do": "merge", "main": main.code})
    assert f'value="{main.code}"' in form.content.decode()
    given = {"main": main.code, "reason": "同一批工资", "version": again(county, other).version}
    done = desk.post(f"/matters/{other.code}/act/merge", given, follow=True)
    assert done.status_code == 200
    assert again(county, other).merged_into_id == main.pk
    assert f"已并入主事项： {main.title}" in text_of(done)
    theirs = text_of(desk.get(f"/matters/{main.code}/"))
    assert (other.title in theirs, "已并入本事项" in theirs, "有事项并入" in theirs) == (True, True, True)
    assert "等答复" not in theirs
    act(county, Role.REGISTRAR, accepting.accept, main)
    act(county, Role.INDUSTRY_OFFICER, accepting.settle_on_spot, main, result="已经付清工资。")
    assert f"还有 1 件并入事项的反映人等答复： {other.code}" in text_of(desk.get(f"/matters/{main.code}/"))


@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("itself", "不能并入自己"),
        ("unseen", "没有这件事项，或您的岗位看不到它。"),
        ("nothing", "没有这件事项，或您的岗位看不到它。"),
    ],
)
def test_what_is_refused_is_said_beside_the_code_and_kept(county: SmallCounty, main: str, said: str):
    other = registered(county)
    elsewhere = registered(county, "other", division="", grid="", address="")
    code = {"itself": other.code, "unseen": elsewhere.code, "nothing": "FQ-1"}[main]
    given = {"main": code, "reason": "看起来是同一件事", "version": other.version}
    response = at_the_desk(county, Role.DISPATCHER).post(f"/matters/{other.code}/act/merge", given)
    assert response.status_code in (409, 422)
    assert said in text_of(response)
    assert "看起来是同一件事" in response.content.decode()
    assert again(county, other).version == other.version


def test_a_registrar_is_not_offered_it(county: SmallCounty):
    main, other = registered(county), registered(county)
    act(county, Role.REGISTRAR, amending.link, other, other_id=main.pk, reason="同一家厂")
    page = at_the_desk(county, Role.REGISTRAR).get(f"/matters/{other.code}/").content.decode()
    assert main.code in page
    assert "do=merge" not in page
