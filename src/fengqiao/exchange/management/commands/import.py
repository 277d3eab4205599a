"""``fengqiao import FILE --mapping NAME``"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.importing import Report, import_rows
from fengqiao.exchange.mapping import BadMapping, Given, available, load
from fengqiao.exchange.queries.units import known_units
from fengqiao.exchange.reading import Unreadable, read_rows
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.places.queries.acting import exchange_of


class Command(BaseCommand):
    help = (
        "Register the rows of an xlsx or csv file through a mapping; run it twice and nothing is doubled. "
        "Rows that can not be taken are named with line, column and reason. Leaves with 0 when the file was "
        "read to its end, and with 1 when file or mapping can not be used."
    )
    examples = ("fengqiao import messages.csv --mapping replied --json",)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", required=True, help=f"one of {', '.join(available())}, or a .toml file"
        )
        parser.add_argument("--county", help="six digits; needed where several counties exchange data here")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            help="the day of the ledger (2025-12-31), where the mapping asks for it: settled rows get it",
        )
        parser.add_argument("--json", action="store_true", help="end with one JSON line on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = load(options["mapping"])
            names, rows = read_rows(options["file"], mapping.needed)
        except (BadMapping, Unreadable) as wrong:
            raise CommandError(str(wrong)) from wrong
        missing = [column for column in mapping.needed if column not in names]
        if missing:
            raise CommandError(f"文件缺少列：{'、'.join(missing)}；文件里有：{'、'.join(names)}")
        as_of: date | None = options["as_of"]
        if mapping.asks_date and as_of is None:
            raise CommandError("这种台账没有写明办结日期，请用 --as-of 2025-12-31 说明台账是哪一天的。")
        if as_of and as_of > clock.today():
            raise CommandError("台账日期不能晚于今天。")
        try:
            actor = exchange_of(options["county"])
            with scope(actor):
                given = Given(as_of=as_of, units=known_units(actor))
            report = import_rows(
                actor=actor, mapping=mapping, rows=rows, given=given, progress=self._progress
            )
        except Unreadable as wrong:
            raise CommandError(f"{wrong}（此前的行已经登记，改正后可以再次导入）") from wrong
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
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
                "units": dict(report.units),
            }
            self.stdout.write(json.dumps(sums, ensure_ascii=False))
            return
        self.stdout.write(
            f"{report.rows} 行：登记 {report.registered}，已有 {report.already}，退回 {report.rejected}"
        )
        for problem in report.problems:
            self.stdout.write(f"  第 {problem.line} 行 · {problem.column}：{problem.reason}")
        for unit, rows in report.units.items():
            self.stdout.write(f"  未对照的单位 {unit}：{rows} 行")
