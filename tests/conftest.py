"""What every test may ask for.

Tests run as the application's role, under the walls. `db` rolls back at the end; `committed_db` is for tests
that must commit (walls between sessions, other processes, jobs) and gets a fresh database afterwards. The
alias "owner" is there for tests that attack as the tables' owner: in `db` name it by
``@pytest.mark.django_db(databases=["default", "owner"])``; what one alias has not committed, the other does
not see.
"""

import gc
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


# The machine's own Chromium, under any of the names that it goes by; the one without windows first, which takes a
# quarter less time.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program of the browser for the journeys."""
    found = find_chromium()
    assert found, "no Chromium is installed (apt-get install chromium)"
    return found


# A file is taken whole by one process, which makes its county, its server and its browser once. The longest files
# come first: a process that took one of them last would keep the others waiting.
LONGEST = (
    "prove/test_import.py", "prove/test_contract.py", "config/test_backup.py",
    "journeys/test_mediated.py", "prove/test_webhooks_under_kills.py", "prove/test_postgresql_15.py",
    "prove/test_faults.py",
    "prove/test_deploy.py", "prove/test_disk_and_clock.py",
    "walls/test_web_doors.py", "walls/test_api_doors.py", "walls/test_visibility_matrix.py",
    "simulate/test_county.py", "journeys/test_window_to_settled.py",
    "journeys/test_keyboard_and_layout.py",
    "matters/test_step_table.py", "config/test_doctor.py", "journeys/test_bad_input.py",
    "config/test_production.py", "journeys/test_mediation_and_papers.py", "api/test_contract.py",
    "journeys/test_clock_to_settled.py", "journeys/test_whistle.py", "web/test_matter_page.py",
    "dispatch/test_handling.py", "journeys/test_importing.py", "journeys/test_security_key.py",
    "config/test_local_postgres.py", "journeys/test_bulk_and_export.py",
)  # fmt: skip


def _place_in_the_run(item: pytest.Item) -> int:
    file = "/".join(item.path.parts[-2:])
    return LONGEST.index(file) if file in LONGEST else len(LONGEST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place_in_the_run)
    # In CI there must be one, and a journey without it fails in its fixture.
    no_browser = find_chromium() is None and os.environ.get("CI") != "true"
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: ask for committed_db instead of transaction=True")
        if no_browser and item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.skip(reason="no Chromium is installed (apt-get install chromium)"))


def pytest_collection_finish() -> None:
    # What is there by now stays until the end, and is large: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
