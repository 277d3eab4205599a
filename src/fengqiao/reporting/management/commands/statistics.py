"""``fengqiao statistics``: holds a form against the ledger; fails where a number cannot be accounted for."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.places.queries.acting import exchange_of
from fengqiao.reporting.periods import period_of, quarter_of
from fengqiao.reporting.queries.mediation_proofs import proved
from fengqiao.reporting.queries.mediation_statistics import TOTAL


class Command(BaseCommand):
    help = "Hold the mediation statistics of a period against the ledger; restricted matters are not counted."
    examples = ("fengqiao statistics", "fengqiao statistics --period 2026Q3 --county 440785 --json")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--period", default="", help="a quarter (2026Q4) or a year; this quarter otherwise"
        )
        parser.add_argument("--county", default=None, help="six digits, where several are served")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        period = period_of(options["period"]) if options["period"] else quarter_of(clock.today())
        if period is None:
            raise CommandError(f"“{options['period']}”不是时期，请写成 2026Q4 或 2026。")
        try:
            actor = exchange_of(options["county"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        with scope(actor):
            form, proofs = proved(actor, period)
        if options["json"]:
            told = [
                {"proof": each.id, "form": each.form, "ledger": each.ledger, "differ": each.differ}
                for each in proofs
            ]
            document = {
                "period": period.key,
                "county": actor.county,
                "begun": form.value(TOTAL, "begun"),
                "ended": form.value(TOTAL, "ended"),
                "proofs": told,
                "holds": all(each.holds for each in proofs),
            }
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            for each in proofs:
                mark = "=" if each.equal else "≈" if each.holds else "≠"
                self.stdout.write(
                    f"{each.form} {mark} {each.ledger}  {each.label} {' '.join(each.differ[:20])}"
                )
        if not all(each.holds for each in proofs):
            raise CommandError("the form does not equal the ledger")
