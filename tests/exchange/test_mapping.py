"""The reviewed file that says which column is which field."""

from datetime import datetime
from decimal import Decimal

import pytest

from fengqiao.exchange import taking
from fengqiao.exchange.mapping import BadMapping, Problem, available, load
from fengqiao.exchange.taking import take
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.matters.enums import Channel, ClaimKind, PartyKind

HEAD = 'name = "x"\ntitle = "台账"\nsource = "ledger"\nnumber = "编号"\nchannel = "visit"\n'
TITLE = '[[field]]\nto = "title"\ncolumn = "事由"\nrequired = true\n'


def made(tmp_path, text=TITLE, head=HEAD):
    path = tmp_path / "x.toml"
    path.write_text(head + text, encoding="utf-8")
    return load(str(path))


def test_the_shipped_mappings_load():
    assert available() == ["export", "labelled", "ledger", "replied", "template"]
    assert [load(name).name for name in available()] == available()


@pytest.mark.parametrize(
    "text",
    [
        '[[field]]\nto = "nothing"\ncolumn = "x"\n',
        '[[field]]\nto = "title"\n',
        '[[field]]\nto = "received_at"\ncolumn = "x"\n',
        '[[field]]\nto = "category"\ncolumn = "x"\n[field.values]\n"土地" = "0000"\n',
        '[[field]]\nto = "channel"\ncolumn = "x"\n[field.values]\n"信" = "letter"\n',
        '[[field]]\nto = "claim.kind"\ndefault = "wish"\n',
        TITLE + TITLE,
        '[[field]]\nto = "settled.text"\ncolumn = "x"\n',
        "not toml",
        "[[field]]\nto = 1\nsurprise = 2\n",
    ],
)
def test_a_wrong_mapping_says_so_before_any_row_is_read(tmp_path, text):
    with pytest.raises(BadMapping):
        made(tmp_path, text)


def test_a_mapping_without_its_head_or_by_an_unknown_name(tmp_path):
    with pytest.raises(BadMapping, match="name"):
        made(tmp_path, head="")
    with pytest.raises(BadMapping, match="labelled"):
        load("unknown")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2019/4/25 9:32:09", datetime(2019, 4, 25, 9, 32, 9, tzinfo=SHANGHAI)),
        ("2019-04-25T09:32", datetime(2019, 4, 25, 9, 32, tzinfo=SHANGHAI)),
        ("2019年4月25日", datetime(2019, 4, 25, tzinfo=SHANGHAI)),
        ("2019.4.25", datetime(2019, 4, 25, tzinfo=SHANGHAI)),
        (datetime(2019, 4, 25, 9, 32), datetime(2019, 4, 25, 9, 32, tzinfo=SHANGHAI)),  # noqa: DTZ001  a sheet's
    ],
)
def test_moments_as_ledgers_write_them(tmp_path, written, moment):
    mapping = made(tmp_path, TITLE + '[[field]]\nto = "received_at"\ncolumn = "时间"\nkind = "moment"\n')
    taken = take(mapping, 2, {"编号": "1", "事由": "x", "时间": written})
    assert taken.new.received_at == moment


@pytest.mark.parametrize("written", ["昨天", "2019/2/30", "2019/4/25 25:00", "43580.39", "04/25/2019"])
def test_what_is_no_moment_is_named(tmp_path, written):
    mapping = made(tmp_path, TITLE + '[[field]]\nto = "received_at"\ncolumn = "时间"\nkind = "moment"\n')
    [problem] = take(mapping, 7, {"编号": "1", "事由": "x", "时间": written})
    assert (problem.line, problem.column) == (7, "时间")
    assert written in problem.reason


@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e999999", "三", "1.5"])
def test_what_is_no_number_of_people_is_named(tmp_path, written):
    mapping = made(tmp_path, TITLE + '[[field]]\nto = "people"\ncolumn = "人数"\nkind = "integer"\n')
    [problem] = take(mapping, 2, {"编号": "1", "事由": "x", "人数": written})
    assert problem.column == "人数"


def test_every_bad_cell_of_a_row_is_named_not_only_the_first(tmp_path):
    mapping = made(
        tmp_path,
        TITLE
        + '[[field]]\nto = "people"\ncolumn = "人数"\nkind = "integer"\n'
        + '[[field]]\nto = "scale"\ncolumn = "规模"\n',
    )
    problems = take(mapping, 3, {"编号": "", "事由": " ", "人数": "许多", "规模": "大"})
    assert [(p.line, p.column) for p in problems] == [(3, "编号"), (3, "事由"), (3, "人数"), (3, "规模")]


def test_values_amounts_claims_and_a_petitioner_who_left_only_a_phone(tmp_path):
    mapping = made(
        tmp_path,
        TITLE
        + '[[field]]\nto = "channel"\ncolumn = "渠道"\n[field.values]\n"信" = "petition"\n'
        + '[[field]]\nto = "amount"\ncolumn = "金额"\nkind = "decimal"\n'
        + '[[field]]\nto = "claim.text"\ncolumn = "诉求"\n'
        + '[[field]]\nto = "petitioner.phone"\ncolumn = "电话"\n',
    )
    cells = {
        "编号": "1",
        "事由": "欠薪\n两月",
        "渠道": "信",
        "金额": "12，000.50",
        "诉求": "付钱",
        "电话": "13800000001",
    }
    new = take(mapping, 2, cells).new
    assert (new.title, new.channel, new.amount) == ("欠薪 两月", Channel.PETITION, Decimal("12000.50"))
    assert [(c.kind, c.text) for c in new.claims] == [(ClaimKind.RESOLVE, "付钱")]
    assert [(p.kind, p.phones) for p in new.parties] == [(PartyKind.ANONYMOUS, ("13800000001",))]
    assert [p.reason for p in take(mapping, 2, cells | {"渠道": "鸽子"})] == ["“鸽子”不在映射的取值之中"]


def test_a_result_without_its_time_is_named(tmp_path):
    mapping = made(
        tmp_path,
        TITLE
        + '[[field]]\nto = "settled.text"\ncolumn = "结果"\n'
        + '[[field]]\nto = "settled.at"\ncolumn = "办结"\nkind = "moment"\n',
    )
    assert take(mapping, 2, {"编号": "1", "事由": "x", "结果": "", "办结": ""}).settled is None
    [problem] = take(mapping, 2, {"编号": "1", "事由": "x", "结果": "好了", "办结": ""})
    assert problem.column == "办结"


def test_a_row_without_number_is_recognised_by_what_it_says_where_the_mapping_allows_it(tmp_path):
    assert take(made(tmp_path), 2, {"编号": "", "事由": "x"}) == [Problem(2, "编号", "缺少编号")]
    mapping = made(tmp_path, head=HEAD + 'recognised_by = ["事由"]\n')
    one, same, other = (take(mapping, 2, {"编号": "", "事由": text}) for text in ("x", " x ", "y"))
    assert one.number == same.number != other.number
    assert one.by_content
    assert len(one.number) <= taking.LONGEST_NUMBER
    assert not take(mapping, 2, {"编号": "7", "事由": "x"}).by_content


def test_a_number_that_is_too_long_is_named(tmp_path):
    [problem] = take(made(tmp_path), 2, {"编号": "9" * 81, "事由": "x"})
    assert problem.column == "编号"
