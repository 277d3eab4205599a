"""The PDF of a paper: the same facts as its .docx, set by our own process with embedded fonts (PDF/A-2u)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import qrcode
import typst
from qrcode.constants import ERROR_CORRECT_M

from fengqiao.dossier.docx import printable
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.fonts import fonts
from fengqiao.dossier.forms import DATA
from fengqiao.dossier.marks import Mark, number_of, version_of
from fengqiao.dossier.paper import Paper

# The printers' sign for a character that is not in the case.
GETA = "〓"
# What a file says of when it was made: the same facts make the same bytes.
LONG_AGO = 1_767_225_600
# A mark says of how many pages. They are made for papers of one page and of two first, and for a longer one
# once the setting has said how long it is.
FIRST_PAGES = (1, 2)
# An empty part behind a paper: the page on which it begins tells how long the paper is.
LAST_PART: dict[str, Any] = {
    "kind": "back",
    "title": "",
    "mark_name": "",
    "marks": {},
    "rows": [],
    "closing": [],
}
LONGER = re.compile(r"marks for (\d+) pages")


def pdf_of(paper: Paper) -> bytes:
    """The paper as a PDF file: fonts embedded, text selectable, each page with its mark.

    Raises ``Refusal`` where the machine has no Chinese fonts. A character that none of them has prints as 〓
    and is named at the end of the paper.
    """
    try:
        return typeset(paper.title, paper.signed_by, [part_of(paper, FIRST_PAGES)]).pdf
    except typst.TypstError as short:
        pages = LONGER.search(short.message)
        if pages is None:
            raise
    return typeset(paper.title, paper.signed_by, [part_of(paper, [int(pages[1])])]).pdf


@dataclass(frozen=True)
class Setting:
    """A job for the typesetter and its file; ``archival``: as PDF/A-2u."""

    compiler: typst.Compiler
    archival: bool

    @property
    def pdf(self) -> bytes:
        content = self.compiler.compile(
            format="pdf", pdf_standards=["a-2u"] if self.archival else [], timestamp=LONG_AGO
        )
        return cast("bytes", content)

    @property
    def first_pages(self) -> list[list[int]]:
        """Of each part the number printed on its first page, and the page of the file that it begins on."""
        return cast("list[list[int]]", json.loads(self.compiler.query("<begins>", field="value", one=True)))


def typeset(
    title: str, author: str, parts: list[dict[str, Any]], *, files: Path | None = None, marked: bool = True
) -> Setting:
    """Papers one after the other in one file. With ``files`` it is no PDF/A: those of others may not be."""
    held = fonts()
    job = {"title": title, "author": author, "fonts": held.families, "parts": parts, "marked": marked}
    compiler = typst.Compiler(
        _setting(),
        root=str(files) if files else None,
        font_paths=held.held,
        ignore_system_fonts=True,
        sys_inputs={"job": json.dumps(job, ensure_ascii=False)},
    )
    return Setting(compiler, archival=not any(part.get("pages") for part in parts))


def marks_of(number: str, lengths: Iterable[int], version: str = "") -> dict[str, list[str]]:
    """The marks of a paper as drawings, page by page, for each length that it may have."""
    return {
        str(pages): [_svg(str(Mark(number, page, pages, version))) for page in range(1, pages + 1)]
        for pages in lengths
    }


def part_of(paper: Paper, lengths: Iterable[int]) -> dict[str, Any]:
    """A paper as the description of the setting reads it, with marks for each length that it may have."""
    missing: list[str] = []

    def put(text: str) -> str:
        return _drawn(text, missing)

    number = number_of(paper)
    return {
        "kind": "paper",
        "title": put(paper.title),
        "number": put(paper.number),
        "mark_name": put(number),
        "marks": marks_of(number, lengths, version_of(paper)),
        "addressee": put(paper.addressee),
        "paragraphs": _lines(paper.paragraphs, put),
        "dense": paper.dense,
        "after": _lines(paper.after, put),
        "rows": [(put(label), _lines([value], put)) for label, value in paper.rows],
        "signed": [put(t) for t in (paper.signed_by, paper.dated) if t or paper.kind != PaperKind.FORM],
        # Line by line within its own place: a drawn signature stands beneath the whole of it.
        "closing": [{"lines": _lines([text], put), "right": right} for text, right in paper.ending],
        "drawn": [{"line": each.line, "label": put(each.label), "svg": each.svg} for each in paper.drawn],
        "unknown": list(dict.fromkeys(missing)),
    }


def length_of(paper: Paper) -> int:
    """How many pages the paper has when it is printed."""
    setting = typeset(paper.title, "", [part_of(paper, ()), LAST_PART], marked=False)
    return setting.first_pages[1][1] - 1


def picture_of(svg: str) -> bytes:
    """A drawing as PNG, for files that take no other."""
    source = b"#set page(width: auto, height: auto, margin: 0pt)\n" + (
        b'#image(bytes(sys.inputs.svg), format: "svg", width: 60mm)'
    )
    made = typst.Compiler(source, ignore_system_fonts=True, sys_inputs={"svg": svg})
    return cast("bytes", made.compile(format="png", ppi=200))


def _lines(texts: Iterable[str], put: Any) -> list[str]:
    return [put(line) for text in texts for line in text.splitlines() or [""]]


def drawn(text: str) -> str:
    """The text as it can be printed, where nothing is said of what no font has."""
    return _drawn(text, [])


def _drawn(text: str, missing: list[str]) -> str:
    known = fonts().known
    kept = []
    for character in " ".join(printable(text).replace("\t", "　").splitlines()):
        if ord(character) in known:
            kept.append(character)
        elif not _is_unseen(character):
            missing.append(f"U+{ord(character):04X}")
            kept.append(GETA)
    return "".join(kept)


def _is_unseen(character: str) -> bool:
    """Joiners, marks of direction and selectors have no picture of their own."""
    selects = unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return selects or unicodedata.category(character) in {"Cf", "Zl", "Zp"}


def _svg(text: str) -> str:
    # One pattern for all: to try the eight takes six times as long, and each can be read.
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, mask_pattern=0)
    code.add_data(text.encode())
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}">'
        f'<path d="{path}"/></svg>'
    )


@cache
def _setting() -> bytes:
    return (DATA / "paper.typ").read_bytes()
