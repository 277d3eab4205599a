"""Others open our papers: LibreOffice each .docx, poppler each PDF, and they read the same facts."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.forms import field_names, filled, forms
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.pdf import pdf_of
from fengqiao.dossier.templates import docx_of
from tests.dossier.test_pdf import AROUND, CODE, WRITTEN, bare

NEEDED = ("soffice", "pdftotext", "pdffonts")
pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)), reason="libreoffice-writer-nogui and poppler-utils are not there"
    ),
]


def papers() -> list[Paper]:
    """Every form with every fact that it asks for, and a letter."""
    facts = {name: f"{words}䶮𠅤" for name, words in field_names().items()}
    facts |= dict.fromkeys(("title", "account", "agreement", "disposition", "consulted_opinion"), WRITTEN)
    letter = Paper(
        kind=PaperKind.REPLY,
        reference=UUID(int=1),
        title="答复书",
        number="编号：1",
        addressee="黄䶮𠅤",
        paragraphs=("现答复如下：", "按规定办理。"),
        rows=(("事由", "拖欠工资"),),
        signed_by="恩平市综治中心",
        dated="2026年11月3日",
    )
    filled_forms = [filled(form, matter_id=UUID(int=1), code=CODE, facts=facts) for form in forms()]
    assert [paper.missing for paper in filled_forms if paper.missing] == []
    return [*filled_forms, letter]


def said_by(paper: Paper) -> list[str]:
    cells = [part for row in paper.rows for part in row]
    texts = (
        paper.title,
        paper.number,
        paper.addressee,
        *paper.paragraphs,
        *cells,
        *paper.after,
        paper.signed_by,
        paper.dated,
        *paper.closing,
    )
    return [bare(line) for text in texts for line in text.splitlines() if line.strip()]


def run(*command: str | Path) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_word_processor_opens_every_form_and_reads_the_facts(tmp_path: Path) -> None:
    made = {paper.form or "letter": paper for paper in papers()}
    for code, paper in made.items():
        (tmp_path / f"{code}.docx").write_bytes(docx_of(paper))
    # One run converts them all; a profile of its own, so that another's does not stand in the way.
    run(
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        tmp_path,
        *sorted(tmp_path.glob("*.docx")),
    )
    for code, paper in made.items():
        text = bare((tmp_path / f"{code}.txt").read_text(encoding="utf-8-sig"))
        assert [line for line in said_by(paper) if line not in text] == [], code


def test_every_pdf_has_its_fonts_in_it_and_its_text_can_be_selected(tmp_path: Path) -> None:
    for paper in papers():
        file = tmp_path / f"{paper.form or 'letter'}.pdf"
        file.write_bytes(pdf_of(paper))
        fonts = run("pdffonts", file).splitlines()[2:]
        assert fonts
        for font in fonts:
            # embedded, a subset, with the way back to Unicode
            assert re.search(r"\+\S+\s.*\syes yes yes\s", font), font
        pages = run("pdftotext", "-layout", file, "-").split("\f")
        text = "".join(AROUND.sub("", bare(page)) for page in pages)
        for mark in ("䶮", "𠅤"):
            assert (mark in text) == any(mark in line for line in said_by(paper))
        # Over columns the order of lines is the tool's own: what stands outside of the table is whole.
        outside = (paper.title, *paper.paragraphs, *paper.after, paper.signed_by, paper.dated)
        whole = [bare(line) for said in outside for line in said.splitlines()]
        assert [line for line in whole if line not in text] == [], paper.form
