"""`fengqiao worker`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


class Command(BaseCommand):
    help = "Do the background work; any number of workers may run, on any number of machines."
    examples = ("fengqiao worker --concurrency 4",)
    # They load every page's template code, which a worker never needs, and cost a second at each start.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time (default: 4)")

    def handle(self, *args: Any, **options: Any) -> None:
        connector = app.connector
        if not isinstance(connector, DjangoConnector):  # pragma: no cover  Procrastinate's own arrangement
            raise TypeError("the worker expects Procrastinate's connector for Django")
        with app.replace_connector(connector.get_worker_connector()) as running:
            # A job that succeeded has left its trace in the domain; its row would only grow the table.
            running.run_worker(
                concurrency=options["concurrency"],
                delete_jobs="successful",
                shutdown_graceful_timeout=20,
            )
