"""`fengqiao serve`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fengqiao.config import environment, supervisor


class Command(BaseCommand):
    help = "Serve the pages (set-up and migrations are done before, by `fengqiao setup`)."
    examples = ("fengqiao serve --host 0.0.0.0 --port 8000 --processes 4",)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=environment.host())
        parser.add_argument("--port", type=int, default=environment.port())
        parser.add_argument("--processes", type=int, default=2, help="default: 2")
        parser.add_argument("--threads", type=int, default=4, help="of each process (default: 4)")

    def handle(self, *args: Any, **options: Any) -> None:
        command = supervisor.web_command(
            options["host"], options["port"], workers=options["processes"], threads=options["threads"]
        )
        supervisor.become(command)
