"""Pictures that everybody may see: what the camera wrote into them (place, time, device) is taken out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.files.domain.kinds import media_type
from fengqiao.kernel.errors import Invalid

LARGEST = 1024 * 1024
JPEG, PNG = "image/jpeg", "image/png"
# Of a PNG only what is needed to draw it.
DRAWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM"})


def bare(name: str, content: bytes) -> tuple[str, bytes]:
    """Media type and content of a picture without notes of the camera; ``Invalid`` (field ``picture``) otherwise."""
    if len(content) > LARGEST:
        raise Invalid({"picture": _("照片最大 1 MB，请压缩后再上传。")})
    try:
        kind = media_type(name, content)
    except Invalid as wrong:
        raise Invalid({"picture": next(iter(wrong.errors.values()))}) from wrong
    if kind not in (JPEG, PNG):
        raise Invalid({"picture": _("照片请用 JPEG 或者 PNG。")})
    try:
        return kind, (_jpeg if kind == JPEG else _png)(content)
    except (IndexError, ValueError) as broken:
        raise Invalid({"picture": _("这张照片已损坏，请换一张。")}) from broken


def _jpeg(content: bytes) -> bytes:
    kept, at = bytearray(content[:2]), 2
    while True:
        if content[at] != 0xFF:
            raise ValueError(at)
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:
            raise ValueError(at)
        # Application data but JFIF's own and Adobe's (colours), and comments.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept += content[at : at + 2 + length]
        at += 2 + length
        if marker == 0xDA:
            return bytes(kept + content[at:])


def _png(content: bytes) -> bytes:
    kept, at = bytearray(content[:8]), 8
    while True:
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + length
        if len(name) != 4 or end > len(content):
            raise ValueError(at)
        if name in DRAWN:
            kept += content[at:end]
        at = end
        if name == b"IEND":
            return bytes(kept)
