"""`fengqiao doctor`."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand

from fengqiao.config.doctor import Finding, Level, look_over
from fengqiao.config.local_postgres import local_server
from fengqiao.config.production import look_over as look_over_production
from fengqiao.config.server_programs import LocalServerError


class Command(BaseCommand):
    help = "Look this installation over: what is wrong with it, and how to mend it."
    examples = ("fengqiao doctor", "fengqiao doctor --production --json")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a program to read")
        parser.add_argument(
            "--production",
            action="store_true",
            help="also refuse what is unsafe where real matters are kept (ends with 1)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = _findings(production=options["production"])
        if options["json"]:
            listed = [finding.as_dict() for finding in findings]
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1))
        else:
            self._print(findings)
        if any(finding.level is Level.FAIL for finding in findings):
            raise SystemExit(1)

    def _print(self, findings: list[Finding]) -> None:
        styles = {
            Level.OK: self.style.SUCCESS,
            Level.WARN: self.style.WARNING,
            Level.FAIL: self.style.ERROR,
        }
        for finding in findings:
            line = f"{finding.level:<4}  {finding.subject:<14}  {finding.text}"
            self.stdout.write(styles[finding.level](line))
            if finding.mend:
                self.stdout.write(f"      {'':<14}  → {finding.mend}")
        wrong = sum(finding.level is Level.FAIL for finding in findings)
        doubtful = sum(finding.level is Level.WARN for finding in findings)
        self.stdout.write(f"{wrong} to mend, {doubtful} to think about, {len(findings)} looked at")


def _findings(*, production: bool) -> list[Finding]:
    """With the local server running, where set-up has made one: else nothing could be said of its inside."""
    named = os.environ.get("FENGQIAO_DATABASE_URL") or os.environ.get("FENGQIAO_APP_DATABASE_URL")
    server = local_server()
    local = nullcontext() if named or not server.note.exists() else server.borrowed()
    looks = [look_over, *([look_over_production] if production else [])]
    try:
        with local:
            return [finding for look in looks for finding in look()]
    except LocalServerError as trouble:
        failed = Finding(Level.FAIL, "server", str(trouble), "mend that first, then run this again")
        return [*(finding for finding in look_over() if finding.subject != "database"), failed]
