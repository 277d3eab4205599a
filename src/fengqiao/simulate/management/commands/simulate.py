"""``fengqiao simulate``"""

from __future__ import annotations

import json
import signal
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config import arriving, demo_county
from fengqiao.kernel import clock
from fengqiao.simulate import county


class Command(BaseCommand):
    help = (
        "Play a county (恩平市: real divisions, invented people): citizens come, officers and departments act, "
        "day after day, through the same functions as every desk. The same seed plays the same days. A run that "
        "was stopped goes on where it stopped."
    )
    examples = (
        "fengqiao simulate --days 30 --per-day 35",
        "fengqiao simulate --days 90 --until 2026-06-30 --json",
    )
    # They load every page's template code, which a play never needs.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_count, default=30, help="how many days (default: 30)")
        parser.add_argument(
            "--per-day", type=float, default=35.0, help="matters a day, a week's average (default: 35)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number, other days (default: 1)")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day (default: today)")
        parser.add_argument("--json", action="store_true", help="end with one JSON line on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        until = options["until"] or clock.today()
        if until > clock.today():
            raise CommandError("the play ends today at the latest: nobody knows tomorrow")
        if options["per_day"] <= 0:
            raise CommandError("--per-day must be more than nothing")
        plan = county.Plan(
            seed=options["seed"],
            first=until - timedelta(days=options["days"] - 1),
            until=until,
            per_day=options["per_day"],
        )
        self.started, self.shown = time.monotonic(), 0.0
        try:
            with _asked_to_end() as self.is_over:
                county.take_in()
                told = county.play(plan, listener=self._progress)
            demo_county.played(seed=plan.seed, until=plan.until)
        except county.NotThisDatabase as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            arriving.tell_end()
        sys.stderr.write("\n")
        self._report(told, options["json"])

    def _progress(self, told: county.Told) -> None:
        if self.is_over():
            raise SystemExit(128 + signal.SIGTERM)
        now = time.monotonic()
        if now - self.shown < 0.5 and told.days < len(told.plan.days):
            return
        self.shown = now
        arriving.tell(done=told.matters, total=told.plan.matters)
        pace = told.acts / max(now - self.started, 0.001)
        sys.stderr.write(
            f"\r{told.day} · day {told.days} of {len(told.plan.days)} · {told.matters} matters · "
            f"{told.acts} acts · {pace:.0f}/s "
        )
        sys.stderr.flush()

    def _report(self, told: county.Told, as_json: bool) -> None:
        seconds = time.monotonic() - self.started
        sums = {
            "first": told.plan.first.isoformat(),
            "until": told.plan.until.isoformat(),
            "matters": told.matters,
            "registered": told.registered,
            "acts": told.acts,
            "refused": told.refused,
            "refusals": told.refusals,
            "seconds": round(seconds, 1),
        }
        if as_json:
            self.stdout.write(json.dumps(sums, ensure_ascii=False))
            return
        self.stdout.write(
            f"{told.plan.first} to {told.plan.until}: {told.registered} matters registered, {told.acts} acts, "
            f"{told.refused} refused, {seconds:.1f} s; {told.matters} matters in all"
        )
        for name, number in sorted(told.refusals.items()):
            self.stdout.write(f"  refused {number} × {name}")


@contextmanager
def _asked_to_end() -> Iterator[Callable[[], bool]]:
    """Whether the process was asked to end (SIGTERM): it does so between two acts."""
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGTERM, before)


def _count(said: str) -> int:
    try:
        number = int(said)
    except ValueError as wrong:
        raise ArgumentTypeError(f"not a number: {said}") from wrong
    if not 1 <= number <= 3660:
        raise ArgumentTypeError("between 1 and 3660 days")
    return number
