"""Changing the keyring's file: a key is added, comes into use, and is taken out when nothing refers to it.

Every process reads the file anew when it has changed (crypto.Keyring.load), so a change works at once on this
machine. Where several machines serve one installation, a key is added everywhere before it is used anywhere.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fengqiao.kernel.crypto import Keyring, fresh_key

# One byte before each blind index holds its version.
MOST_INDEX_KEYS = 255


class NoMoreKeys(RuntimeError):
    """The keyring has had as many keys as an index can tell apart."""


def number_of(key_id: str) -> int:
    """k7 → 7."""
    return int(key_id.removeprefix("k"))


def newest(keys: Keyring) -> str:
    """The data key that was made last, in use or not yet."""
    return max(keys.data_keys, key=number_of)


def add_key(path: Path) -> Keyring:
    """Adds a data key and an index key, neither in use yet; returns the keyring with them."""
    with _changing(path) as raw:
        number = max(map(number_of, raw["data_keys"])) + 1
        version = max(map(int, raw["index_keys"])) + 1
        if version > MOST_INDEX_KEYS:
            raise NoMoreKeys(f"an index can tell {MOST_INDEX_KEYS} keys apart, and all have been used")
        raw["data_keys"][f"k{number}"] = fresh_key()
        raw["index_keys"][str(version)] = fresh_key()
        raw.setdefault("since", {})[f"k{number}"] = datetime.now(UTC).isoformat(timespec="seconds")
    return Keyring.load(path)


def use_newest(path: Path) -> Keyring:
    """What is written from now on is protected with the newest keys."""
    with _changing(path) as raw:
        raw["current"] = max(raw["data_keys"], key=number_of)
        raw["index_version"] = max(map(int, raw["index_keys"]))
        raw.setdefault("since", {})[raw["current"]] = datetime.now(UTC).isoformat(timespec="seconds")
    return Keyring.load(path)


def drop_others(path: Path) -> Keyring:
    """Takes out every data and index key but those in use. What still refers to one is lost: ask before."""
    with _changing(path) as raw:
        raw["data_keys"] = {raw["current"]: raw["data_keys"][raw["current"]]}
        version = str(raw["index_version"])
        raw["index_keys"] = {version: raw["index_keys"][version]}
        raw["since"] = {key: at for key, at in raw.get("since", {}).items() if key == raw["current"]}
    return Keyring.load(path)


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """The file's content to change; written whole or not at all, one process at a time."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        raw = json.loads(path.read_text())
        if "index_keys" not in raw:
            raw["index_keys"] = {str(raw["index_version"]): raw.pop("index_key")}
        yield raw
        part = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(raw, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            # A key that is in use and then forgotten by the disk would take what it protects with it.
            os.fsync(folder)
        finally:
            os.close(folder)
