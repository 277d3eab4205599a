"""Protection of personal data with the national algorithms: SM4-GCM, HMAC-SM3, SM3.

A protected value is bound to its county, row and field (associated data), so that it cannot be moved to
another row; it carries the identifier of its key, so that keys can rotate. A blind index is a keyed digest
per county and version: it finds equal values without decrypting and tells nothing across counties.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16


class KeyMissing(RuntimeError):
    """The keyring is absent or does not hold the key a value was protected with."""


class Tampered(RuntimeError):
    """A protected value does not belong to this row, or was changed."""


@dataclass(frozen=True)
class Keyring:
    """All keys of an installation by identifier; the current one protects what is new.

    ``since``: when each data key was made (ISO), where that is known. Older keys stay until nothing refers to
    them any more (kernel/keyring_file.py, config/rotating.py).
    """

    data_keys: dict[str, bytes]
    current: str
    index_keys: dict[int, bytes]
    index_version: int
    file_key: bytes
    signing_seed: bytes
    since: dict[str, str] = field(default_factory=dict)

    @property
    def index_key(self) -> bytes:
        """The key of the blind indexes that are written now."""
        return self.index_keys[self.index_version]

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Reads ``path``; raises ``KeyMissing`` with what to do when it is not there."""
        return _load(path, path.stat().st_mtime_ns) if path.exists() else _missing(path)

    @classmethod
    def create(cls, path: Path) -> Keyring:
        """Makes a new keyring file (0600) unless there is one; never overwrites keys."""
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = {
                "current": "k1",
                "data_keys": {"k1": fresh_key()},
                "index_keys": {"1": fresh_key()},
                "index_version": 1,
                "file_key": fresh_key(),
                "signing_seed": fresh_key(),
            }
            part = path.with_name(f".{path.name}.{os.getpid()}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                json.dump(fresh, handle, indent=1)
            # link() and not rename(): two processes that set up at once must not overwrite each other's keys.
            try:
                os.link(part, path)
            except FileExistsError:
                pass
            finally:
                part.unlink()
        return cls.load(path)

    def county_key(self, key_id: str, county: str) -> bytes:
        """The SM4 key (16 bytes) of one county under the data key ``key_id``."""
        if key_id not in self.data_keys:
            raise KeyMissing(f"the keyring does not hold {key_id!r}")
        return _derive(self.data_keys[key_id], f"sm4:{county}", 16)


@lru_cache(maxsize=4)
def _load(path: Path, _mtime: int) -> Keyring:
    raw = json.loads(path.read_text())
    # Keyrings from before keys could rotate hold one index key.
    index_keys = raw.get("index_keys") or {raw["index_version"]: raw["index_key"]}
    return Keyring(
        data_keys={name: base64.b64decode(key) for name, key in raw["data_keys"].items()},
        current=raw["current"],
        index_keys={int(version): base64.b64decode(key) for version, key in index_keys.items()},
        index_version=int(raw["index_version"]),
        file_key=base64.b64decode(raw["file_key"]),
        signing_seed=base64.b64decode(raw["signing_seed"]),
        since=dict(raw.get("since", {})),
    )


def _missing(path: Path) -> Keyring:
    raise KeyMissing(f"no keyring at {path}: run `fengqiao setup`")


def fresh_key() -> str:
    """A new key of 256 bits, as it stands in the keyring's file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@lru_cache(maxsize=256)
def _derive(key: bytes, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=hashes.SM3(), length=length, salt=None, info=purpose.encode()).derive(key)


def sm3(*parts: bytes) -> bytes:
    """The SM3 digest (32 bytes) of the parts, one after the other."""
    digest = hashes.Hash(hashes.SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def keyed_digest(key: bytes, value: bytes) -> bytes:
    """HMAC-SM3, 32 bytes."""
    mac = HMAC(key, hashes.SM3())
    mac.update(value)
    return mac.finalize()


def protect(keys: Keyring, *, county: str, row: str, field: str, value: str) -> bytes:
    """Encrypts a text for one field of one row; see ``protect_bytes``."""
    return protect_bytes(keys, county=county, row=row, field=field, value=value.encode())


def protect_bytes(keys: Keyring, *, county: str, row: str, field: str, value: bytes) -> bytes:
    """Encrypts ``value`` for one field of one row. Returns key id, nonce, text and tag in one piece."""
    key_id = keys.current.encode()
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(keys.county_key(keys.current, county)), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound_to(county, row, field))
    text = encryptor.update(value) + encryptor.finalize()
    return bytes([len(key_id)]) + key_id + nonce + text + encryptor.tag


def reveal(keys: Keyring, *, county: str, row: str, field: str, protected: bytes) -> str:
    """Decrypts what ``protect`` made; raises ``Tampered`` when it was moved or changed."""
    return reveal_bytes(keys, county=county, row=row, field=field, protected=protected).decode()


def reveal_bytes(keys: Keyring, *, county: str, row: str, field: str, protected: bytes) -> bytes:
    """Decrypts what ``protect_bytes`` made; raises ``Tampered`` when it was moved or changed."""
    protected = bytes(protected)
    key_id = key_of(protected)
    rest = protected[1 + protected[0] :]
    nonce, text, tag = rest[:NONCE_BYTES], rest[NONCE_BYTES:-TAG_BYTES], rest[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(keys.county_key(key_id, county)), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(_bound_to(county, row, field))
    try:
        return decryptor.update(text) + decryptor.finalize()
    except InvalidTag as wrong:
        raise Tampered(f"{field} of {row}") from wrong


def blind_index(keys: Keyring, *, county: str, kind: str, value: str, version: int | None = None) -> bytes:
    """A keyed digest that finds equal values of one kind in one county: version byte and 16 bytes.

    What is written carries the current version; what is looked for may be of any: ``blind_indexes``.
    """
    version = version or keys.index_version
    key = _derive(keys.index_keys[version], f"index:{version}:{county}:{kind}", 32)
    return bytes([version]) + keyed_digest(key, value.encode())[:16]


def blind_indexes(keys: Keyring, *, county: str, kind: str, value: str) -> list[bytes]:
    """The indexes under which a value may stand: one, and while keys rotate one for each index key."""
    return [
        blind_index(keys, county=county, kind=kind, value=value, version=version)
        for version in sorted(keys.index_keys, reverse=True)
    ]


def key_of(protected: bytes) -> str:
    """The identifier of the key that a value (or its first bytes) was protected with."""
    return bytes(protected)[1 : 1 + protected[0]].decode()


def content_name(keys: Keyring, *, county: str, digest: bytes) -> str:
    """The stored name of a file: keyed per county, so that nobody learns across walls who has the same."""
    return keyed_digest(_derive(keys.file_key, f"file-name:{county}", 32), digest).hex()


def _bound_to(county: str, row: str, field: str) -> bytes:
    return f"{county}|{row}|{field}".encode()


def same(left: bytes, right: bytes) -> bool:
    """Comparison that takes the same time wherever the first difference is."""
    return hmac.compare_digest(bytes(left), bytes(right))
