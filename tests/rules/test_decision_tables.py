"""Decision tables: closed questions, nothing of a person, cells that break are named, the shipped ones hold."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fengqiao.rules import vocabulary
from fengqiao.rules.deciding import (
    NODES,
    Broken,
    Decision,
    Example,
    Row,
    decision_model,
    names_of,
    problems_of,
)
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped

LOW = {"level": "low"}
HOLDS = [Example("平常", {"reports": 1}, "E")]


def ruled(**when: str) -> list[Row]:
    """A table of risk: one row that asks, and one for everything else."""
    return [
        Row("A", when, {"level": "high"}, "理由", "建议"),
        Row("E", {}, LOW, "其余", "建议"),
    ]


def sentences(rows: list[Row], examples: list[Example] | None = None, kind: str = "risk") -> list[str]:
    return [str(each) for each in problems_of(kind, rows, HOLDS if examples is None else examples)]


def test_the_questions_are_closed_and_none_is_about_a_person():
    """Whoever adds a name here must answer for it: facts of the matter, nothing of who brought it."""
    assert set(vocabulary.INPUTS) == {
        "claims", "against", "running", "used", "petition_final", "category", "scale", "people", "amount",
        "danger", "days_to_harm", "public_place", "needs_care", "reports", "risk", "track",
        # Of a department's part in the matter.
        "rung", "ground", "days_over", "body",
    }  # fmt: skip
    for kind, shape in vocabulary.TABLES.items():
        assert set(shape.inputs) <= set(vocabulary.INPUTS), kind
        assert shape.chooses in {output.name for output in shape.outputs}, kind


@pytest.mark.parametrize(
    "name", ["record", "belief", "origin", "ethnicity", "petitions_before", "age", "sex", "name"]
)
def test_a_property_of_a_person_cannot_be_asked(name):
    assert any("只问事项本身" in each for each in sentences(ruled(**{name: "> 3"})))
    with pytest.raises(Broken):
        Decision("risk", ruled(**{name: "> 3"}))


def test_no_table_waits_for_itself():
    for kind, shape in vocabulary.TABLES.items():
        assert not [name for name in shape.inputs if vocabulary.leads_round(kind, name)]
    assert [each for each in sentences(ruled(risk="'low'")) if "绕成圈" in each] == [
        "A：研判的风险：这一项要等本表自己的结果才有，会绕成圈。"
    ]
    # Not its own answer, but one that is reached over another table.
    assert any("绕成圈" in each for each in sentences(ruled(track="'legal'")))


def test_only_a_table_is_ever_given_to_the_engine():
    model = decision_model("risk", ruled(people="$ != null and $ > 5"))
    assert [node["type"] for node in model["nodes"]] == list(NODES)
    assert not {"functionNode", "expressionNode"} & set(NODES)


@pytest.mark.parametrize("kind", TableKind)
def test_what_is_shipped_is_whole_and_its_examples_hold(kind):
    table = shipped(kind)
    assert problems_of(kind, table.rows, table.examples) == []
    assert table.source
    assert table.version.startswith("shipped-")


@pytest.mark.parametrize("kind", TableKind)
def test_a_matter_of_which_nothing_is_known_has_an_answer(kind):
    answer = shipped(kind).ask({})
    assert answer.row is not None
    assert answer.error == ""


# Facts that no earlier row answers: each row of the two tables that ask how urgent a matter is, once.
URGENT = {
    "risk": {
        "R01": {"danger": "domestic_violence"},
        "R02": {"days_to_harm": 3},
        "R03": {"people": 50},
        "R04": {"scale": "03"},
        "R05": {"needs_care": True, "days_to_harm": 15},
        "R06": {"public_place": True, "people": 10},
        "R11": {"days_to_harm": 15},
        "R12": {"people": 10, "public_place": False},
        "R13": {"scale": "02"},
        "R14": {"reports": 3},
        "R15": {"needs_care": True, "days_to_harm": 16},
        "R16": {"public_place": True},
        "R17": {"amount": 500_000.0},
        "R99": {"days_to_harm": 16, "public_place": None, "needs_care": None},
    },
    "report": {
        "D01": {"danger": "self_harm"},
        "D02": {"days_to_harm": 0},
        "D03": {"scale": "03"},
        "D04": {"risk": "high", "people": 50},
        "D05": {"risk": "high", "public_place": True},
        "D06": {"risk": "high", "days_to_harm": 3},
        "D99": {"risk": "high", "public_place": None, "days_to_harm": None},
    },
}


@pytest.mark.parametrize("kind", list(URGENT))
def test_each_row_of_how_urgent_it_is_answers_and_the_unknown_is_no_answer(kind):
    table = shipped(TableKind(kind))
    assert list(URGENT[kind]) == [row.id for row in table.rows]
    for row, facts in URGENT[kind].items():
        answer = table.ask({"danger": "none", **facts})
        assert answer.row is not None, answer.error
        assert answer.row.id == row


def test_every_rung_may_be_proposed_by_rows_that_say_how_long_the_department_is_heard():
    rows = [row for row in shipped(TableKind.SUPERVISION).rows if row.then["due"] == "propose"]
    assert list(dict.fromkeys(row.when["rung"].strip("'") for row in rows)) == list(vocabulary.codes("rung"))
    assert {row.when["ground"].strip("'") for row in rows} == set(vocabulary.codes("ground"))
    assert [row.id for row in rows if "report_days" not in row.then] == [
        "hand-over-report",
        "hand-over-undone",
    ]


@pytest.mark.parametrize(
    ("then", "said"),
    [
        ({"due": "propose"}, "A：申辩几个工作日：请填写。"),
        ({"due": "propose", "answer_days": "0"}, "A：申辩几个工作日：请写 1 到 60 的整数。"),
        (
            {"due": "propose", "answer_days": "2", "report_days": "soon"},
            "A：几个工作日内反馈：请写 1 到 60 的整数。",
        ),
        ({"due": "wait", "answer_days": "61"}, "A：申辩几个工作日：请写 1 到 60 的整数。"),
        ({}, "A：可不可以提请：请填写。"),
    ],
)
def test_a_department_is_heard_for_some_days_whatever_a_county_writes(then: dict[str, str], said: str):
    rows = [Row("A", {}, then, "理由", "建议")]
    assert sentences(rows, [Example("平常", {}, "A")], "supervision") == [said]


def test_the_first_row_that_fits_answers_with_its_reason():
    answer = shipped(TableKind.TRACK).ask({"claims": ["resolve"], "running": ["litigation"]})
    assert answer.row is not None
    assert (answer.row.id, answer.row.then["track"]) == ("T02", "legal")
    assert answer.row.reason
    assert answer.row.basis
    assert not answer.needs_hand


@pytest.mark.parametrize(
    ("name", "expression", "said"),
    [
        ("people", "> 5", "没有填写这一项时无法判断。可写成：$ != null and $ > 5"),
        ("amount", "[1..5]", "没有填写这一项时无法判断"),
        ("people", "> 5 >", "写法有误"),
        ("people", ">", "写法有误"),
        ("people", "$ > 5 and (", "括号不成对"),
        ("people", ")", "括号不成对"),
        ("people", "reports > 2", "不认识“reports”"),
        ("people", "$ > 5; 1", "看不懂“; 1”"),
        ("people", "'5'", "这一列填数字"),
        ("claims", "contains($, 'resolved')", "没有“resolved”这个代码"),
        ("danger", "'fire'", "没有“fire”这个代码"),
        ("category", "startsWith($, '88')", "没有“88”这个代码"),
        ("category", "startsWith($, '07')", "没有填写这一项时无法判断"),
        ("public_place", "len($) > 1", "写法有误"),
        ("people", "> 5, < 2", "没有填写这一项时无法判断。请拆成几行"),
        # The engine reads "A or B and C" from the left: 1 would not fit here.
        ("reports", "$ == 1 or $ == 2 and $ == 3", "混用会读错：请拆成两行"),
        ("reports", "5, 20 and 3", "混用会读错：请拆成两行"),
        ("people", "$ > " + "1" * 300, "一格最多 300 个字"),
    ],
)
def test_a_cell_that_cannot_be_asked_is_named_with_its_row(name, expression, said):
    found = sentences(ruled(**{name: expression}))
    assert len(found) == 1
    assert found[0].startswith(f"A：{vocabulary.INPUTS[name].label}：")
    assert said in found[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "表是空的"),
        ([Row("A", {}, LOW, "理由", "建议")] * 2, "行号重复"),
        ([Row("甲", {}, LOW, "理由", "建议")], "行号用字母"),
        ([Row("E", {}, {}, "理由", "建议")], "E：风险：请填写"),
        ([Row("E", {}, {"level": "extreme"}, "理由", "建议")], "没有“extreme”这个代码"),
        ([Row("E", {}, LOW, "", "建议")], "每一行都要写明理由"),
        ([Row("E", {}, LOW, "理由", "")], "请写明依据"),
        ([Row("E", {}, LOW, "理" * 301, "建议")], "最多 300 个字"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(rows, said):
    assert any(said in each for each in sentences(rows))


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([], "没有示例"),
        ([Example("平常", {"reports": 1}, "A")], "示例该由 A 行回答，实际是：E"),
        ([Example("平常", {"track": "legal"}, "E")], "这张表没有的内容"),
        ([Example("平常", {"reports": None}, "E")], "示例的值不对"),
        ([Example("平常", {"danger": "fire"}, "E")], "示例的值不对"),
        ([Example("平常", {"people": True}, "E")], "示例的值不对"),
    ],
)
def test_examples_must_hold(examples, said):
    (found,) = sentences(ruled(danger="'violence'"), examples)
    assert said in found


def test_departments_are_named_by_their_kind_and_once():
    holds = [Example("平常", {"claims": ["resolve"]}, "E")]

    def said(departments: str) -> list[str]:
        row = Row("E", {}, {"track": "departmental", "departments": departments}, "理由", "建议")
        return sentences([row], holds, "track")

    assert said("labour、trade_union") == []
    assert said("labour，tides") == ["E：主办、协办部门：没有“tides”这个代码。"]
    assert said("labour、labour") == ["E：主办、协办部门：同一个部门写了两次。"]
    assert names_of(" labour，housing ") == ["labour", "housing"]


def test_a_cell_that_breaks_when_asked_is_told_and_never_passed_over():
    """The engine's own table goes on to the next row here, as if nothing had happened."""
    decision = Decision("risk", ruled(reports="> 2"))
    assert decision._decision.evaluate({"reports": "三"})["result"] == {"row": "E"}
    answer = decision.ask({"reports": "三"})
    assert answer.needs_hand
    assert answer.error.startswith("A：反映同一件事的登记件数：写法有误：")


def test_a_row_that_another_cell_rules_out_breaks_nothing():
    answer = Decision("risk", ruled(reports="> 2", danger="'violence'")).ask(
        {"reports": "三", "danger": "none"}
    )
    assert answer.row is not None
    assert answer.row.id == "E"


def test_no_row_that_fits_leaves_it_to_a_person():
    answer = Decision("risk", ruled(reports="> 2")[:1]).ask({"reports": 1})
    assert answer.needs_hand
    assert answer.error == "没有一行合用，请人工判断。"


def test_the_command_lists_a_table_with_reasons_and_basis():
    out = StringIO()
    call_command("rules", "list", "--table", "risk", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["table"], told["version"]) == ("risk", shipped(TableKind.RISK).version)
    assert [row["id"] for row in told["rows"]] == [row.id for row in shipped(TableKind.RISK).rows]
    assert all(row["reason"] and row["basis"] for row in told["rows"])
    plain = StringIO()
    call_command("rules", "list", "--table", "track", stdout=plain)
    assert "T99  —  track departmental" in plain.getvalue()


def test_the_command_names_the_tables_it_knows():
    with pytest.raises(CommandError, match="没有“taxes”这张表。可以列出：.*risk.*track"):
        call_command("rules", "list", "--table", "taxes")
