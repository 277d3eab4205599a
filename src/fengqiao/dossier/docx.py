"""The editable file of a paper, laid out after GB/T 9704: it opens in WPS and Word."""

from __future__ import annotations

import re
from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import Paper

# GB/T 9704: title 2 号小标宋 (22 pt), body 3 号仿宋 (16 pt), about 28.95 pt from line to line.
TITLE, BODY, LEADING = Pt(22), Pt(16), Pt(28.95)
# A form as a rule has one page, so its rows are set smaller.
CLOSING, CELL, CELL_LEADING = Pt(14), Pt(12), Pt(20)
# Running text that is to be on one page with rows and places to sign.
DENSE_LEADING = Pt(23)
WIDTHS = Mm(42), Mm(114)
# What XML does not know: control characters and halves of characters.
NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
TITLE_FONT, BODY_FONT, LABEL_FONT = "方正小标宋简体", "仿宋", "黑体"


def render(paper: Paper) -> bytes:
    """The paper as a .docx file."""
    document = Document()
    section = document.sections[0]
    section.page_height, section.page_width = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _is_chinese(document)
    document.core_properties.title = f"{paper.title} {paper.number}"
    document.core_properties.author = paper.signed_by
    _line(document.add_paragraph(), paper.title, font=TITLE_FONT, size=TITLE, centred=True)
    _line(document.add_paragraph(), paper.number, centred=True)
    document.add_paragraph()
    if paper.addressee:
        _line(document.add_paragraph(), f"{paper.addressee}：")
    size, leading = (CLOSING, DENSE_LEADING) if paper.dense else (BODY, LEADING)
    for text in paper.paragraphs:
        for part in text.splitlines():
            _line(document.add_paragraph(), part, size=size, leading=leading, indented=True)
    if paper.rows:
        _table(document, paper)
    ending: list[Paragraph] = []
    for text in paper.after:
        for part in text.splitlines():
            ending.append(_line(document.add_paragraph(), part, size=CLOSING, indented=True))
    ending.append(document.add_paragraph())
    for text in (paper.signed_by, paper.dated):
        if text or paper.kind != PaperKind.FORM:
            ending.append(_line(document.add_paragraph(), text, size=CLOSING, right=True))
    for text, right in paper.ending:
        ending.append(_line(document.add_paragraph(), text, size=CLOSING, leading=leading, right=right))
    # Nobody signs a page on which nothing stands.
    for paragraph in ending[:-1]:
        paragraph.paragraph_format.keep_with_next = True
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Document, paper: Paper) -> None:  # type: ignore[valid-type]
    table = document.add_table(rows=0, cols=2)  # type: ignore[attr-defined]
    table.style = "Table Grid"
    # Said of the columns too: not every program asks the cells.
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for label, value in paper.rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = WIDTHS
        _line(cells[0].paragraphs[0], label, font=LABEL_FONT, size=CELL, leading=CELL_LEADING)
        lines = value.splitlines() or [""]
        _line(cells[1].paragraphs[0], lines[0], size=CELL, leading=CELL_LEADING)
        for part in lines[1:]:
            _line(cells[1].add_paragraph(), part, size=CELL, leading=CELL_LEADING)
    for cell in table.rows[-1].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _is_chinese(document: Document) -> None:  # type: ignore[valid-type]
    """Says in which language it is: a program that lacks the fonts takes those of the language for them."""
    for language in document.styles.element.iter(qn("w:lang")):  # type: ignore[attr-defined]
        language.set(qn("w:eastAsia"), "zh-CN")


def _line(
    paragraph: Paragraph,
    text: str,
    *,
    font: str = BODY_FONT,
    size: Pt = BODY,
    leading: Pt = LEADING,
    centred: bool = False,
    right: bool = False,
    indented: bool = False,
) -> Paragraph:
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, leading
    form.space_before = form.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if indented:
        form.first_line_indent = Pt(2 * size.pt)
    run = paragraph.add_run(printable(text))
    run.font.size = size
    run.font.name = font
    # python-docx sets the Latin font only.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001
    return paragraph


def printable(text: str) -> str:
    """What somebody pasted must not break the file."""
    return NOT_XML.sub("", text)
