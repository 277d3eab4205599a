"""The .docx of a paper: forms are filled into their shipped template, letters are set from their text."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.shared import Mm, Pt
from docxtpl import DocxTemplate

from fengqiao.dossier import docx
from fengqiao.dossier.forms import DATA, Form, blank_form
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.pdf import picture_of

# What a zip says of when it was made: the same description makes the same bytes.
LONG_AGO = (2026, 1, 1, 0, 0, 0)


def docx_of(paper: Paper, own: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as a .docx file that WPS, Word and LibreOffice open.

    ``own``: the county's templates in force, by form; the shipped one is taken for any other.
    """
    if not paper.form:
        return docx.render(paper)
    template = DocxTemplate(BytesIO((own or {}).get(paper.form) or _shipped(paper.form)))
    # Escaped: what somebody wrote is text and never a part of the file.
    template.render({name: docx.printable(value) for name, value in paper.facts}, autoescape=True)
    _draw(template.docx, paper)
    template.core_properties.title = docx.printable(f"{paper.title} {paper.number}")
    stream = BytesIO()
    template.save(stream)
    return stream.getvalue()


def _draw(document: Any, paper: Paper) -> None:
    """Puts signatures that were drawn beneath their lines: the line's own place is where a hand would sign."""
    for mark in reversed(paper.drawn):
        line = paper.closing[mark.line]
        place = next((each for each in document.paragraphs if each.text == line), None)
        if place is None:
            continue
        below = document.add_paragraph()
        place._p.addnext(below._p)  # noqa: SLF001
        below.add_run().add_picture(BytesIO(picture_of(mark.svg)), height=Mm(16))
        said = below.add_run(f"\n{docx.printable(mark.label)}")
        said.font.size = Pt(9)


def template_of(form: Form) -> bytes:
    """The template of a form, made anew from its description."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(docx.render(blank_form(form)))) as found, zipfile.ZipFile(made, "w") as kept:
        for name in found.namelist():
            kept.writestr(zipfile.ZipInfo(name, LONG_AGO), found.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def place_of(code: str) -> Path:
    """Where the shipped template of a form lies."""
    return DATA / "templates" / f"{code}.docx"


@cache
def _shipped(code: str) -> bytes:
    return place_of(code).read_bytes()
