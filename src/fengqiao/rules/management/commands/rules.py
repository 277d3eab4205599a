"""``fengqiao rules list`` and what rooms below bring (rules/subcommands.py)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.kernel.errors import Refusal
from fengqiao.places.queries.bodies import counties_with_a_centre
from fengqiao.rules import listing, subcommands


class Command(BaseCommand):
    help = "Show the rules of the trade that are data: each row with its reason and its basis."
    examples = (
        "fengqiao rules list --table track",
        "fengqiao rules list --table limits --json",
        "fengqiao rules list --table risk --json",
        "fengqiao rules replay --table track --draft 1 --from 2026-09-01 --to 2026-11-30",
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        shown = what.add_parser("list", help="the rows of a table, first row first")
        shown.add_argument("--table", required=True, help=f"one of: {', '.join(listing.known())}")
        shown.add_argument(
            "--county", default="", help="six digits; without it the county of this installation"
        )
        shown.add_argument("--json", action="store_true", help="one JSON document on standard output")

        for command in subcommands.known().values():
            command.add_arguments(what.add_parser(command.name, help=command.help))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] != "list":
            try:
                subcommands.known()[options["what"]].run(options, self.stdout.write)
            except Refusal as wrong:
                raise CommandError(str(wrong)) from wrong
            return
        try:
            found = listing.listed(
                options["table"], county=options["county"] or _county_here(options["table"])
            )
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        except KeyError:
            raise CommandError(
                f"没有“{options['table']}”这张表。可以列出：{'、'.join(listing.known())}"
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps({**found.about, "rows": found.rows}, ensure_ascii=False))
            return
        for name, value in found.about.items():
            self.stdout.write(f"{name}: {value}")
        for row in found.rows:
            self.stdout.write("  ".join(_plain(value) for value in row.values()))


def _county_here(table: str) -> str:
    """The county whose centre this installation serves; only limits differ by county."""
    if table != "limits":
        return ""
    counties = counties_with_a_centre()
    if len(counties) == 1:
        return counties[0]
    named = "、".join(counties) or "还没有县级综治中心"
    raise CommandError(f"请用 --county 写明哪个县（六位代码）：{named}")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {said}" for name, said in value.items()) or "—"
    return str(value)
