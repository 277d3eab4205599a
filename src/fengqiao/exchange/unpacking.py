"""Whether a file may be opened at all: what it really is, and how large it becomes when unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

# A ledger of 300,000 rows with long texts stays below this; what is larger is a mistake or an attack.
MOST_UNPACKED = 512 * 1024 * 1024
AT_ONCE = 1024 * 1024
LOCAL_HEADER = 30
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
LEDGERS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
}
# A zip archive, and the container of the older office programs.
WORKBOOKS = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
WEB_PAGE = (b"<!doctype", b"<html", b"<table", b"<meta", b"<head", b"<body")


def is_web_page(path: Path) -> bool:
    """Whether it is a page of a browser, whatever it is called: many systems export such an "xls"."""
    with path.open("rb") as stream:
        return looks_like_web_page(stream.read(512))


def looks_like_web_page(start: bytes) -> bool:
    """The same by the beginning of its content."""
    for bom in BOMS:
        start = start.removeprefix(bom)
    # In UTF-16 every second byte of such a start is empty.
    return start.replace(b"\x00", b"").lstrip().lower().startswith(WEB_PAGE)


def unpacks_small(path: Path, most: int = MOST_UNPACKED) -> bool:
    """Whether the parts of a zip archive stay below ``most`` bytes together.

    What the archive says of its own sizes may be a lie, therefore it is unpacked and counted, kept nowhere.
    Raises ``zipfile.BadZipFile`` where it is no readable archive.
    """
    total = 0
    with _opened(path) as archive, path.open("rb") as stream:
        for part in archive.infolist():
            if part.compress_type == zipfile.ZIP_STORED:
                total += part.compress_size
            elif part.compress_type == zipfile.ZIP_DEFLATED:
                stream.seek(part.header_offset)
                head = stream.read(LOCAL_HEADER)
                stream.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
                total += _unpacked(stream.read(part.compress_size), most - total)
            else:
                raise zipfile.BadZipFile(part.filename)
            if total > most:
                return False
    return True


def _opened(path: Path) -> zipfile.ZipFile:
    # The library says in several ways that a directory is damaged or of a kind that it does not know.
    try:
        return zipfile.ZipFile(path)
    except (NotImplementedError, OverflowError, ValueError, struct.error) as wrong:
        raise zipfile.BadZipFile(str(wrong)) from wrong


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes it becomes; stops counting once they are more than ``most``."""
    count, unpacker = 0, zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not unpacker.eof and count <= most:
            count += len(unpacker.decompress(packed, AT_ONCE))
            packed = unpacker.unconsumed_tail
    except zlib.error as wrong:
        raise zipfile.BadZipFile(str(wrong)) from wrong
    return count


def content_kind(name: str, content: bytes) -> tuple[str, object]:
    """The media type of a ledger that somebody sends in, and what is wrong with it as a file.

    Looser than what is taken as a material: a damaged byte spoils its own row, found when the rows are read.
    """
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in LEDGERS:
        return "", _("“%(name)s”不是台账文件：请选择 xlsx、xls 或 csv。") % {"name": name[-80:]}
    if not content:
        return "", _("“%(name)s”是空文件。") % {"name": name[-80:]}
    if looks_like_web_page(content[:512]):
        return "", _("这个文件其实是网页（HTML），不是工作簿：请用 WPS 或 Excel 打开，另存为 xlsx 后再导入。")
    if ending != "csv" and not content.startswith(WORKBOOKS):
        return "", _("“%(name)s”的内容不是工作簿：请用 WPS 或 Excel 打开，另存为 xlsx。") % {
            "name": name[-80:]
        }
    return LEDGERS[ending], ""
