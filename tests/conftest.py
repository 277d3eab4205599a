"""What every test may ask for.

Tests run as the application's role, under the walls. `db` rolls back at the end; `committed_db` is for tests
that must commit (walls between sessions, other processes, jobs) and gets a fresh database afterwards. The
alias "owner" is there for tests that attack as the tables' owner: in `db` name it by
``@pytest.mark.django_db(databases=["default", "owner"])``; what one alias has not committed, the other does
not see.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from tests import template_database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own copy of the migrated database."""
    with django_db_blocker.unblock():
        template_database.make_worker_database()
    yield
    with django_db_blocker.unblock():
        template_database.drop_worker_database()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which the test commits; thrown away after it (about a fifth of a second)."""
    with django_db_blocker.unblock():
        yield
        template_database.copy_template()


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """A request in English leaves its language in the thread: the next test begins in Chinese again."""
    yield
    translation.deactivate()


@pytest.fixture
def transactional_db(committed_db: None) -> None:
    """pytest-django's name for it. Its own would TRUNCATE, which the application's role may not."""


def find_chromium() -> str | None:
    """The machine's own Chromium, under any of the names that it goes by."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program of the browser for the journeys."""
    found = find_chromium()
    assert found, "no Chromium is installed (apt-get install chromium)"
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # In CI there must be one, and a journey without it fails in its fixture.
    no_browser = find_chromium() is None and os.environ.get("CI") != "true"
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: ask for committed_db instead of transaction=True")
        if no_browser and item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason="no Chromium is installed (apt-get install chromium)"))
