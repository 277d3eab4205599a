"""``fengqiao steps``: draws the step tables into docs/."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config.environment import PROJECT
from fengqiao.dispatch.queries.diagram import LANGUAGES, document


class Command(BaseCommand):
    help = (
        "Draw the step tables into docs/steps.md and docs/steps.zh-CN.md; --check fails when they are stale."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when a drawing is stale"
        )
        parser.add_argument("--folder", type=Path, default=PROJECT / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, language in LANGUAGES.items():
            path: Path = options["folder"] / name
            drawn = document(language)
            if options["check"]:
                if not path.exists() or path.read_text(encoding="utf-8") != drawn:
                    stale.append(name)
            else:
                path.write_text(drawn, encoding="utf-8")
                self.stdout.write(f"drawn: {path}")
        if stale:
            raise CommandError(f"stale: {', '.join(stale)}; run `fengqiao steps`")
