"""The PDF of a paper: what the form says and nothing else, every page with its mark, and what no font has."""

from __future__ import annotations

import re
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp

from fengqiao.dossier import fonts, pdf
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.forms import Form, filled, forms
from fengqiao.dossier.marks import version_of
from fengqiao.dossier.paper import Paper
from fengqiao.kernel.errors import Refusal

CODE = "440785-20261103-0001"
# What would be code, were it ever read as such; and names that few fonts have.
WRITTEN = (
    r"""黄䶮𠅤 #panic("x") $x^2$ \ *a* _b_ `c` @part-0 <part-0> // /* {[( = 一
- 二
+ 三
/ 四: 五
#let job = 1
{{ x }}{% y %} --- ... "x" 'y' ~ https://example.com/"""
    + "a" * 90
)


# The number beside the mark, and the number of the page: a sentence may run on over them.
AROUND = re.compile(r"^\S+?第\d+页，共\d+页|—\d+—$")


def text_of(content: bytes) -> str:
    """The text of a PDF as it is selected, without white space: where lines break is the setting's affair."""
    with pypdfium2.PdfDocument(content) as document:
        pages = [bare(page.get_textpage().get_text_bounded()) for page in document]
    return "".join(AROUND.sub("", page) for page in pages)


def bare(text: str) -> str:
    return re.sub(r"\s|[\ufffe\u0002]", "", text)


def marks_of(content: bytes, *pages: int) -> list[str]:
    """What is read from each page when it is drawn, as from a scan."""
    read = []
    with pypdfium2.PdfDocument(content) as document:
        for page in [document[number] for number in pages] or document:
            drawn = page.render(scale=2, grayscale=True)
            grey = memoryview(drawn.buffer).cast("B").cast("B", (drawn.height, drawn.stride))
            read.append(" ".join(found.text for found in zxingcpp.read_barcodes(grey)))
    return read


def made(form: Form, **facts: str) -> Paper:
    return filled(form, matter_id=UUID(int=1), code=CODE, facts=facts)


def test_every_form_says_what_is_written_and_nothing_of_it_is_code():
    facts = dict.fromkeys(
        ("petitioners", "title", "account", "agreement", "handed_to", "disposition"), WRITTEN
    )
    for form in forms():
        paper = made(form, **facts)
        content = pdf.pdf_of(paper)
        text = text_of(content)
        cells = [part for row in paper.rows for part in row]
        for said in (
            paper.title,
            paper.number,
            paper.addressee.replace("\n", ""),
            *paper.paragraphs,
            *cells,
            *paper.after,
            paper.signed_by,
            *paper.closing,
        ):
            for line in said.splitlines():
                assert bare(line) in text, (form.code, line)
        # Nothing else stands on it but the mark and the number of the page.
        assert "〓" not in text
        assert content == pdf.pdf_of(paper), "the same facts make the same file"


def test_each_page_carries_the_number_of_the_paper_and_its_own():
    long = made(
        next(each for each in forms() if each.code == "agreement"), agreement="三日内付清工资。\n" * 160
    )
    read = marks_of(pdf.pdf_of(long))
    assert read == [f"{CODE}-卷08#{page}/{len(read)}@{version_of(long)}" for page in range(1, len(read) + 1)]
    assert len(read) > max(pdf.FIRST_PAGES)


@pytest.mark.parametrize(
    ("written", "printed", "named"),
    [
        ("黄🙂某", "黄〓某", "U+1F642"),
        ("黄\ue863某", "黄〓某", "U+E863"),
        ("a\u200bb\u202ec\ufe0f", "abc", ""),
        ("前\x00\x1f\ud83d后", "前后", ""),
        ("𠮷野家的𰻝𰻝面", "𠮷野家的𰻝𰻝面", ""),
    ],
)
def test_a_character_that_no_font_has_is_named(written, printed, named):
    letter = Paper(
        kind=PaperKind.REPLY, reference=UUID(int=1), title="答复书", number="编号：1", rows=(("人", written),)
    )
    text = re.sub("[\u200b\u202e\ufe0f]", "", text_of(pdf.pdf_of(letter)))
    assert f"人{printed}" in text
    assert ("请手写补上：" + named in text) == bool(named)


def test_a_machine_without_chinese_fonts_says_so(settings, tmp_path):
    settings.FONTS = [str(tmp_path)]
    with pytest.raises(Refusal) as refused:
        pdf.pdf_of(made(forms()[0]))
    assert refused.value.code == "no_fonts"


def test_the_fonts_have_the_characters_of_names():
    assert {ord(character) for character in "䶮𠅤𬱖㙍＿〓"} <= fonts.fonts().known
