"""Signed roots of the audit's chains, written where the owner of the database cannot reach.

A chain proves that nothing inside it was changed or removed; that its end is still there is provable only
against something outside. A root is one line of JSON a county: the ends of the chains that grew since the
line before, the hash of that line, and a signature (Ed25519). An outsider needs the folder, the public key
in it and ``fengqiao audit verify``.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import ChainHead
from fengqiao.kernel import chain
from fengqiao.kernel.codes import county_of
from fengqiao.kernel.crypto import Keyring, sm3
from fengqiao.places.models import Division

NO_COUNTY = "000000"
PUBLIC_KEY = "public.pem"
# A chain is named by its hour and can grow until the transactions that began in it have ended.
STILL_GROWING = timedelta(hours=2)


class BrokenRoots(ValueError):
    """The file of roots itself does not hold together: line and reason."""


def write_roots(folder: Path | None = None) -> dict[str, int]:
    """Writes one line for each county whose chains grew. Returns how many chains each line names."""
    folder = folder or settings.AUDIT_ROOTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.from_private_bytes(Keyring.load(settings.KEYRING).signing_seed)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if not (folder / PUBLIC_KEY).exists():
        (folder / PUBLIC_KEY).write_bytes(public)
    written = {}
    for county in sorted(_counties()):
        grown = _grown(county, _last_line(folder / f"{county}.jsonl"))
        if grown:
            _append(folder / f"{county}.jsonl", county, grown, key)
            written[county] = len(grown)
    return written


def read_roots(path: Path, public_key: Path) -> list[tuple[str, int, bytes]]:
    """Every end of a chain that was ever signed, from a file of roots whose lines and signatures hold.

    All of them count, not the last alone: whoever cuts a chain that still grows has its shorter end signed
    with the next line. Raises ``BrokenRoots`` naming the first line that was changed, removed or not signed
    by the key.
    """
    key = load_pem_public_key(public_key.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise BrokenRoots(f"{public_key}: not an Ed25519 key")
    ends: list[tuple[str, int, bytes]] = []
    previous = chain.START.hex()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            content = json.loads(line)
            signature = bytes.fromhex(content.pop("signature"))
            key.verify(signature, chain.exact_bytes(content))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as wrong:
            raise BrokenRoots(f"{path.name}, line {number}: the signature does not hold") from wrong
        if content["previous"] != previous:
            raise BrokenRoots(f"{path.name}, line {number}: a line before it is missing or was changed")
        previous = sm3(line.encode()).hex()
        for name, (count, digest) in content["chains"].items():
            ends.append((name, int(count), bytes.fromhex(digest)))
    return ends


def _counties() -> set[str]:
    found = Division.objects.filter(code__endswith="000000").values_list("code", flat=True)
    return {county_of(code) for code in found} | {NO_COUNTY}


def _grown(county: str, last: dict[str, Any] | None) -> dict[str, list[Any]]:
    nobody = Actor(person_id=UUID(int=0), name="", role=Role.EXCHANGE, county=county)
    with scope(nobody):
        heads = ChainHead.objects.filter(county=county)
        if last is not None:
            since = datetime.fromisoformat(last["at"]) - STILL_GROWING
            heads = heads.filter(chain__gte=f"{county}/{since:%Y%m%d%H}")
        ends = {head.chain: [head.count, bytes(head.hash).hex()] for head in heads.order_by("chain")}
    known = last["chains"] if last is not None else {}
    return {name: end for name, end in ends.items() if known.get(name) != end}


def _append(path: Path, county: str, chains: dict[str, list[Any]], key: Ed25519PrivateKey) -> None:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    content: dict[str, Any] = {
        "v": 1,
        "county": county,
        "at": datetime.now(UTC).isoformat(),
        "chains": chains,
        "previous": sm3(lines[-1].encode()).hex() if lines else chain.START.hex(),
    }
    content["signature"] = key.sign(chain.exact_bytes(content)).hex()
    with path.open("ab") as handle:
        handle.write(chain.exact_bytes(content) + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def _last_line(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    return json.loads(lines[-1]) if lines else None
