"""Files drawn at random, and what must hold of reading and importing every one of them."""

from __future__ import annotations

import random
from pathlib import Path

from django.db import transaction
from hypothesis import strategies as st

from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.importing import import_rows
from fengqiao.exchange.mapping import load
from fengqiao.exchange.reading import Unreadable, read_rows
from fengqiao.matters.models import HistoryEvent, Matter
from tests.exchange.files import LABELLED, REPLIED, as_csv, as_xlsx

HEADERS = {"labelled": LABELLED, "replied": REPLIED}
# What people, machines and attackers write into cells; the rest is any text at all.
WRITTEN = (
    "", " ", "\u3000", "530", " 0530 ", "５３０", "1e400", "NaN", "-0", "=1+1", "@SUM(A1)", "'=2", "\ufeff", "\x00",
    "_x000D_", "2024.13.5", "2024年2月30日", "0000-00-00", "9999-12-31 23:59:59", "45000", "2019-04-25T25:00",
    "城乡建设", "没有这一类", "王某", "\ud7ff\ue000", "a" * 300, "长" * 25_000, "第一行\n第二行",
    "\u202e倒着", "‘；DROP TABLE", "\U0001f600",
)  # fmt: skip
# What a column usually holds: a table of nothing but dirt would be rejected whole.
USUAL = {
    "留言编号": tuple(map(str, range(1, 40))),
    "留言时间": ("2019/4/25 9:32:09", ""), "答复时间": ("2019/5/10 14:56:53", "2019/5/9"),
    "一级标签": ("城乡建设", "教育文体"), "答复意见": ("已更换灯泡。",),
}  # fmt: skip
cell = st.one_of(st.sampled_from(WRITTEN), st.text(alphabet=st.characters(codec="utf-8"), max_size=40))


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A mapping and rows for its columns, some of them twice."""
    mapping = draw(st.sampled_from(sorted(HEADERS)))
    usual = [st.sampled_from(USUAL.get(name, ("路灯不亮", "河水发黑"))) for name in HEADERS[mapping]]
    # Of a row's cells one in twelve is dirt (one strategy among twelve equal ones would be one of two).
    row = st.tuples(*(st.integers(0, 11).flatmap(lambda n, each=each: each if n else cell) for each in usual))
    rows = [list(each) for each in draw(st.lists(row, max_size=8))]
    again = draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    return mapping, rows + again


spoiled = st.tuples(
    st.sampled_from(("xlsx", "xls", "csv")),
    st.one_of(st.binary(max_size=400), st.integers(min_value=0, max_value=2**32)),
)


def reading_says_so_or_gives_rows(folder: Path, drawn: tuple[str, bytes | int]) -> None:
    """Any bytes under any name: rows, or one clear sentence; never anything else."""
    suffix, content = drawn
    path = folder / f"drawn.{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else _damaged(suffix, random.Random(content)))
    try:
        _names, rows = read_rows(path, LABELLED)
        for row in rows:
            assert row.line >= 1
    except Unreadable as said:
        assert str(said)


def _damaged(suffix: str, dice: random.Random) -> bytes:
    """A good file of which a few bytes were changed or the end is missing."""
    rows = [[str(dice.random()) for _ in LABELLED] for _ in range(5)]
    raw = bytearray((as_csv if suffix == "csv" else as_xlsx)(LABELLED, rows))
    for _ in range(dice.randint(1, 6)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw[: dice.randint(1, len(raw))] if dice.random() < 0.4 else raw)


def every_row_is_accounted_for(folder: Path, actor, drawn: tuple[str, list[list[str]]]) -> None:
    """Registered, already there or rejected with its reason; a second time nothing new comes of it."""
    mapping, rows = drawn
    path = folder / "drawn.csv"
    path.write_bytes(as_csv(HEADERS[mapping], [[c.replace("\x00", "") for c in row] for row in rows]))
    with transaction.atomic():
        before = _matters(actor)
        first = _imported(path, mapping, actor)
        assert first.registered == _matters(actor) - before
        again = _imported(path, mapping, actor)
        assert again.registered == 0
        assert again.rows == first.rows
        assert again.already == first.registered + first.already
        assert {p.line for p in again.problems} == {p.line for p in first.problems}
        with scope(actor):
            events = HistoryEvent.objects.filter(matter__source=load(mapping).source).count()
            told = sum(
                Matter.objects.filter(source=load(mapping).source).values_list("history_count", flat=True)
            )
        assert events == told
        transaction.set_rollback(True)


def _imported(path: Path, mapping: str, actor):
    loaded = load(mapping)
    _names, rows = read_rows(path, loaded.columns)
    report = import_rows(actor=actor, mapping=loaded, rows=rows)
    assert report.registered + report.already + report.rejected == report.rows
    assert len({p.line for p in report.problems}) == report.rejected
    assert all(p.reason and p.column for p in report.problems)
    return report


def _matters(actor) -> int:
    with scope(actor):
        return Matter.objects.filter(county=actor.county).count()
