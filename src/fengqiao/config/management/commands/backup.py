"""`fengqiao backup`."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config.backing_up import BackupError, back_up
from fengqiao.kernel import clock


class Command(BaseCommand):
    help = "Back up database, files and signed roots of one moment into one encrypted file."
    examples = ("fengqiao backup /backups/2026-01-01.age --recipient age1… --keys-to /safe/keys.age",)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target",
            type=Path,
            help="the file to write, not there yet; or a folder, for one named after the moment",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="a public key of age (age1…); may be repeated (default: FENGQIAO_BACKUP_RECIPIENTS, with commas)",
        )
        parser.add_argument("--keys-to", type=Path, help="the keyring, encrypted, into a file elsewhere")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["target"]
        if target.is_dir():
            target /= f"{clock.now():%Y-%m-%dT%H%M%S}Z.age"
        named = os.environ.get("FENGQIAO_BACKUP_RECIPIENTS", "").split(",")
        recipients = options["recipient"] or [each.strip() for each in named if each.strip()]
        try:
            manifest = back_up(target, recipients, keys_to=options["keys_to"], tell=self.stderr.write)
        except BackupError as trouble:
            raise CommandError(str(trouble)) from trouble
        for name in manifest["missing"]:
            self.stderr.write(self.style.WARNING(f"missing on the disk, so not in the backup: {name}"))
        if options["json"]:
            self.stdout.write(json.dumps(manifest, ensure_ascii=False))
        else:
            size = target.stat().st_size
            self.stdout.write(f"{target}: {size} bytes, {len(manifest['files'])} files")
