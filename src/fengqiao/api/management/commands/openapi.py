"""`fengqiao openapi`."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from fengqiao.api.document import document


class Command(BaseCommand):
    help = "Print the OpenAPI document of the API."
    examples = ("fengqiao openapi > openapi.json",)
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(document(), ensure_ascii=False, indent=1))
