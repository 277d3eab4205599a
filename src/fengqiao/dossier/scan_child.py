"""Reads scanned pages: a program of its own with bounds of its own, for files that anybody may have made.

It knows no settings, keys or database. The job comes as JSON on the standard input (``folder``; ``sources``, the
names of files in it; ``start``, where to go on: source and page; ``known``, pages by source; ``most`` pages, or
none), and each line of the answer is JSON: where it is (``at``, so that whoever waits knows over what it died),
what a source is (``pages`` or ``trouble``), what a page is (``texts`` of its codes, ``turn`` clockwise to stand
upright, its ``cut`` from a PDF and its ``picture``, both files in the folder). Run by scan_reading.py.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

MEMORY = 1_536 << 20
LARGEST_FILE = 64 << 20
# Seconds of the processor for one page, and for one file to be opened.
SECONDS = 20
MOST_PIXELS = 80_000_000
# A page is drawn at the first of these; one on which nothing is found, at the next.
RESOLUTIONS = (200, 300)
DRAWN_PIXELS = 9_000_000
LONGEST = 6_000
SHOWN = 1_200
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def main() -> int:
    """One job; returns 3 where there are more pages than asked for."""
    _bound()
    job = json.load(sys.stdin)
    folder, sources = Path(job["folder"]), job["sources"]
    known: dict[int, int] = {int(key): pages for key, pages in job["known"].items()}
    first_source, first_page = job["start"]
    for number, name in enumerate(sources):
        if number >= first_source and number not in known:
            _tell(at=[number, 0])
            _more_time()
            known[number] = _count(number, folder / name)
    if job["most"] is not None and sum(known.values()) > job["most"]:
        return 3
    for number, name in enumerate(sources):
        for page in range(first_page if number == first_source else 1, known.get(number, 0) + 1):
            if number >= first_source:
                _tell(at=[number, page])
                _more_time()
                _read(number, page, folder / name)
    return 0


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def _more_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + SECONDS, hard))


def _count(number: int, path: Path) -> int:
    """How many pages a file has; none of one that cannot be opened."""
    try:
        if path.suffix != ".pdf":
            with Image.open(path) as picture:
                wide, high = picture.size
            pages, trouble = 1, "" if wide * high <= MOST_PIXELS else "too_large"
        else:
            with pypdfium2.PdfDocument(path) as document:
                pages, trouble = len(document), ""
    except pypdfium2.PdfiumError as wrong:
        pages, trouble = 0, "locked" if "password" in str(wrong).lower() else "damaged"
    except Image.DecompressionBombError:
        pages, trouble = 0, "too_large"
    except (OSError, ValueError, SyntaxError, MemoryError):
        pages, trouble = 0, "damaged"
    if trouble:
        _tell(source=number, trouble=trouble)
        return 0
    _tell(source=number, pages=pages)
    return pages


def _read(number: int, page: int, path: Path) -> None:
    try:
        found = _page_of_pdf(page, path) if path.suffix == ".pdf" else _photograph(path)
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, MemoryError):
        found = {}
    _tell(source=number, page=page, **found)


def _page_of_pdf(page: int, path: Path) -> dict[str, Any]:
    with pypdfium2.PdfDocument(path) as document:
        leaf = document[page - 1]
        wide, high = leaf.get_size()
        texts: list[str] = []
        turn = 0
        largest = min(math.sqrt(DRAWN_PIXELS / max(wide * high, 1)), LONGEST / max(wide, high, 1))
        for scale in sorted({min(resolution / 72, largest) for resolution in RESOLUTIONS}):
            drawn = leaf.render(scale=scale).to_pil().convert("RGB")
            texts, turn = _codes(drawn)
            if texts:
                break
        cut, picture = path.with_name(f"{path.stem}-{page}.pdf"), path.with_name(f"{path.stem}-{page}.jpg")
        with pypdfium2.PdfDocument.new() as single:
            single.import_pages(document, [page - 1])
            single[0].set_rotation((single[0].get_rotation() + turn) % 360)
            single.save(cut)
    _show(drawn, turn, picture)
    # The cut page stands upright by itself.
    return {"texts": texts, "turn": 0, "cut": cut.name, "picture": picture.name}


def _photograph(path: Path) -> dict[str, Any]:
    with Image.open(path) as opened:
        opened.draft("RGB", (LONGEST // 2, LONGEST // 2))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST, LONGEST))
        drawn = _on_white(upright)
    texts, turn = _codes(drawn)
    picture = path.with_name(f"{path.stem}-1.jpg")
    _show(drawn, turn, picture)
    return {"texts": texts, "turn": turn, "cut": "", "picture": picture.name}


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    behind = Image.new("RGBA", picture.size, "white")
    behind.alpha_composite(picture.convert("RGBA"))
    return behind.convert("RGB")


def _codes(drawn: Image.Image) -> tuple[list[str], int]:
    """What the codes on a picture say, and how far it is to be turned clockwise to stand upright."""
    grey = drawn.convert("L")
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
        found = zxingcpp.read_barcodes(grey, formats=QR, binarizer=binarizer)
        if found:
            return [each.text for each in found], round(-found[0].orientation / 90) * 90 % 360
    return [], 0


def _show(drawn: Image.Image, turn: int, path: Path) -> None:
    upright = drawn.rotate(-turn, expand=True) if turn else drawn
    upright.thumbnail((SHOWN, SHOWN * 3 // 2))
    upright.save(path, "JPEG", quality=70)


def _tell(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
