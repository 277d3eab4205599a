"""An import of a spreadsheet, each row validated, linked and audited, beside COPY of its matters (the limit)."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from fengqiao.exchange.domain.importing import import_rows
from fengqiao.exchange.mapping import load
from fengqiao.exchange.reading import read_rows
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of

ROWS = 5_000
# A message to a leader has some four hundred characters, and says what it asks for near its end.
SENTENCES = (
    "小区门口的路灯坏了三个月一直无人来修，老人晚上出门多次摔倒。",
    "开发商承诺的学校至今没有动工，我们问了几次都说正在办理手续。",
    "工地拖欠二十三名工人的工资，包工头的电话打不通，项目部推说已经结清。",
    "楼下饭店的油烟直接排进楼道，夜里两点还在营业，孩子没有办法休息。",
    "承包合同写明三十年，现在村里要提前收回，也没有说补偿多少。",
    "物业费每年上涨，电梯停了一个星期，业主群里没有人答复。",
    "希望有关部门派人到现场看一看，给我们一个明确的答复和办理时限。",
)
LABELS = ("城乡建设", "劳动和社会保障", "教育文体", "商贸旅游", "环境保护", "卫生计生", "交通运输")


def measure(owner: str) -> dict[str, Any]:
    """Rows a second through the import, and of COPY into an equal table of the matters alone."""
    mapping = load("labelled")
    stationing = Stationing.objects.select_related("person", "post", "post__centre", "post__department")
    actor = actor_of(stationing.filter(post__role="exchange").order_by("id")[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.csv"
        _write(path)
        begun = time.perf_counter()
        _names, rows = read_rows(path, mapping.columns)
        report = import_rows(actor=actor, mapping=mapping, rows=rows)
        taken = time.perf_counter() - begun
    if report.registered != ROWS:
        raise RuntimeError(f"of {ROWS} rows only {report.registered} were registered")
    copied = _copied(owner)
    return {
        "rows": ROWS,
        "rows_per_second": round(ROWS / taken),
        "copy_rows_per_second": round(ROWS / copied),
        "times_the_limit": round(taken / copied, 1),
    }


def _write(path: Path) -> None:
    dice, run = random.Random(7), time.time_ns()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级标签"])
        for number in range(ROWS):
            said = "".join(dice.choices(SENTENCES, k=13))
            sheet.writerow(
                [
                    f"{run}-{number}",
                    f"U{number:07}",
                    said[:24],
                    "2019/11/10 18:59:24",
                    said,
                    dice.choice(LABELS),
                ]
            )


def _copied(owner: str) -> float:
    """Seconds of COPY FROM for the newest rows, into a table with the columns and indexes of the matters'."""
    with psycopg.connect(owner) as connection, connection.cursor() as cursor:
        newest = f"SELECT * FROM matters_matter ORDER BY registered_at DESC, code DESC LIMIT {ROWS}"
        with cursor.copy(f"COPY ({newest}) TO STDOUT") as out:
            rows = b"".join(bytes(part) for part in out)
        cursor.execute("CREATE TABLE copied (LIKE matters_matter INCLUDING ALL)")
        begun = time.perf_counter()
        with cursor.copy("COPY copied FROM STDIN") as into:
            into.write(rows)
        taken = time.perf_counter() - begun
        connection.rollback()
    return taken
