"""Sheets as they come from a scanner: drawn from real papers, turned, photographed, and some made to harm."""

from __future__ import annotations

import io
import struct
import zlib

import pypdfium2
from PIL import Image

RESOLUTION = 130


def sheets(paper: bytes, *only: int) -> list[Image.Image]:
    """Each page of a PDF, or these (from 0), as the scanner sees it."""
    with pypdfium2.PdfDocument(paper) as document:
        wanted = [document[number] for number in only] or document
        return [page.render(scale=RESOLUTION / 72).to_pil().convert("RGB") for page in wanted]


def jpeg(sheet: Image.Image, *, turned: int = 0, **more: object) -> bytes:
    """A photograph; ``turned`` counter-clockwise."""
    made = io.BytesIO()
    sheet.rotate(turned, expand=True).save(made, "JPEG", quality=60, **more)
    return made.getvalue()


def png(sheet: Image.Image) -> bytes:
    made = io.BytesIO()
    sheet.save(made, "PNG", compress_level=1)
    return made.getvalue()


def vast_png() -> bytes:
    """The head of a picture of 100,000 × 100,000 points."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0), b"IDAT", b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )


def stack(*pages: Image.Image) -> bytes:
    """One PDF of many pages, as a feeder makes it."""
    made = io.BytesIO()
    pages[0].save(made, "PDF", resolution=RESOLUTION, save_all=True, append_images=list(pages[1:]))
    return made.getvalue()


def blank(width: int = 620, height: int = 877) -> Image.Image:
    """A page on which nothing stands that could be read."""
    return Image.new("RGB", (width, height), "white")


def bomb() -> bytes:
    """A PDF of a few kilobytes with a page of 100,000 × 100,000 points and a picture of as many pixels on it."""
    lines = zlib.compress(b"\0" * 3_000_000, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100000 100000]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 31>>stream\n100000 0 0 100000 0 0 cm /I Do \nendstream",
        b"<</Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB"
        b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(lines), lines),
    ]
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n"
