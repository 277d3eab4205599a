"""To whom the table of tracks would send it: proposed by kind, followed or not with a reason, counted by row."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching
from fengqiao.dispatch.queries.proposed import ProposedDepartments, proposed_departments
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.enums import Action, State
from fengqiao.matters.models import Matter, Ruling
from fengqiao.matters.queries.rulings import Followed, followed_by_row, rulings_of
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from tests.matters.ground import act, fresh, rows, words
from tests.matters.test_ruled import rule_of
from tests.rules.drafts import published, with_row
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk, text_of

TRACK = TableKind.TRACK
VERSION = shipped(TRACK).version


def proposed(county: SmallCounty, matter: Matter) -> ProposedDepartments:
    with scope(county.actor(Role.DISPATCHER)) as actor:
        return proposed_departments(actor, fresh(county, matter))


def hand_over(county: SmallCounty, matter: Matter, to: str, **more: str) -> None:
    lead = county.department(to).id
    act(county, Role.DISPATCHER, dispatching.dispatch, matter, lead=lead, message="请依法处理并答复", **more)


def test_unpaid_wages_are_proposed_to_the_labour_department(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    found = proposed(county, matter)
    assert (found.lead, found.missing) == (county.department("labour"), ())
    hand_over(county, matter, "labour")
    assert rule_of(county, matter) == {
        "table": "track",
        "version": VERSION,
        "row": "T21",
        "overridden": False,
    }
    assert rows(Ruling, matter, "action", "row", "proposed", "chosen", "overridden")[-1] == (
        "dispatch", "T21", "labour", "labour", False,
    )  # fmt: skip


def test_another_department_needs_a_reason_and_is_counted_by_row(county: SmallCounty):
    matter, other = (
        brought_to(county, State.DISPATCHING),
        brought_to(county, State.DISPATCHING, title="另一件"),
    )
    before = (fresh(county, matter).version, rows(Ruling, matter, "action"))
    with pytest.raises(Invalid) as refused:
        hand_over(county, matter, "housing")
    assert refused.value.errors == {"reason": "规则表 T21 行建议由市人社主办：请写明为什么交给别的部门。"}
    assert (fresh(county, matter).version, rows(Ruling, matter, "action")) == before
    hand_over(county, matter, "housing", reason="工地欠薪，由住建部门主办")
    hand_over(county, other, "labour", reason="写了也不算改选")
    assert rule_of(county, matter)["overridden"]
    assert words(matter)["reason"] == "工地欠薪，由住建部门主办"
    assert "写了也不算改选" not in words(other).values()
    with scope(county.actor(Role.DIRECTOR)) as director:
        followed = {each.action: each for each in followed_by_row(director, TRACK, VERSION)["T21"]}
        assert followed[Action.DISPATCH] == Followed(Action.DISPATCH, total=2, overridden=1)
        others = rulings_of(director, TRACK, VERSION, row="T21", actions=[Action.DISPATCH], overridden=True)
        assert [each.matter_id for each in others] == [matter.pk]
    with scope(county.actor(Role.DIRECTOR, "other")) as stranger:
        assert followed_by_row(stranger, TRACK, VERSION) == {}


def test_a_kind_that_the_county_lacks_is_said_and_asks_for_no_reason(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING, category="0804")
    found = proposed(county, matter)
    assert (found.lead, found.departments, found.missing_labels) == (None, (), ["金融工作"])
    hand_over(county, matter, "labour")
    assert rule_of(county, matter) is None


def test_a_row_of_another_track_proposes_nobody(county: SmallCounty):
    """The officer chose the departments where the row says the petition post: it names nobody for them."""
    published(
        county,
        TRACK,
        lambda rows: with_row(rows, "T21", then={"track": "petition", "departments": "labour"}),
    )
    matter = brought_to(county, State.DISPATCHING)
    assert proposed(county, matter).lead is None


def test_the_form_preselects_the_department_and_says_why(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    dispatcher = at_the_desk(county, Role.DISPATCHER)
    page = dispatcher.get(reverse("matter", args=[matter.code]))
    assert page.context["form"]["lead"].value() == str(county.department("labour").id)
    text = text_of(page)
    assert "规则表建议交给：市人社 T21" in text
    assert "劳动人事纠纷，由人社部门主办" in text
    sent = {
        "version": matter.version,
        "lead": str(county.department("housing").id),
        "lead_responsibility": "industry",
        "message": "请依法处理并答复",
    }
    address = f"/matters/{matter.code}/act/dispatch"
    refused = dispatcher.post(address, sent)
    assert refused.status_code == 422
    assert "市人社主办" in str(refused.context["form"].errors["reason"])
    assert refused.context["form"]["lead"].value() == sent["lead"]
    assert dispatcher.post(address, sent | {"reason": "工地欠薪，由住建部门主办"}).status_code == 302
    assert "交办 · 市住建 · 与规则 T21 不同" in text_of(dispatcher.get(reverse("matter", args=[matter.code])))
    text = text_of(dispatcher.get(reverse("rule_table", args=["track"])))
    assert "交办 改选 1/1" in text
    listed = dispatcher.get(
        reverse("rule_row", args=["track", "T21"]), {"action": "dispatch", "overridden": 1}
    )
    assert matter.code in text_of(listed)
    assert "人社 住建 改选" in text_of(listed)
    assert listed.context["more"] is False
