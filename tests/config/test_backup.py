"""The drill: a county is backed up and restored on a new machine's folder, by the commands that a person runs."""

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pyrage
import pytest

from fengqiao.config.environment import DatabaseAddress
from fengqiao.config.local_postgres import local_server
from tests import installed_ground
from tests.config.test_doctor import run

pytestmark = [pytest.mark.prove, pytest.mark.siege]

# A file in the way that the program itself keeps one, and roots that hold the chains' ends.
KEEP_A_FILE = """
from uuid import UUID
from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.domain.storing import store
from fengqiao.places.models import Division
county = Division.objects.order_by("-code").values_list("code", flat=True)[0][:6]
with scope(Actor(UUID(int=0), "", Role.EXCHANGE, county, (county,))):
    store(county=county, name="note.txt", content="付清了\\n".encode())
"""


@dataclass
class County:
    """A small installation with its backup and the two keys."""

    surroundings: dict[str, str]
    home: Path
    archive: Path
    keys: Path
    identity: Path
    manifest: dict[str, Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("drill")
    yield folder
    shutil.rmtree(f"/var/lib/fengqiao/drill-{os.getpid()}", ignore_errors=True)


def new_home(place: Path, name: str) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if key == "FENGQIAO_PG_BIN" or not key.startswith("FENGQIAO_")
    }
    kept.pop("DJANGO_SETTINGS_MODULE")
    return kept | {
        "FENGQIAO_HOME": str(place / name),
        "FENGQIAO_SERVER_FOLDER": f"/var/lib/fengqiao/drill-{os.getpid()}",
    }


