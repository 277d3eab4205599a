"""Scanned pages are read in a bounded child: real pages however they lie, and files made to harm."""

from __future__ import annotations

import sys
from uuid import UUID

import pytest
from PIL import Image

from fengqiao.dossier import pdf, scan_reading
from fengqiao.dossier.forms import filled, forms
from fengqiao.dossier.marks import Mark, read_mark, version_of
from fengqiao.dossier.scan_reading import PageRead, read_pages
from tests.dossier.scans import blank, bomb, jpeg, sheets, stack, vast_png
from tests.dossier.test_pdf import marks_of

CODE = "440785-20261103-000001"
EXIF_TURNED = 6


def test_a_stack_is_read_however_its_pages_lie(tmp_path):
    paper = filled(
        next(each for each in forms() if each.code == "agreement"),
        matter_id=UUID(int=1),
        code=CODE,
        facts={"agreement": "三日内付清工资。\n" * 25},
    )
    first, second = sheets(pdf.pdf_of(paper))
    exif = Image.Exif()
    exif[0x112] = EXIF_TURNED
    files = {
        "0.pdf": stack(second.rotate(180), blank(), first),
        "1.jpg": jpeg(first, turned=90),
        "2.jpg": jpeg(first, turned=90, exif=exif),
        "3.png": vast_png(),
        "4.pdf": b"%PDF-1.4\nnothing",
        "5.pdf": bomb(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    heard: list[int] = []
    reading = read_pages(tmp_path, list(files), tell=lambda so_far: heard.append(len(so_far.read)))
    assert (reading.pages, reading.troubles) == (
        {0: 3, 1: 1, 2: 1, 5: 1},
        {3: "too_large", 4: "damaged"},
    )
    assert sorted(set(heard)) == [0, 1, 2, 3, 4, 5, 6]
    version = version_of(paper)
    one, two = (str(Mark(f"{CODE}-卷08", page, 2, version)) for page in (1, 2))
    # A photograph says how it is to be turned, a page of a PDF is cut out upright, a camera's own word is heeded.
    assert [(page.source, page.page, page.texts, page.turn) for page in reading.read] == [
        (0, 1, (two,), 0),
        (0, 2, (), 0),
        (0, 3, (one,), 0),
        (1, 1, (one,), 90),
        (2, 1, (one,), 0),
        (5, 1, (), 0),
    ]
    cut = reading.read[0].cut
    assert cut and marks_of(cut.read_bytes()) == [two]
    for page in reading.read:
        assert page.picture
        with Image.open(page.picture) as picture:
            # Upright, and no larger than anybody looks at.
            assert picture.width <= min(picture.height, 1200)


def test_a_page_over_which_the_child_dies_is_told_and_the_rest_is_read(tmp_path, monkeypatch):
    dying = """
import json, os, sys
job = json.load(sys.stdin)
def tell(**line): print(json.dumps(line), flush=True)
for source, pages in enumerate([3, 0, 40]):
    if source >= job["start"][0] and str(source) not in job["known"]:
        tell(at=[source, 0])
        if source == 1: os.abort()
        tell(source=source, pages=pages)
        job["known"][str(source)] = pages
for source, pages in enumerate([3, 0, 40]):
    for page in range(job["start"][1] if source == job["start"][0] else 1, pages + 1):
        if source >= job["start"][0]:
            tell(at=[source, page])
            if page == 2 or source == 2: os.abort()
            tell(source=source, page=page, texts=["x"], picture="x.jpg")
"""
    monkeypatch.setattr(scan_reading, "CHILD", (sys.executable, "-c", dying))
    reading = read_pages(tmp_path, ["0.pdf", "1.pdf", "2.pdf"])
    assert (reading.pages, reading.troubles) == ({0: 3, 2: 40}, {1: "damaged"})
    # Page 2 of the first ended a child; of the last every page would, and is not tried for ever.
    assert [(page.source, page.page) for page in reading.read if page.picture] == [(0, 1), (0, 3)]
    assert reading.read[1] == PageRead(0, 2)
    assert len(reading.read) == 43


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (f"{CODE}-卷08#1/2@0123abcd", Mark(f"{CODE}-卷08", 1, 2, "0123abcd")),
        (f"{CODE}-卷08#1", Mark(f"{CODE}-卷08", 1)),
        (f"{CODE}#3/2", None),
        (f"{CODE}#0/2", None),
        ("https://example.com/#1/2@0123abcd?x", None),
        (f"{CODE}#1/2@0123ABCD", None),
        ("", None),
    ],
)
def test_what_a_mark_says(text, mark):
    assert read_mark(text) == mark
