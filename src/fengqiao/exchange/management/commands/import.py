"""``fengqiao import FILE --mapping NAME``"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.exchange.domain.importing import Report, import_rows
from fengqiao.exchange.mapping import BadMapping, available, load
from fengqiao.exchange.reading import Unreadable, read_rows
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of, stationings


class Command(BaseCommand):
    help = "Register the rows of an xlsx or csv file through a mapping; run it twice and nothing is doubled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", required=True, help=f"one of {', '.join(available())}, or a .toml file"
        )
        parser.add_argument("--county", help="six digits; needed where several counties exchange data here")
        parser.add_argument("--json", action="store_true", help="end with one JSON line on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = load(options["mapping"])
            names, rows = read_rows(options["file"])
        except (BadMapping, Unreadable) as wrong:
            raise CommandError(str(wrong)) from wrong
        missing = [column for column in mapping.columns if column not in names]
        if missing:
            raise CommandError(f"文件缺少列：{'、'.join(missing)}；文件里有：{'、'.join(names)}")
        actor = _exchange_of(options["county"])
        report = import_rows(actor=actor, mapping=mapping, rows=rows, progress=self._progress)
        sys.stderr.write("\n")
        self._print(report, options["json"])

    def _progress(self, report: Report) -> None:
        sys.stderr.write(
            f"\r{report.rows} rows · {report.registered} registered · {report.already} already there · "
            f"{report.rejected} rejected"
        )
        sys.stderr.flush()

    def _print(self, report: Report, as_json: bool) -> None:
        if as_json:
            sums = {
                "registered": report.registered,
                "already": report.already,
                "rejected": report.rejected,
                "problems": [
                    {"line": p.line, "column": p.column, "reason": p.reason} for p in report.problems
                ],
            }
            self.stdout.write(json.dumps(sums, ensure_ascii=False))
            return
        self.stdout.write(
            f"{report.rows} 行：登记 {report.registered}，已有 {report.already}，退回 {report.rejected}"
        )
        for problem in report.problems:
            self.stdout.write(f"  第 {problem.line} 行 · {problem.column}：{problem.reason}")


def _exchange_of(county: str | None) -> Actor:
    """The post through which this county exchanges data; with several counties one must be named."""
    posts = Stationing.objects.filter(post__role=Role.EXCHANGE).select_related("post", "person")
    found = [s for s in posts if county in (None, s.post.division_id[:6])]
    if not found:
        raise CommandError(
            "没有数据交换岗位：请先用 `fengqiao places organisation` 设置（role = exchange）。"
        )
    if len(found) > 1:
        counties = "、".join(sorted(s.post.division_id[:6] for s in found))
        raise CommandError(f"有几个县在这里交换数据（{counties}），请用 --county 指明是哪一个。")
    current = stationings(person_id=found[0].person_id, on=date.today()).first()
    if current is None:
        raise CommandError("数据交换岗位今天不在任期内。")
    return actor_of(current)
