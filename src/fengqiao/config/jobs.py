"""Set-up of the background work (Procrastinate): its tasks live in the rooms."""

from __future__ import annotations

from typing import Any


def on_app_ready(app: Any) -> None:
    """Called by Procrastinate when its app is ready; tasks.py modules are found by Django's autodiscovery."""
