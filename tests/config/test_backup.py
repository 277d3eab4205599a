"""The drill: a county is backed up and restored on a new machine's folder, by the commands that a person runs."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pyrage
import pytest

from tests.config.test_doctor import run

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
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FENGQIAO_")}
    kept.pop("DJANGO_SETTINGS_MODULE")
    return kept | {
        "FENGQIAO_HOME": str(place / name),
        "FENGQIAO_SERVER_FOLDER": f"/var/lib/fengqiao/drill-{os.getpid()}",
    }


@pytest.fixture(scope="module")
def county(place: Path) -> County:
    """Set up, filled, backed up."""
    old = new_home(place, "old")
    key = pyrage.x25519.Identity.generate()
    identity = place / "key.txt"
    identity.write_text(f"# for the drill\n{key}\n")
    (place / "safe").mkdir()
    archive, keys = place / "county.age", place / "safe" / "keys.age"
    steps = [
        ("setup", "-v", "0"),
        ("simulate", "--days", "1", "--per-day", "3"),
        ("shell", "-v", "0", "-c", KEEP_A_FILE),
        ("audit", "roots"),
    ]
    for step in steps:
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
    for secret in (keyring["file_key"], keyring["index_key"], keyring["signing_seed"]):
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
