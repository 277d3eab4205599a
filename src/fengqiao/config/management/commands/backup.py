"""`fengqiao backup`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config.backing_up import BackupError, back_up


class Command(BaseCommand):
    help = "Back up database, files and signed roots of one moment into one encrypted file."
    examples = ("fengqiao backup /backups/2026-01-01.age --recipient age1… --keys-to /safe/keys.age",)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="the file to write; must not be there yet")
        parser.add_argument(
            "--recipient", action="append", default=[], help="a public key of age (age1…); may be repeated"
        )
        parser.add_argument("--keys-to", type=Path, help="the keyring, encrypted, into a file elsewhere")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = back_up(
                options["target"], options["recipient"], keys_to=options["keys_to"], tell=self.stderr.write
            )
        except BackupError as trouble:
            raise CommandError(str(trouble)) from trouble
        for name in manifest["missing"]:
            self.stderr.write(self.style.WARNING(f"missing on the disk, so not in the backup: {name}"))
        if options["json"]:
            self.stdout.write(json.dumps(manifest, ensure_ascii=False))
        else:
            size = options["target"].stat().st_size
            self.stdout.write(f"{options['target']}: {size} bytes, {len(manifest['files'])} files")
