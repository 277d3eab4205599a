"""``fengqiao clocks explain``"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.accounts.scope import scope
from fengqiao.clocks.counting import Facts, Length, Pause, Span, Terms, Unit, explained
from fengqiao.clocks.queries.calendar import county_calendar, shipped
from fengqiao.clocks.wording import sentences
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.kernel.errors import Refusal
from fengqiao.kernel.working_days import Calendar
from fengqiao.places.queries.acting import exchange_of
from fengqiao.rules.queries.limits import all_limits


class Command(BaseCommand):
    help = "Count a limit from its start and tell it day by day."
    examples = (
        "fengqiao clocks explain --limit petition.resolve --start 2026-09-02",
        "fengqiao clocks explain --limit medical.mediate --start 2026-09-01 --pause 2026-09-14..2026-09-28 --json",
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        told = what.add_parser("explain", help="one limit, each day of it")
        told.add_argument("--limit", required=True, help="as in `fengqiao rules list --table limits`")
        told.add_argument("--start", required=True, help="the day (2026-09-02) or moment (2026-09-02T09:20)")
        told.add_argument(
            "--pause",
            action="append",
            default=[],
            help="first day that does not count..first that does again",
        )
        told.add_argument(
            "--county", default="", help="six digits: with this county's own notices and closures too"
        )
        told.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = all_limits().get(options["limit"])
        if limit is None:
            raise CommandError(
                f"没有“{options['limit']}”这条时限。fengqiao rules list --table limits 列出全部。"
            )
        pauses = tuple(_pause(each) for each in options["pause"])
        terms = Terms(Length(limit.n, Unit(limit.unit)), limit.rolls_over)
        told = explained(terms, Facts(_moment(options["start"]), pauses), _calendar(options["county"]))
        lines = sentences(told)
        if not options["json"]:
            self.stdout.write(f"{limit.step}（{limit.legal_basis}）")
            for line in lines:
                self.stdout.write(f"  {line}")
            return
        end = told.deadline
        document = {
            "limit": limit.id,
            "basis": limit.legal_basis,
            "start_day": told.start_day.isoformat(),
            "wanted": told.wanted,
            "spans": [_span(each) for each in told.spans],
            "last_day": end.last_day.isoformat() if end.last_day else None,
            "due": end.due.isoformat() if end.due else None,
            "unknown_years": list(end.unknown_years),
            "sentences": lines,
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False))


def _calendar(county: str) -> Calendar:
    """The county's calendar, read as its exchange post; without a county the one that comes with the program."""
    if not county:
        return shipped()
    try:
        with scope(exchange_of(county)):
            return county_calendar(county)
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal


def _span(span: Span) -> dict[str, Any]:
    return {
        "kind": span.kind.value,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "days": span.days,
        "day_kind": span.day_kind.value if span.day_kind else None,
        "name": span.name,
    }


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}”不是日期，请写成 2026-09-02 或 2026-09-02T09:20。") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _pause(text: str) -> Pause:
    since, dots, until = text.partition("..")
    if not dots:
        raise CommandError(
            f"“{text}”不是一段中止，请写成 2026-09-14..2026-09-28，没有结束的写成 2026-09-14.."
        )
    first = datetime.combine(_moment(since).date(), time(), SHANGHAI)
    last = datetime.combine(_moment(until).date(), time(), SHANGHAI) if until else None
    if last is not None and last < first:
        raise CommandError(f"“{text}”：中止不能在开始之前结束。")
    return Pause(first, last)
