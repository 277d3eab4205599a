"""A leader's written instruction: a task with a day, answered with what was done, accepted or sent back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.leading.domain import chasing, instructing
from fengqiao.leading.domain.instructing import NewInstruction
from fengqiao.leading.domain.listing import Leader
from fengqiao.leading.enums import Ask, InstructionState
from fengqiao.leading.models import Instruction, InstructionAnswer
from fengqiao.leading.queries import instructions as query
from fengqiao.matters.domain import settling
from fengqiao.matters.models import Disposition, Matter
from fengqiao.notices.models import Notice
from fengqiao.places.models import Department
from fengqiao.rules.queries.instructions import barred_by, bars_of
from tests.dispatch.hands import HOUSING, LABOUR, dispatched
from tests.leading.test_key_matters import MONDAY, by_post, listed
from tests.matters.ground import EVERYWHERE, act, refuses, rows, told, words
from tests.small_county import SmallCounty
from tests.supervision.hands import on

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)
DONE = "已召集厂方和工人代表会商，欠薪数额核清。"
TEXT = "请抓紧办理，十日内当面听取工人意见并报告。"


def handed(county: SmallCounty) -> Matter:
    with on(MONDAY):
        return dispatched(county, changes={"happened_on": date(2026, 2, 1)})


def give(county: SmallCounty, matter: Matter, who: Any = Role.DIRECTOR, **said: Any) -> Instruction:
    given = {"asks": Ask.EXPEDITE, "text": TEXT, "due_on": FRIDAY} | said
    if "post_id" not in given and "department_id" not in given:
        given["department_id"] = county.department("labour").pk
    with on(MONDAY):
        return act(county, who, instructing.give, matter, new=NewInstruction(**given))


def does(county: SmallCounty, who: Any, verb: Any, instruction: Instruction, at: date, **said: Any) -> Any:
    with on(at):
        return act(county, who, verb, instruction_id=instruction.pk, **said)


def inbox(county: SmallCounty, who: tuple[Role, str]) -> list[str]:
    kinds = ("instructed", "instruction_", "turned_", "still_", "long_", "look_")
    with scope(county.actor(*who)):
        found = list(Notice.objects.order_by("id").values_list("kind", flat=True))
    return [kind for kind in found if kind.startswith(kinds)]


def test_from_the_instruction_over_an_answer_sent_back_to_one_that_is_accepted(county: SmallCounty):
    matter = handed(county)
    instruction = give(county, matter)
    assert instruction.office.endswith("中心主任")
    assert (instruction.due_on, instruction.warn_on) == (FRIDAY, date(2026, 3, 5))
    assert inbox(county, LABOUR) == ["instructed"]
    with scope(labour := county.actor(*LABOUR)):
        assert [each.pk for each in query.waiting_for(labour)] == [instruction.pk]
    does(county, LABOUR, instructing.answer, instruction, date(2026, 3, 4), text=DONE)
    assert inbox(county, (Role.DISPATCHER, "county")) == ["instruction_answered"]
    with scope(dispatcher := county.actor(Role.DISPATCHER)):
        assert [each.pk for each in query.waiting_for(dispatcher)] == [instruction.pk]
    later = date(2026, 3, 11)
    more = {"reasons": "没有写明工人意见，请补充。", "due_on": later}
    does(county, Role.DISPATCHER, instructing.send_back, instruction, FRIDAY, **more)
    does(
        county,
        LABOUR,
        instructing.answer,
        instruction,
        date(2026, 3, 9),
        text="工人意见附后：同意分两期付清。",
    )
    does(county, Role.DIRECTOR, instructing.accept, instruction, date(2026, 3, 10))
    assert rows(Instruction, matter, "state", "due_on", "chase_at") == [("accepted", later, None)]
    assert rows(InstructionAnswer, matter, "verdict") == [("sent_back",), ("accepted",)]
    acts = ["give", "answer", "send_back", "answer", "accept"]
    assert told(matter)[-5:] == [f"instruction.{each}" for each in acts]
    assert inbox(county, LABOUR) == ["instructed", "instruction_sent_back", "instruction_accepted"]
    # What a leader writes is no result: the department's is still to be written.
    assert rows(Disposition, matter, "text") == []
    with refuses("not_in_this_state"):
        does(county, LABOUR, instructing.answer, instruction, date(2026, 3, 11), text="又补充了一些。")


def test_a_leader_outside_the_program_is_written_down_by_the_dispatcher(county: SmallCounty):
    matter = handed(county)
    post = county.stationings[str(Role.MEDIATOR), "county"].post_id
    with refuses("invalid", field="leader"):
        give(county, matter, Role.DISPATCHER, post_id=post)
    leader = Leader(name="陈志明", office="县委常委、政法委书记")
    found = give(county, matter, Role.DISPATCHER, post_id=post, leader=leader, asks=Ask.MEET)
    assert (found.name, found.leader_id, found.recorded_role) == ("陈志明", None, Role.DISPATCHER)
    assert words(matter) == {"summary": f"县委常委、政法委书记 陈志明：{TEXT}"}
    with refuses("post_may_not"):
        does(county, LABOUR, instructing.answer, found, FRIDAY, text=DONE)
    does(county, Role.MEDIATOR, instructing.answer, found, FRIDAY, text=DONE)
    # A department sees what was asked of itself alone.
    with scope(labour := county.actor(*LABOUR)):
        assert query.of_matter(labour, matter) == []


@pytest.mark.parametrize(
    "text",
    [
        "请法院尽快判决支持工人。",
        "请与检察院沟通，对此人不起诉。",
        "仲裁委应当裁决支持申请人。",
        "调查清楚，对厂方予以处罚。",
        "同意，处理意见为赔偿三万元。",
        "做好稳控，不得上访。",
        "列为重点人员管理。",
    ],
)
def test_what_an_instruction_cannot_say(county: SmallCounty, text: str):
    matter = handed(county)
    with refuses("not_to_instruct", field="text"):
        give(county, matter, text=text)


def test_what_it_can_say_and_the_table_of_what_it_cannot():
    for text in (
        TEXT,
        "请引导当事人依法向法院起诉。",
        "请派人到仲裁委了解进展，并告知工人。",
        "核实情况。\n抓紧答复",
    ):
        assert barred_by(text) is None, text
    good = {"id": "x", "about": "甲", "says": "乙", "reason_zh": "丙", "reason_en": "C", "source": "丁"}
    [bar] = bars_of([good])
    assert (bar.holds("甲乙"), bar.holds("乙")) == (True, False)
    for wrong in ("says", "reason_en", "source"):
        with pytest.raises(ValueError, match="empty"):
            bars_of([good | {wrong: ""}])


@pytest.mark.parametrize("kind", ["court", "procuratorate", "arbitration"])
def test_who_decides_independently_is_not_instructed(county: SmallCounty, kind: str):
    matter = handed(county)
    Department.objects.filter(pk=county.department("labour").pk).update(kind=kind)
    with refuses("independent_body", field="to"):
        give(county, matter)


def test_who_and_when_and_to_whom(county: SmallCounty):
    matter = handed(county)
    for who, said, code, field in (
        (Role.REGISTRAR, {}, "post_may_not", None),
        (LABOUR, {}, "post_may_not", None),
        ((Role.DIRECTOR, "other"), {}, "matter_not_found", None),
        (Role.DIRECTOR, {"asks": "decide"}, "invalid", "asks"),
        (Role.DIRECTOR, {"due_on": MONDAY - timedelta(days=1)}, "invalid", "due_on"),
        (Role.DIRECTOR, {"due_on": date(2026, 12, 1)}, "invalid", "due_on"),
        (Role.DIRECTOR, {"given_on": FRIDAY}, "invalid", "given_on"),
        (Role.DIRECTOR, {"department_id": county.department("housing").pk}, "invalid", "to"),
        (Role.DIRECTOR, {"department_id": None}, "invalid", "to"),
    ):
        with refuses(code, field=field):
            give(county, matter, who, **said)
    instruction = give(county, matter)
    with refuses("matter_not_found"):
        does(county, HOUSING, instructing.answer, instruction, FRIDAY, text=DONE)
    post = county.stationings[str(Role.DISPATCHER), "county"].post_id
    own = give(county, matter, post_id=post)
    does(county, Role.DISPATCHER, instructing.answer, own, FRIDAY, text=DONE)
    with refuses("answerer_cannot_accept"):
        does(county, Role.DISPATCHER, instructing.accept, own, FRIDAY)
    with on(FRIDAY):
        act(county, Role.DISPATCHER, settling.withdraw, matter, reason="双方自行和解，申请撤回。")
    assert rows(Instruction, matter, "state") == [(InstructionState.ENDED,)] * 2
    assert rows(InstructionAnswer, matter, "verdict") == [("lapsed",)]


def test_who_is_late_is_reminded_once_for_each_rung_by_the_table_of_chasing(county: SmallCounty):
    matter = handed(county)
    instruction = give(county, matter)
    mediator = county.stationings[str(Role.MEDIATOR), "county"]
    give(county, matter, post_id=mediator.post_id)
    key = listed(county, matter, leader=by_post(county, Role.STANDING_DEPUTY))
    assert key.look_by == date(2026, 3, 9)
    swept = {}
    for day in (
        MONDAY,
        date(2026, 3, 5),
        date(2026, 3, 5),
        date(2026, 3, 7),
        date(2026, 3, 10),
        date(2026, 3, 13),
    ):
        with on(day):
            swept[day.day] = chasing.sweep()
    # On the second sweep of the 5th there is nothing left; the 13th makes up for what was not swept before.
    assert (swept[2], swept[5]) == (0, 0)
    labour = inbox(county, LABOUR)
    assert labour == ["instructed", "turned_yellow", "turned_red"]
    assert inbox(county, (Role.MEDIATOR, "county")) == labour
    deputy = inbox(county, (Role.STANDING_DEPUTY, "county"))
    assert [kind for kind in deputy if kind.startswith("look")] == ["look_due", "look_late"]
    # One working day late, and three: the lead, then those who direct.
    assert inbox(county, (Role.DISPATCHER, "county")) == ["still_late"]
    assert inbox(county, (Role.DIRECTOR, "county")) == ["long_late"] * 3
    does(county, LABOUR, instructing.answer, instruction, date(2026, 3, 13), text=DONE)
    with scope(EVERYWHERE):
        assert Instruction.objects.get(pk=instruction.pk).chase_at is None
