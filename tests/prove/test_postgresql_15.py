"""The tests of walls, history, queue and import once more, on Debian's PostgreSQL 15.

The wheel's server is newer than the one that many counties have: what only the newer one takes is found here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fengqiao.config.environment import PROJECT

pytestmark = [pytest.mark.prove, pytest.mark.siege]
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PARTS = (
    "tests/config/test_local_postgres.py",
    "tests/walls/test_grants.py",
    "tests/walls/test_raw_sql.py",
    "tests/audit/test_recording.py",
    "tests/audit/test_roots.py",
    "tests/audit/test_verification.py",
    "tests/matters/test_history.py",
    "tests/flows/test_registering_at_once.py",
    "tests/exchange/test_import.py",
    "tests/exchange/test_import_runs.py",
    "tests/exchange/test_exports_at_once.py",
    "tests/exchange/test_webhook_killed.py",
)


@pytest.mark.skipif(
    not PROGRAMS.is_dir() and os.environ.get("CI") != "true",
    reason="PostgreSQL 15 is not installed (apt-get install postgresql-15)",
)
def test_the_same_holds_on_postgresql_15() -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FENGQIAO_", "PYTEST_")) and name != "DJANGO_SETTINGS_MODULE"
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--maxfail=5", *PARTS],
        cwd=PROJECT,
        env=kept | {"FENGQIAO_PG_BIN": str(PROGRAMS)},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    sys.stdout.write(done.stdout[-4000:])
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
