"""The Chinese fonts of the PDF files: open ones of the machine, and which characters they have."""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fengqiao.kernel.errors import Refusal

# What GB/T 9704 asks for stands first, for a county that has a licence; the open ones do for everybody.
SONG = ("Noto Serif CJK SC", "Source Han Serif SC")
HEI = ("Noto Sans CJK SC", "Source Han Sans SC")
BODY = ("FangSong_GB2312", "FangSong", "FandolFang R")
TITLE = ("FZXiaoBiaoSong-B05S",)
LABEL = ("SimHei", "FandolHei")
# Names of people that the common fonts do not have (fonts-hanazono, fonts-babelstone-han).
RARE = ("HanaMinA", "HanaMinB", "BabelStone Han")
FILES = re.compile(r"(Noto(Serif|Sans)CJK|SourceHan(Serif|Sans)|HanaMin|BabelStoneHan).*\.(ttc|otf|ttf)$")
# Private characters mean something else on each machine, whatever a font draws for them.
PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))


@dataclass(frozen=True)
class Fonts:
    """Families by their use in the order in which they are asked, and every character that one of them has."""

    held: typst.Fonts
    families: dict[str, tuple[str, ...]]
    known: frozenset[int]


def fonts() -> Fonts:
    """The fonts of this machine; raises ``Refusal`` where it has none with which Chinese can be set."""
    found = _found(tuple(settings.FONTS))
    if found is None:
        raise Refusal("no_fonts", _("服务器上没有中文字体，不能生成 PDF。请系统管理员运行 fengqiao doctor。"))
    return found


# A machine without fonts is asked anew once somebody has installed them and started the program again.
@cache
def _found(roots: tuple[str, ...]) -> Fonts | None:
    folders = sorted({str(path.parent) for root in roots for path in _files(Path(root))})
    held = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    there = set(held.families())
    if not there & set(SONG):
        return None
    uses = {"body": (*BODY, *SONG), "title": (*TITLE, *SONG), "label": (*LABEL, *HEI, *SONG)}
    families = {use: tuple(name for name in (*asked, *RARE) if name in there) for use, asked in uses.items()}
    return Fonts(held, families, _known(held, {name for names in families.values() for name in names}))


def _files(root: Path) -> Iterator[Path]:
    # A folder that somebody named holds what they want; the machine's own hold hundreds of others.
    named = bool(os.environ.get("FENGQIAO_FONTS"))
    for folder, _inner, names in os.walk(root):
        for name in names:
            if FILES.match(name) or (named and name.lower().endswith((".ttc", ".otf", ".ttf"))):
                yield Path(folder) / name


def _known(held: typst.Fonts, names: set[str]) -> frozenset[int]:
    # One face of a family speaks for its weights.
    faces = {face.family: face for face in held.fonts() if face.family in names and face.path}
    known: set[int] = set()
    for face in faces.values():
        known.update(characters_of(Path(str(face.path)), face.index))
    for first, last in PRIVATE:
        known -= {code for code in known if first <= code <= last}
    return frozenset(known)


def characters_of(path: Path, index: int = 0) -> Iterator[int]:
    """Every character that a face of an OpenType file or collection has a glyph for."""
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as font:
        start = struct.unpack_from(">I", font, 12 + 4 * index)[0] if font[:4] == b"ttcf" else 0
        for table in range(struct.unpack_from(">H", font, start + 4)[0]):
            tag, _sum, offset, _length = struct.unpack_from(">4sIII", font, start + 12 + 16 * table)
            if tag == b"cmap":
                yield from _mapped(font, offset)


def _mapped(font: mmap.mmap, cmap: int) -> Iterator[int]:
    for record in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        at = cmap + struct.unpack_from(">I", font, cmap + 4 + 8 * record + 4)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _glyph = struct.unpack_from(">III", font, at + 16 + 12 * group)
                yield from range(first, last + 1)
        elif kind == 4:
            count = struct.unpack_from(">H", font, at + 6)[0] // 2
            ends = struct.unpack_from(f">{count}H", font, at + 14)
            starts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
            for first, last in zip(starts, ends, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