def copy_to(surroundings: dict[str, str]) -> None:
    """An installation that is set up already, in the home that the surroundings name."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("FENGQIAO_HOME", "FENGQIAO_SERVER_FOLDER"):
            monkeypatch.setenv(name, surroundings[name])
        installed_ground.copy_to(local_server())


@pytest.fixture(scope="module")
def county(place: Path) -> County:
    """Set up, filled, backed up."""
    old = new_home(place, "old")
    key = pyrage.x25519.Identity.generate()
    identity = place / "key.txt"
    identity.write_text(f"# for the drill\n{key}\n")
    (place / "safe").mkdir()
    archive, keys = place / "county.age", place / "safe" / "keys.age"
    copy_to(old)
    for step in (("shell", "-v", "0", "-c", KEEP_A_FILE), ("audit", "roots")):
        done = run(old, *step)
        assert done.returncode == 0, done.stderr
    recipient = str(key.to_public())
    done = run(old, "backup", str(archive), "--recipient", recipient, "--keys-to", str(keys), "--json")
    assert done.returncode == 0, done.stderr
    return County(old, place / "old", archive, keys, identity, json.loads(done.stdout))


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def restored(
    surroundings: dict[str, str], county: County, *more: str, **instead: Path
) -> CompletedProcess[str]:
    source = instead.get("source", county.archive)
    identity = instead.get("identity", county.identity)
    return run(surroundings, "restore", str(source), "--identity", str(identity), *more)


def test_what_was_backed_up_stands_again_on_a_new_machine(county: County, place: Path) -> None:
    new = new_home(place, "new")
    done = restored(new, county, "--keys", str(county.keys), "--json")
    assert done.returncode == 0, done.stderr
    proved = json.loads(done.stdout)
    assert proved["rows"] == sum(county.manifest["rows"].values()) > 100
    assert proved["audit_entries"] > 0 and proved["history_events"] > 0 and proved["missing"] == []

    files = digests(county.home / "files")
    assert len(files) > 0
    assert digests(place / "new" / "files") == files
    assert digests(place / "new" / "roots") == digests(county.home / "roots")
    assert digests(place / "new" / "keys") == digests(county.home / "keys")

    verified = run(new, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["broken"] == []
    assert json.loads(verified.stdout)["entries"] == proved["audit_entries"]

    # A second time it is no empty place any more: refused, and nothing is touched.
    before = digests(place / "new" / "files")
    again = restored(new, county)
    assert again.returncode == 1 and "is not empty" in again.stderr
    assert digests(place / "new" / "files") == before
    assert run(new, "audit", "verify").returncode == 0


def test_the_archive_shows_nothing_and_has_no_keys(county: County, place: Path) -> None:
    sealed = county.archive.read_bytes()
    keyring = json.loads((county.home / "keys" / "keyring.json").read_text())
    plain = pyrage.decrypt(
        sealed, [pyrage.x25519.Identity.from_str(county.identity.read_text().split("\n")[1])]
    )
    assert b"manifest.json" in plain and b"manifest.json" not in sealed
    for secret in (keyring["file_key"], keyring["index_keys"]["1"], keyring["signing_seed"]):
        assert secret.encode() not in plain
    assert (county.archive.stat().st_mode & 0o077, county.keys.stat().st_mode & 0o077) == (0, 0)
    assert [path.name for path in county.home.iterdir() if path.name.startswith(".backup-")] == []


def test_a_backup_is_not_written_over_and_needs_a_key(county: County, place: Path) -> None:
    before = hashlib.sha256(county.archive.read_bytes()).digest()
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    refusals = {
        "is there already": (str(county.archive), "--recipient", recipient),
        "name at least one public key": (str(place / "other.age"),),
        "is not a public key": (str(place / "other.age"), "--recipient", "age1nonsense"),
        "lie beside": (
            str(place / "other.age"), "--recipient", recipient, "--keys-to", str(place / "keys.age"),
        ),
    }  # fmt: skip
    for sentence, arguments in refusals.items():
        done = run(county.surroundings, "backup", *arguments)
        assert done.returncode == 1 and sentence in done.stderr, done.stderr
    assert not (place / "other.age").exists() and not (place / "keys.age").exists()
    assert hashlib.sha256(county.archive.read_bytes()).digest() == before


def test_a_wrong_key_or_a_cut_archive_changes_nothing(county: County, place: Path) -> None:
    empty = new_home(place, "empty")
    wrong = place / "wrong.txt"
    wrong.write_text(str(pyrage.x25519.Identity.generate()))
    cut = place / "cut.age"
    cut.write_bytes(county.archive.read_bytes()[: county.archive.stat().st_size // 2])
    for instead in ({"identity": wrong}, {"source": cut}):
        done = restored(empty, county, "--keys", str(county.keys), **instead)
        assert done.returncode == 1 and "cannot be decrypted" in done.stderr, done.stderr
        home = place / "empty"
        assert (
            not (home / "files").exists() and not (home / "roots").exists() and not (home / "keys").exists()
        )
        assert not [path for path in home.iterdir() if path.name.startswith(".restore-")]
    # Still empty enough for the right one.
    done = restored(empty, county, "--keys", str(county.keys))
    assert done.returncode == 0, done.stderr


# --- archives of other versions, and restorings that fail ----------------------------------------------------


def altered(county: County, place: Path, name: str, change: Callable[[Path, dict[str, Any]], None]) -> Path:
    """The county's archive with something else inside, whole for who only looks at digests."""
    key = pyrage.x25519.Identity.from_str(county.identity.read_text().split("\n")[1])
    inside = place / f"{name}-inside"
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(county.archive.read_bytes(), [key]))) as tar:
        tar.extractall(inside, filter="data")
    manifest = json.loads((inside / "manifest.json").read_text())
    change(inside, manifest)
    for each in manifest["files"]:
        manifest["files"][each] = hashlib.sha256((inside / each).read_bytes()).hexdigest()
    (inside / "manifest.json").write_text(json.dumps(manifest))
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in sorted(inside.rglob("*")):
            tar.add(path, str(path.relative_to(inside)), recursive=False)
    target = place / f"{name}.age"
    target.write_bytes(pyrage.encrypt(packed.getvalue(), [key.to_public()]))
    return target


def nothing_is_left(home: Path) -> None:
    assert digests(home / "files") == digests(home / "roots") == digests(home / "keys") == {}
    assert not (home / "restore-unfinished.json").exists()
    assert [path.name for path in home.iterdir() if path.name.startswith(".restore-")] == []


def test_a_backup_of_a_newer_version_is_refused_and_changes_nothing(county: County, place: Path) -> None:
    def newer(inside: Path, manifest: dict[str, Any]) -> None:
        manifest["migrations"].append(["matters", "9999_of_tomorrow"])

    home = new_home(place, "too-old")
    done = restored(home, county, "--keys", str(county.keys), source=altered(county, place, "newer", newer))
    assert done.returncode == 1
    assert "is of a newer version" in done.stderr and "matters.9999_of_tomorrow" in done.stderr
    nothing_is_left(place / "too-old")


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(county: County, place: Path) -> None:
    """The old installation is one whose last migration (it grants, and may be done again) is still to come."""
    old = new_home(place, "older")
    key = str(pyrage.x25519.Identity.from_str(county.identity.read_text().split("\n")[1]).to_public())
    forget = (
        "from django.db import connections; connections['owner'].cursor().execute("
        "\"DELETE FROM django_migrations WHERE (app, name) = ('config', '0001_grants')\")"
    )
    archive = place / "older.age"
    copy_to(old)
    for step in (
        ("shell", "-v", "0", "-c", forget),
        ("backup", str(archive), "--recipient", key, "--keys-to", str(place / "safe" / "older-keys.age")),
    ):
        done = run(old, *step)
        assert done.returncode == 0, done.stderr
    home = new_home(place, "newer")
    done = restored(home, county, "--keys", str(place / "safe" / "older-keys.age"), "--json", source=archive)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["migrated"] == 1
    found = {each["subject"]: each["level"] for each in json.loads(run(home, "doctor", "--json").stdout)}
    assert (found["tables"], found["walls"]) == ("ok", "ok")


