"""Divisions taken in from tables: repeatable, and each wrong row named by file and line."""

from datetime import date, timedelta

import pytest

from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.kernel.ids import new_id
from fengqiao.places.domain.divisions import (
    SHIPPED_SINCE,
    SHIPPED_SOURCE,
    shipped_files,
    take_divisions,
)
from fengqiao.places.models import Division, DivisionChange, Grid
from fengqiao.places.queries.divisions import below, known_place

pytestmark = pytest.mark.django_db

SINCE = date(2026, 1, 1)
TABLE = """code,name
4407,江门市
440785,恩平市
440785102,沙湖镇
440785102201,黄泥坑村
"""


@pytest.fixture
def table(tmp_path):
    def write(text: str, name: str = "divisions.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def take(*files, since: date = SINCE):
    return take_divisions(files, source="tests", since=since)


def everything() -> list[tuple]:
    return list(
        Division.objects.values_list("code", "name", "parent_id", "valid_from", "valid_until", "source")
    )


def test_short_codes_are_filled_up_and_each_lies_in_the_one_above(table):
    taken = take(table(TABLE))
    assert (taken.rows, taken.added, taken.renamed, taken.known) == (4, 4, 0, 0)
    assert taken.files == ["divisions.csv"]
    assert everything() == [
        ("440700000000", "江门市", None, SINCE, None, "tests"),
        ("440785000000", "恩平市", "440700000000", SINCE, None, "tests"),
        ("440785102000", "沙湖镇", "440785000000", SINCE, None, "tests"),
        ("440785102201", "黄泥坑村", "440785102000", SINCE, None, "tests"),
    ]


def test_a_second_time_changes_nothing(table):
    take(table(TABLE))
    before = everything()
    taken = take(table(TABLE))
    assert (taken.rows, taken.added, taken.renamed, taken.known) == (4, 0, 0, 4)
    assert everything() == before


def test_a_changed_name_and_an_end_are_put_right(table):
    take(table(TABLE))
    taken = take(table("code,name,valid_from,valid_until\n440785102,沙湖镇（旧）,2020-01-01,2026-06-30\n"))
    assert (taken.added, taken.renamed, taken.known) == (0, 1, 0)
    assert everything()[2] == (
        "440785102000",
        "沙湖镇（旧）",
        "440785000000",
        SINCE,
        date(2026, 6, 30),
        "tests",
    )


def test_what_a_notice_changed_on_a_page_is_not_put_back_by_a_table(table):
    take(table(TABLE))
    Division.objects.filter(pk="440785102201").update(name="黄泥坑社区", valid_until=date(2026, 6, 30))
    DivisionChange.objects.create(
        division_id="440785102201",
        kind="ended",
        day=date(2026, 7, 1),
        source="恩府函〔2026〕18号",
        name="黄泥坑社区",
        entered_by=new_id(),
        entered_at=clock.now(),
    )
    before = everything()
    taken = take(table(TABLE))
    assert (taken.rows, taken.added, taken.renamed, taken.known, taken.kept) == (4, 0, 0, 3, 1)
    assert everything() == before


def test_with_a_byte_order_mark_and_from_several_files(table):
    lower = table("code,name\n440785102,沙湖镇\n", "lower.csv", "utf-8-sig")
    upper = table("code,name\n4407,江门市\n440785,恩平市\n", "upper.csv")
    assert take(lower, upper).added == 3
    assert Division.objects.get(pk="440785102000").parent_id == "440785000000"


def test_a_village_right_below_a_county(table):
    take(table("code,name\n4407,江门市\n440785,恩平市\n440785400200,河南林场\n"))
    assert Division.objects.get(pk="440785400200").parent_id == "440785000000"


BROKEN = """code,name,valid_from,valid_until
4407,江门市,,
44078,五位,,
440785,,,
44078x,字母,,
440785102,沙湖镇,2026-02-30,
440785103,牛江镇,,明年
440700,江门市又一次,,
440785104,{long},,
""".format(long="长" * 65)


def test_each_wrong_row_is_named_and_nothing_is_written(table):
    with pytest.raises(Invalid) as refusal:
        take(table(BROKEN))
    assert {where: str(sentence) for where, sentence in refusal.value.errors.items()} == {
        "divisions.csv:3": "区划代码应为 2、4、6、9 或 12 位数字：44078",
        "divisions.csv:4": "名称应为 1 至 64 个字。",
        "divisions.csv:5": "区划代码应为 2、4、6、9 或 12 位数字：44078x",
        "divisions.csv:6": "日期请写成 2026-01-31。",
        "divisions.csv:7": "日期请写成 2026-01-31。",
        "divisions.csv:8": "代码 440700000000 在前面已经出现过。",
        "divisions.csv:9": "名称应为 1 至 64 个字。",
    }
    assert everything() == []


def test_a_division_without_the_one_above_it_is_named(table):
    with pytest.raises(Invalid) as refusal:
        take(table("code,name\n4407,江门市\n440885102,没有县的镇\n"))
    assert {where: str(sentence) for where, sentence in refusal.value.errors.items()} == {
        "divisions.csv:3": "没有找到 440885102000 的上级区划，请把上级区划的表一起导入。"
    }
    assert everything() == []


@pytest.mark.parametrize(
    ("text", "encoding", "sentence"),
    [
        ("编码,名称\n4407,江门市\n", "utf-8", "第一行要有 code 和 name 两列。"),
        ("", "utf-8", "第一行要有 code 和 name 两列。"),
        ("code,name\n4407,江门市\n", "gb18030", "文件不是 UTF-8 编码。"),
    ],
)
def test_a_file_that_is_no_such_table(table, text, encoding, sentence):
    with pytest.raises(Invalid) as refusal:
        take(table(text, encoding=encoding))
    assert {w: str(s) for w, s in refusal.value.errors.items()} == {"divisions.csv": sentence}


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Invalid) as refusal:
        take(tmp_path / "missing.csv")
    assert list(refusal.value.errors) == ["missing.csv"]


