"""``fengqiao audit verify`` and ``fengqiao audit roots``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from fengqiao.audit.domain.roots import write_roots
from fengqiao.audit.queries.verification import Report, verify


class Command(BaseCommand):
    help = "Prove the chains of audit and history, or name the first broken link; write signed roots."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        verifying = what.add_parser("verify", help="prove all chains, or name the first broken link")
        verifying.add_argument("--roots", type=Path, help="folder of signed roots (default: FENGQIAO_ROOTS)")
        verifying.add_argument("--json", action="store_true", help="one JSON document on standard output")
        what.add_parser("roots", help="sign the ends of the chains now and put them into the folder of roots")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "roots":
            written = write_roots()
            for county, chains in written.items():
                self.stdout.write(f"{county}: {chains} chain(s) signed")
            self.stdout.write(f"roots: {settings.AUDIT_ROOTS}")
            return
        if "owner" not in connections.databases:
            raise CommandError("verifying reads as the tables' owner: set FENGQIAO_DATABASE_URL")
        if options["roots"] and not options["roots"].is_dir():
            raise CommandError(f"no such folder of roots: {options['roots']}")
        report = verify(roots=options["roots"] or settings.AUDIT_ROOTS)
        self._print_json(report) if options["json"] else self._print(report)
        if report.broken:
            raise SystemExit(1)

    def _print(self, report: Report) -> None:
        self.stdout.write(
            f"audit: {report.entries} links in {report.chains} chains, {report.rooted} ends held by signed roots"
        )
        self.stdout.write(
            f"history: {report.events} links of {report.matters} matters, {report.words} sentences"
        )
        if not report.broken:
            self.stdout.write(self.style.SUCCESS("all links hold"))
            return
        self.stdout.write(self.style.ERROR(f"broken: {len(report.broken)}"))
        for each in report.broken[:20]:
            self.stdout.write(f"  {each.where}: {each.what}")

    def _print_json(self, report: Report) -> None:
        document = {
            "entries": report.entries,
            "chains": report.chains,
            "events": report.events,
            "matters": report.matters,
            "words": report.words,
            "rooted": report.rooted,
            "broken": [{"where": b.where, "what": b.what} for b in report.broken or []],
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False))
