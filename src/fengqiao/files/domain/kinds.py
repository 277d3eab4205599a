"""What a file is, by its content: the name it was handed in with is only compared with that."""

from __future__ import annotations

import io
import zipfile

import filetype
from django.utils.translation import gettext_lazy as _

from fengqiao.kernel.errors import Invalid

# Ending → media type. What an officer hands in: papers, pictures, recordings. Nothing that runs, no archives.
ALLOWED: dict[str, str] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "amr": "audio/amr",
    "wav": "audio/x-wav",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "txt": "text/plain",
    "csv": "text/csv",
}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OLE_ENDINGS = frozenset({"doc", "xls", "ppt", "wps", "et"})
TEXT_ENDINGS = frozenset({"txt", "csv"})
ZIPPED = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx", "OFD.xml": "ofd"}
# One content, several usual endings.
SAME = {"jpeg": "jpg", "tiff": "tif", "m4a": "mp4", "mov": "mp4", "3gp": "mp4"}


def media_type(name: str, content: bytes) -> str:
    """The media type of a file whose content fits its name; raises ``Invalid`` with the reason otherwise."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in ALLOWED:
        raise _refused(
            _("“%(name)s”不是可以添加的文件。可用：PDF、OFD、Word、Excel、图片、录音、录像、文本。"), name
        )
    if not content:
        raise _refused(_("“%(name)s”是空文件。"), name)
    if not _fits(ending, content):
        raise _refused(_("“%(name)s”的内容与扩展名不符，没有保存。请用原来的程序另存后再添加。"), name)
    return ALLOWED[ending]


def _fits(ending: str, content: bytes) -> bool:
    if ending in OLE_ENDINGS:
        return content.startswith(OLE)
    if ending in TEXT_ENDINGS:
        return _is_text(content)
    if content.startswith(b"PK\x03\x04"):
        return _inside_zip(content) == ending
    guessed = filetype.guess_extension(content[:8192]) or ""
    return SAME.get(guessed, guessed) == SAME.get(ending, ending)


def _inside_zip(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return ""
    # A document that carries macros is a program.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    return next((kind for mark, kind in ZIPPED.items() for name in names if name.startswith(mark)), "")


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _refused(sentence: object, name: str) -> Invalid:
    return Invalid({"materials": str(sentence) % {"name": name[:80]}})
