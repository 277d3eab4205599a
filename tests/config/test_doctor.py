"""`fengqiao setup` and `fengqiao doctor`, run as a person runs them, in a home of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a new installation."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == "FENGQIAO_PG_BIN" or not name.startswith("FENGQIAO_")
    }
    kept.pop("DJANGO_SETTINGS_MODULE")
    kept["FENGQIAO_HOME"] = str(tmp_path_factory.mktemp("installation") / "home")
    root_folder = Path(f"/var/lib/fengqiao/doctor-{os.getpid()}")
    yield kept | {"FENGQIAO_SERVER_FOLDER": str(root_folder)}
    if root_folder.exists():
        shutil.rmtree(root_folder)


def run(surroundings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fengqiao", *arguments],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def levels(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {finding["subject"]: finding["level"] for finding in json.loads(done.stdout)}


@pytest.mark.prove
def test_the_doctor_before_and_after_set_up(surroundings: dict[str, str]) -> None:
    before = run(surroundings, "doctor", "--json")
    assert before.returncode == 1, before.stderr
    found = levels(before)
    assert [found[subject] for subject in ("home", "roots", "keys", "database")] == ["ok"] + ["fail"] * 3
    advice = {finding["subject"]: finding["mend"] for finding in json.loads(before.stdout)}
    assert advice["roots"] == "run `fengqiao setup`"

    assert run(surroundings, "setup").returncode == 0
    again = run(surroundings, "setup", "-v", "0")
    assert (again.returncode, again.stderr) == (0, "")

    found = levels(run(surroundings, "doctor", "--json"))
    subjects = ("home", "keys", "database", "clock", "walls", "tables")
    assert [found[subject] for subject in subjects] == ["ok"] * len(subjects)
    assert found["worker"] == "warn"


@pytest.mark.prove
def test_the_doctor_names_what_others_can_read(surroundings: dict[str, str]) -> None:
    keyring = Path(surroundings["FENGQIAO_HOME"]) / "keys" / "keyring.json"
    keyring.chmod(0o644)
    done = run(surroundings, "doctor")
    keyring.chmod(0o600)
    assert done.returncode == 1
    assert f"chmod 600 {keyring}" in done.stdout


def test_set_up_without_the_owner_says_whose_address_is_missing(surroundings: dict[str, str]) -> None:
    done = run(surroundings | {"FENGQIAO_APP_DATABASE_URL": "postgresql://a:b@localhost/c"}, "setup")
    assert done.returncode == 1
    assert "set FENGQIAO_DATABASE_URL" in done.stderr


def test_an_unreachable_server_is_a_sentence_and_not_a_traceback(surroundings: dict[str, str]) -> None:
    nowhere = "postgresql://owner:word@127.0.0.1:1/fengqiao"
    done = run(surroundings | {"FENGQIAO_DATABASE_URL": nowhere}, "setup")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "postgresql://owner@127.0.0.1:1/fengqiao does not let us in" in done.stderr
    assert "word" not in done.stderr


def test_the_help_lists_our_commands_first(surroundings: dict[str, str]) -> None:
    done = run(surroundings, "--help")
    assert done.returncode == 0, done.stderr
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert {"demo", "doctor", "serve", "setup", "worker"} <= set(listed)
