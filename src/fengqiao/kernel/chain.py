"""Hash chains: the bytes as they were hashed, each link over the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fengqiao.kernel.crypto import sm3

START = b"\x00" * 32


def exact_bytes(content: Mapping[str, Any]) -> bytes:
    """One and only one way to write a content down: sorted keys, no blanks, UTF-8."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def link(previous: bytes, content: bytes) -> bytes:
    """The hash of a link: SM3 over the hash before it and its own bytes."""
    return sm3(bytes(previous), bytes(content))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
