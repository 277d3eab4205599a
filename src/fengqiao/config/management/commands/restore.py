"""`fengqiao restore`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config.backing_up import BackupError
from fengqiao.config.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup into an empty installation and prove it: rows, files, chains."
    examples = (
        "FENGQIAO_HOME=/new fengqiao restore /backups/2026-01-01.age --identity key.txt --keys keys.age",
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("--identity", type=Path, required=True, help="file with the private key of age")
        parser.add_argument("--keys", type=Path, help="the file that `fengqiao backup --keys-to` wrote")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            proved = restore(
                options["source"], options["identity"], keys=options["keys"], tell=self.stderr.write
            )
        except BackupError as trouble:
            raise CommandError(str(trouble)) from trouble
        if options["json"]:
            self.stdout.write(json.dumps(proved, ensure_ascii=False))
            return
        self.stdout.write(
            f"restored and proved: {proved['rows']} rows, {proved['files']} files, "
            f"{proved['audit_entries']} links of the audit, {proved['history_events']} of the history"
        )
        if not proved["keyring"]:
            self.stdout.write("the keyring is missing: put it back before starting, or nothing can be read")