def test_the_shipped_tables_make_a_city():
    taken = take_divisions(shipped_files(), source=SHIPPED_SOURCE, since=SHIPPED_SINCE)
    assert taken.rows == taken.added == Division.objects.count()
    assert Division.objects.get(pk="440785000000").name == "恩平市"
    assert list(Division.objects.filter(parent=None).values_list("code", flat=True)) == ["440700000000"]
    assert {d.level for d in Division.objects.all()} == {2, 3, 4, 5}
    for division in Division.objects.select_related("parent").exclude(parent=None):
        assert division.code.startswith(division.parent.prefix)


# --- looking up ---------------------------------------------------------------------------------------------
@pytest.fixture
def dated(table):
    today = clock.today()
    take(
        table(
            "code,name,valid_from,valid_until\n"
            "4407,江门市,2020-01-01,\n"
            "440785,恩平市,2020-01-01,\n"
            f"440785102,今天还在,2020-01-01,{today}\n"
            f"440785103,昨天撤销,2020-01-01,{today - timedelta(days=1)}\n"
            f"440785104,明天设立,{today + timedelta(days=1)},\n"
            "440785102201,黄泥坑村,2020-01-01,\n"
            "440785102202,那吉村,2020-01-01,\n"
        )
    )
    Grid.objects.create(
        code="440785102201001", division_id="440785102201", name="第一网格", valid_from=date(2020, 1, 1)
    )
    return today


@pytest.mark.parametrize(
    ("division", "grid", "wrong"),
    [
        ("440785102000", "", ""),
        ("440785103000", "", "division"),
        ("440785104000", "", "division"),
        ("440785999000", "", "division"),
        ("440785102201", "440785102201001", ""),
        ("440785102202", "440785102201001", "grid"),
        ("440785102201", "440785102201009", "grid"),
        ("", "440785102201001", "grid"),
        ("", "", ""),
    ],
)
def test_known_place(dated, division, grid, wrong):
    assert known_place(division=division, grid=grid, on=dated) == wrong


def test_below_gives_what_is_in_force_in_the_order_of_codes(dated):
    assert [d.code for d in below("440785", on=dated)] == [
        "440785000000",
        "440785102000",
        "440785102201",
        "440785102202",
    ]
    assert [d.code for d in below("440785102", on=dated)] == [
        "440785102000",
        "440785102201",
        "440785102202",
    ]
    assert [d.name for d in below("440785", on=dated + timedelta(days=1))] == [
        "恩平市",
        "黄泥坑村",
        "那吉村",
        "明天设立",
    ]
