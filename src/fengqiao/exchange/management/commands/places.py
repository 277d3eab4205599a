"""``fengqiao places divisions`` and ``fengqiao places organisation``"""

from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.flows import organisation as flow
from fengqiao.kernel.errors import Invalid
from fengqiao.places.domain.divisions import SHIPPED_SINCE, SHIPPED_SOURCE, shipped_files


class Command(BaseCommand):
    help = "Take divisions (CSV) or an organisation (TOML: centres, departments, people, posts) in."
    examples = ("fengqiao places divisions", "fengqiao places organisation county.toml")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        divisions = what.add_parser(
            "divisions", help="columns code, name; valid_from and valid_until may follow"
        )
        divisions.add_argument("files", nargs="*", type=Path, help="without one: 江门市, which comes with it")
        divisions.add_argument("--source", default="", help="where the codes come from; needed with a file")
        divisions.add_argument(
            "--since", type=date.fromisoformat, help="valid from, where a row does not say"
        )
        organisation = what.add_parser("organisation", help="see docs/organisation.md")
        organisation.add_argument("file", type=Path)
        for each in (divisions, organisation):
            each.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        take = {"divisions": self._divisions, "organisation": self._organisation}[options["what"]]
        try:
            told = take(options)
        except Invalid as wrong:
            lines = [f"  {where}: {sentence}" for where, sentence in wrong.errors.items()]
            raise CommandError("\n".join(["没有导入任何内容，请改正：", *lines])) from wrong
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for name, value in told.items():
            if isinstance(value, dict):
                self.stdout.write(f"{name}:")
                for login, password in value.items():
                    self.stdout.write(f"  {login}  {password}")
            else:
                self.stdout.write(f"{name}: {value}")

    def _divisions(self, options: dict[str, Any]) -> dict[str, Any]:
        files, source = options["files"], options["source"]
        if files and not source:
            raise CommandError("请用 --source 写明代码的来源。")
        taken = flow.divisions(
            files or shipped_files(),
            source=source or SHIPPED_SOURCE,
            since=options["since"] or (date.today() if files else SHIPPED_SINCE),
        )
        counted = ("rows", "added", "renamed", "known", "kept")
        return {name: getattr(taken, name) for name in counted}

    def _organisation(self, options: dict[str, Any]) -> dict[str, Any]:
        taken = flow.organisation(options["file"], password=lambda login: secrets.token_urlsafe(9))
        return {
            "centres": taken.centres,
            "departments": taken.departments,
            "grids": taken.grids,
            "people": taken.people,
            "posts": taken.posts,
            "ended": taken.ended,
            "passwords": taken.passwords,
        }
