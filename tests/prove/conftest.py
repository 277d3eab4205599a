"""In which order the proofs are taken."""

from __future__ import annotations

import pytest

# The longest first: a process that took one of them last would keep all the others waiting.
LONGEST = (
    "test_backup.py",
    "test_import.py",
    "test_contract.py",
    "test_postgresql_15.py",
    "test_webhooks_under_kills.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