def test_a_restoring_that_fails_takes_everything_away_again(county: County, place: Path) -> None:
    def broken(inside: Path, manifest: dict[str, Any]) -> None:
        dump = inside / "database.dump"
        dump.write_bytes(dump.read_bytes()[:-2000])

    home = new_home(place, "failed")
    done = restored(home, county, "--keys", str(county.keys), source=altered(county, place, "broken", broken))
    assert done.returncode == 1 and "pg_restore" in done.stderr, done.stderr
    nothing_is_left(place / "failed")
    # The same place takes the right one.
    done = restored(home, county, "--keys", str(county.keys))
    assert done.returncode == 0, done.stderr


def killed_when(surroundings: dict[str, str], there: Callable[[], bool], *arguments: str) -> None:
    """Runs a command and kills it with -9 as soon as something is there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fengqiao", *arguments],
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while not there():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.002)
    process.kill()
    process.wait()


def test_a_restoring_that_was_killed_is_cleared_by_the_next(county: County, place: Path) -> None:
    home = new_home(place, "killed")
    note = place / "killed" / "restore-unfinished.json"
    arguments = (str(county.archive), "--identity", str(county.identity), "--keys", str(county.keys))
    killed_when(home, lambda: note.exists() and (place / "killed" / "keys").exists(), "restore", *arguments)
    assert note.exists() and len(digests(place / "killed" / "files")) > 0
    # Nobody begins to work in half a county.
    done = run(home, "setup", "-v", "0")
    assert done.returncode == 1 and "a restoring was interrupted here" in done.stderr
    done = run(home, "restore", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == sum(county.manifest["rows"].values())
    assert digests(place / "killed" / "files") == digests(county.home / "files")
    assert not note.exists()
    assert [path.name for path in (place / "killed").iterdir() if path.name.startswith(".restore-")] == []


def test_a_county_that_was_worked_in_since_is_never_cleared(county: County, place: Path) -> None:
    home = new_home(place, "worked-in")
    done = restored(home, county, "--keys", str(county.keys))
    assert done.returncode == 0, done.stderr
    address = json.loads((place / "worked-in" / "local-server.json").read_text())["url"]
    note = place / "worked-in" / "restore-unfinished.json"
    left = {
        "database": replace(DatabaseAddress.parse(address), password="").url(),
        "audit": {"chains": 0, "sha256": "of another moment"},
        "folders": [str(place / "worked-in" / "files")],
        "keyring": None,
    }
    note.write_text(json.dumps(left))
    done = restored(home, county)
    assert done.returncode == 1 and "has been worked in since" in done.stderr
    note.write_text(json.dumps(left | {"database": "postgresql://owner@elsewhere/fengqiao"}))
    done = restored(home, county)
    assert done.returncode == 1 and "into postgresql://owner@elsewhere/fengqiao" in done.stderr
    note.unlink()
    assert digests(place / "worked-in" / "files") == digests(county.home / "files")
    assert run(home, "audit", "verify").returncode == 0


def test_a_backup_that_was_killed_leaves_nothing_after_the_next(county: County, place: Path) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    folder = place / "nightly"
    folder.mkdir()

    def parts() -> list[Path]:
        return [*county.home.glob(".backup-*"), *folder.glob(".*.part")]

    killed_when(
        county.surroundings, lambda: len(parts()) == 2, "backup", str(folder), "--recipient", recipient
    )
    assert len(parts()) == 2
    done = run(county.surroundings | {"FENGQIAO_BACKUP_RECIPIENTS": recipient}, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert parts() == []
    assert len([path for path in folder.iterdir() if path.suffix == ".age"]) == 1


def test_two_backups_of_one_home_do_not_run_at_once(county: County, place: Path) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    with (county.home / "backup.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        done = run(county.surroundings, "backup", str(place / "second.age"), "--recipient", recipient)
    assert done.returncode == 1 and "another backup is at work" in done.stderr
    assert not (place / "second.age").exists()
