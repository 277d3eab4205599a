"""``fengqiao import FILE --mapping NAME``"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.exchange.domain.importing import Report, import_rows
from fengqiao.exchange.mapping import BadMapping, available, load
from fengqiao.exchange.reading import Unreadable, read_rows
from fengqiao.kernel import clock
from fengqiao.kernel.codes import county_of
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of


class Command(BaseCommand):
    help = (
        "Register the rows of an xlsx or csv file through a mapping; run it twice and nothing is doubled. "
        "Rows that can not be taken are named with line, column and reason. Leaves with 0 when the file was "
        "read to its end, and with 1 when file or mapping can not be used."
    )
    examples = ("fengqiao import messages.csv --mapping replied --json",)

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
            names, rows = read_rows(options["file"], mapping.columns)
        except (BadMapping, Unreadable) as wrong:
            raise CommandError(str(wrong)) from wrong
        missing = [column for column in mapping.columns if column not in names]
        if missing:
            raise CommandError(f"文件缺少列：{'、'.join(missing)}；文件里有：{'、'.join(names)}")
        actor = _exchange_of(options["county"])
        try:
            report = import_rows(actor=actor, mapping=mapping, rows=rows, progress=self._progress)
        except Unreadable as wrong:
            raise CommandError(f"{wrong}（此前的行已经登记，改正后可以再次导入）") from wrong
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
                "rows": report.rows,
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
    today = clock.today()
    posts = (
        Stationing.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            post__role=Role.EXCHANGE,
            valid_from__lte=today,
        )
        .select_related("person", "post", "post__centre", "post__department")
        .order_by("post__division_id", "valid_from", "id")
    )
    found = {county_of(s.post.division_id): s for s in reversed(posts)}
    if county is None and len(found) > 1:
        raise CommandError(
            f"有几个县在这里交换数据（{'、'.join(sorted(found))}），请用 --county 指明是哪一个。"
        )
    chosen = found.get(county) if county else next(iter(found.values()), None)
    if chosen is None:
        raise CommandError(
            "没有在任的数据交换岗位：请先用 `fengqiao places organisation` 设置（role = exchange）。"
        )
    return actor_of(chosen)
