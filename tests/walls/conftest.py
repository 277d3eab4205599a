from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import template_database
from tests.walls.ground import Ground, lay


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    """Committed once for a module; its tests undo what they do. Thrown away after it."""
    with django_db_blocker.unblock():
        yield lay()
        template_database.copy_template()
