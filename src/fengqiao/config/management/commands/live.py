"""`fengqiao live`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from fengqiao.config import environment, supervisor


class Command(BaseCommand):
    help = "Tell pages of new notices by themselves (server-sent events); one process, behind the same proxy."
    examples = ("fengqiao live --host 127.0.0.1 --port 8001",)
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=environment.host())
        parser.add_argument("--port", type=int, default=environment.port() + 1)

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor.become(supervisor.live_command(options["host"], options["port"]))
