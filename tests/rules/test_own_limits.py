"""A county's own limits as a table: proposed, drafted by one, approved by another, never longer than the law's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command

from fengqiao.accounts.scope import scope
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.rules.deciding import Row
from fengqiao.rules.domain.drafting import NotReady
from fengqiao.rules.enums import OwnTable
from fengqiao.rules.own_limits import is_within, problems_of_limits
from fengqiao.rules.queries.county_limits import Binding, items, proposed_rows
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.versions import versions_of
from tests.rules.drafts import APPROVER, AUTHOR, published, rows_of, submitted
from tests.rules.test_versions import state_of
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db
LIMITS, DAY = OwnTable.LIMITS, timedelta(days=1)
ENPING, SHENZHEN = "440785", "440305"


def only(**lengths: tuple[int, str]) -> Callable[[list[Row]], list[Row]]:
    """The rows of these limits alone, each so long."""
    said = {f"centre.{name}": length for name, length in lengths.items()}
    return lambda rows: [
        replace(row, then={"n": str(said[row.id][0]), "unit": said[row.id][1]})
        for row in rows
        if row.id in said
    ]


def wrong(name: str, county: str = ENPING, **changes: str) -> list[tuple[str, str]]:
    rows = [
        replace(row, then=row.then | {k: v for k, v in changes.items() if k in ("n", "unit")})
        for row in proposed_rows()
        if row.id == name
    ]
    rest = {k: v for k, v in changes.items() if k in ("reason", "basis")}
    return [(each.key, str(each)) for each in problems_of_limits(county, [replace(rows[0], **rest)])]


def test_what_is_proposed_could_be_published_and_binds_nobody(county: SmallCounty):
    assert problems_of_limits(ENPING, proposed_rows()) == []
    assert all(item.source == "proposal" for item in items().values())
    # But a direct report does not wait until a county has a table.
    with scope(county.actor(AUTHOR)):
        bind = [name for name in items() if name in Binding()(ENPING, clock.today())]
    assert bind == ["report.direct", "report.read"]


@pytest.mark.parametrize(
    ("name", "changes", "key", "said"),
    [
        ("centre.check_in", {"n": "6", "unit": "working_day"}, "rows.0.n", "信访工作条例(2022) 第23条规定 5 个工作日"),
        ("centre.check_in", {"n": "121"}, "rows.0.n", "只能比法定的短"),
        ("centre.complex", {"n": "61"}, "rows.0.n", "第34条规定 60 日"),
        ("centre.complex", {"n": "26", "unit": "working_day"}, "rows.0.n", "第34条规定 60 日"),
        ("centre.sign_off", {"unit": "calendar_day"}, "rows.0.unit", "不能用这个单位"),
        ("centre.visit", {"n": "0"}, "rows.0.n", "整数"),
        ("centre.visit", {"n": "七"}, "rows.0.n", "整数"),
        ("centre.visit", {"n": "1" * 5000}, "rows.0.n", "整数"),
        ("centre.visit", {"basis": ""}, "rows.0.basis", "请填写"),
        ("centre.visit", {"reason": "字" * 301}, "rows.0.reason", "最多 300 个字"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_beside_its_cell(name: str, changes: dict[str, str], key: str, said: str):
    ((where, sentence),) = wrong(name, **changes)
    assert where == key
    assert said in sentence
    assert all_limits()[name].step in sentence


@pytest.mark.parametrize(
    ("n", "unit", "is_short"),
    [(5, "working_day", True), (5, "calendar_day", False), (4, "hour", True), (120, "hour", True)],
)
def test_as_long_as_the_law_at_most(n: int, unit: str, is_short: bool):  # noqa: FBT001
    """Five working days are five days at least, and no calendar makes 120 hours longer."""
    statute = replace(all_limits()["petition.return"], n=5 if unit != "calendar_day" else 4)
    assert is_within(n, unit, statute) is is_short


def test_an_empty_table_or_a_limit_that_nobody_knows(county: SmallCounty):
    assert [each.key for each in problems_of_limits(ENPING, [])] == [""]
    twice = [proposed_rows()[0], proposed_rows()[0], replace(proposed_rows()[1], id="petition.resolve")]
    assert [each.key for each in problems_of_limits(ENPING, twice)] == ["rows.1.id", "rows.2.id"]


def test_it_is_approved_by_another_and_begins_tomorrow_at_the_earliest(county: SmallCounty):
    today = clock.today()
    with pytest.raises(NotReady) as over:
        submitted(county, LIMITS, only(check_in=(6, "working_day")))
    assert "第23条" in str(over.value)
    with scope(county.actor(AUTHOR)) as actor:
        (left,) = versions_of(actor, LIMITS)
    flow.drop(actor=county.actor(AUTHOR), version_id=left.pk, version=left.version)
    waiting = submitted(county, LIMITS, only(check_in=(24, "hour"), visit=(5, "working_day")))
    before = state_of(county, waiting)
    with pytest.raises(NotAllowed):
        flow.approve(
            actor=county.actor(AUTHOR), version_id=waiting.pk, version=waiting.version,
            effective_from=today + DAY,
        )  # fmt: skip
    with pytest.raises(Invalid) as early:
        flow.approve(
            actor=county.actor(APPROVER), version_id=waiting.pk, version=waiting.version, effective_from=today
        )
    assert "从明天起" in early.value.errors["effective_from"]
    assert state_of(county, waiting) == before
    flow.approve(
        actor=county.actor(APPROVER), version_id=waiting.pk, version=waiting.version,
        effective_from=today + DAY,
    )  # fmt: skip
    with scope(county.actor(AUTHOR)):
        binding = Binding()
        assert binding(ENPING, today).get("centre.check_in") is None
        held = binding(ENPING, today + DAY).get("centre.check_in")
        assert (held.n, held.unit, held.version, held.valid_from) == (
            24,
            "hour",
            2,
            today + DAY,
        )
        # What the table does not have binds nobody, and a statute binds as before.
        assert binding(ENPING, today + DAY).get("centre.simple") is None
        assert binding(ENPING, today + DAY).get("petition.return").n == 5
        assert binding("440783", today + DAY).get("centre.check_in") is None
    # The next draft begins as what will be in force then, not as the proposal.
    with clock.at(clock.now() + 2 * DAY):
        begun = flow.begin(actor=county.actor(AUTHOR), kind=LIMITS)
    assert [row.id for row in rows_of(begun)] == ["centre.check_in", "centre.visit"]


def test_the_list_tells_of_the_countys_own_whether_and_why(county: SmallCounty, capsys):
    def listed() -> dict[str, tuple[bool, str, int]]:
        call_command("rules", "list", table="limits", county=ENPING, json=True)
        rows = json.loads(capsys.readouterr().out)["rows"]
        return {row["id"]: (row["in_force"], row["why"], row["n"]) for row in rows}

    assert listed()["centre.visit"] == (False, "只是建议：本县没有把它列入自己的时限表。", 7)
    assert listed()["report.direct"] == (True, "随程序提供的建议，本县没有另设，照此计时。", 2)

    def changed(rows: list[Row]) -> list[Row]:
        report = next(
            replace(row, then={"n": "1", "unit": "hour"}) for row in rows if row.id == "report.direct"
        )
        return [*only(visit=(5, "working_day"))(rows), report]

    first = published(county, LIMITS, changed, since=clock.today() + DAY)
    day = first.effective_from.isoformat()
    assert listed()["centre.visit"] == (False, f"本县自设时限第 1 版，{day} 起才施行。", 7)
    with clock.at(clock.now() + DAY):
        told = listed()
    assert told["centre.visit"] == (True, f"本县自设时限第 1 版，{day} 起施行。", 5)
    assert told["report.direct"] == (True, f"本县自设时限第 1 版，{day} 起施行。", 1)
    assert told["report.read"][::2] == (True, 2)
    assert told["centre.simple"] == (False, "本县自设时限第 1 版没有规定这一项。", 1)
    assert told["petition.resolve"][:2] == (True, "全国施行。")
