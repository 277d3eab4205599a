from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.audit.domain.roots import write_roots
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests import small_county, template_database
from tests.small_county import SmallCounty


@dataclass
class Story:
    """A county whose acts are committed and whose roots were signed; ``settled`` went a long way."""

    county: SmallCounty
    settled: Matter
    registered: Matter
    roots: Path
    chain: str
    end: int


@pytest.fixture(scope="module")
def story(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    with django_db_blocker.unblock():
        with transaction.atomic():
            county = small_county.build()
        settled = small_county.brought_to(county, State.SETTLED)
        registered = small_county.registered(county, title="楼上漏水，装修损坏")
        roots = tmp_path_factory.mktemp("roots")
        write_roots(roots)
        with connections["owner"].cursor() as cursor:
            # One chain, but for a county that works over the full hour: then the longer one.
            cursor.execute(
                "SELECT chain, max(seq) FROM audit_entry GROUP BY chain ORDER BY 2 DESC, 1 LIMIT 1"
            )
            chain, end = cursor.fetchone()
        yield Story(county, settled, registered, roots, chain, end)
        template_database.copy_template()


@pytest.fixture
def owner(story: Story) -> Iterator[Any]:
    """A cursor of the tables' owner with the bolts off; what is done with it is undone after the test."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("audit_entry", "matters_historyevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        yield cursor
        transaction.set_rollback(True, using="owner")
