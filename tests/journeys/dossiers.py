"""A bound dossier as its reader has it: each paper from the PDF and from the zip, and whether all tell the same."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
from docx import Document
from docx.table import Table
from playwright.sync_api import expect

from fengqiao.dossier.forms import forms, title_of
from fengqiao.dossier.queries.facts import Facts
from tests.journeys.at_mediation import pictured
from tests.journeys.officers import Officer

# The mark and the number of a page: a sentence may run on over them.
AROUND = re.compile(r"^\S+第\d+页，共\d+页|—\d+—$")
# What is filled in by hand, with the word before it.
BY_HAND = re.compile(r"[^\s　＿]*＿+")
# What is told in figures: days with their hour, sums, sums in capitals, telephones, numbers of houses and cases.
FIGURES = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日(?:\d\d:\d\d)?|[\d,]+\.\d\d元|(?<=大写：)[^）]+|(?<!\d)1\d{10}(?!\d)"
    r"|[（〔]\d{4}[）〕]\w{0,12}?\d+号|(?<!\d)\d+号"
)
# Counted up over the county: the story does not know it, and it is one on all papers.
AGREEMENT = re.compile(r"（\d{4}）人调协字第\d+号")
# Rows and places to sign that tell the same fact under another name.
ALIKE = {
    "当事人签名（按指印）": "当事人签名",
    "申请人签名（盖章）": "当事人签名",
    "纠纷简要情况": "简要情况",
    "纠纷经过": "简要情况",
    "结果内容": "协议内容",
    "说明": "协议内容",
}
SIGNED = {"当事人签名"}
# Each is one fact, whichever paper tells it.
ONE_FACT = {
    "事由",
    "申请人",
    "被申请人",
    "第三人",
    "当事人",
    "当事人签名",
    "纠纷类型",
    "简要情况",
    "调解员",
    "调解日期",
    "争议事项",
    "协议编号",
    "协议内容",
    "逐项结果",
    "已告知的途径",
    "履行期限",
}


@dataclass(frozen=True)
class Filed:
    """A paper as it lies in the dossier: its rows in the .docx, all words of it, and all words of its pages."""

    rows: tuple[tuple[str, str], ...]
    words: str
    pages: str


@dataclass(frozen=True)
class Dossier:
    """``papers`` by title; ``front`` is what cover and table of contents say, ``bookmarks`` their pages (from 1)."""

    text: str
    front: tuple[str, str]
    bookmarks: dict[str, int]
    papers: dict[str, Filed]


def bound(officer: Officer, code: str, folder: Path) -> Dossier:
    """Binds the dossier on the matter's page, waits for the job, and fetches both files."""
    page = officer.page
    officer.opens(code)
    page.locator("#dossier").get_by_role("button", name="装订卷宗").click()
    link = page.locator("#dossier").get_by_role("link", name="PDF")
    expect(link.first).to_be_visible(timeout=60_000)
    page.locator("#dossier").scroll_into_view_if_needed()
    pictured(page, "dossier")
    fetched = {}
    for name, kind in (("PDF", "pdf"), ("压缩包", "zip")):
        with page.expect_download() as downloaded:
            page.locator("#dossier").get_by_role("link", name=name).first.click()
        fetched[kind] = folder / f"{code}.{kind}"
        downloaded.value.save_as(fetched[kind])
    return read(fetched["pdf"], fetched["zip"])


def read(pdf: Path, bundle: Path) -> Dossier:
    """What a reader finds in the two files."""
    with pypdfium2.PdfDocument(pdf) as document:
        marks = {str(e.get_title()): e.get_dest().get_index() for e in document.get_toc() if e.level == 0}
        pages = [_words_on(pdf, number) for number in range(1, len(document) + 1)]
    # The back cover has no bookmark.
    starts = [*marks.values(), len(pages) - 1]
    told = {title: "".join(pages[at:end]) for title, (at, end) in zip(marks, pairwise(starts), strict=True)}
    with zipfile.ZipFile(bundle) as packed:
        # Named by its place in the dossier and its title.
        files = {
            Path(name).stem[3:]: packed.read(name) for name in packed.namelist() if name.endswith(".docx")
        }
    return Dossier(
        text="".join(pages),
        front=(pages[0], pages[1]),
        bookmarks={title: at + 1 for title, at in marks.items()},
        papers={title: _filed(content, told.get(title, "")) for title, content in files.items()},
    )


def nothing_differs(dossier: Dossier, facts: Facts) -> None:
    """Every paper says in the PDF what its .docx says, and what the matter knows; one fact is one on all of them."""
    checked = 0
    for title, paper in dossier.papers.items():
        assert paper.pages == paper.words, title
        [form] = [
            each
            for each in forms()
            if each.when in facts.holds and title_of(each, facts.values["kind"]) == title
        ]
        asked = {name: bare(facts.values.get(name, "")) for name in form.fields()}
        lacks = [name for name, fact in asked.items() if fact not in paper.words]
        assert not lacks, (title, lacks)
        checked += len(asked)
    assert checked > 40, sorted(dossier.papers)
    numbers = {number for paper in dossier.papers.values() for number in AGREEMENT.findall(paper.words)}
    assert numbers == {facts.values[name] for name in ("agreement_number",) if name in facts.values}, numbers
    differ = {fact: said for fact, said in _said(dossier).items() if len(set(said.values())) > 1}
    assert not differ, differ
    cover, contents = dossier.front
    for name in ("title", "petitioners", "respondents", "mediator", "mediated", "organisation_name", "code"):
        assert bare(facts.values[name]) in cover, (name, cover)
    # The numbers of the contents are those that stand on the pages.
    first = min(at for title, at in dossier.bookmarks.items() if title != "卷内目录")
    for place, (title, at) in enumerate(list(dossier.bookmarks.items())[1:], 1):
        assert f"{place}{bare(title)}{at - first + 1}" in contents, title


def says(dossier: Dossier, told: Mapping[str, Sequence[str]]) -> None:
    """What the story knows stands on the papers that are named (``*``: on each), once or more; nothing is derived.

    And no paper has a day, a sum, a telephone or a number that the story did not tell."""
    for words, titles in told.items():
        papers = list(dossier.papers) if "*" in titles else titles
        lack = [title for title in papers if bare(words) not in dossier.papers[title].words]
        assert not lack, (words, lack)
    known = set(FIGURES.findall("　".join(map(bare, told))))
    untold = {title: _figures(paper) - known for title, paper in dossier.papers.items()}
    assert not any(untold.values()), untold


def on_no_other(dossier: Dossier, words: str, title: str) -> None:
    """What only one paper may show."""
    assert [name for name, paper in dossier.papers.items() if words in paper.words] == [title]
    assert dossier.text.count(words) == 1


def bare(text: str) -> str:
    """Without spaces and breaks: where lines break is the setting's affair."""
    return re.sub(r"\s|[\ufffe\u0002]", "", text)


def _figures(paper: Filed) -> set[str]:
    """What one paper tells in figures, but for the number of the agreement."""
    return {each for each in FIGURES.findall(paper.words) if not AGREEMENT.fullmatch(each)}


def _said(dossier: Dossier) -> dict[str, dict[str, str]]:
    """What each paper says of each fact that more than one may tell. Blanks for the hand are no fact."""
    found: dict[str, dict[str, str]] = {}
    for title, paper in dossier.papers.items():
        seen: set[str] = set()
        for label, value in paper.rows:
            # An application to the court has the other side as its second applicant.
            fact = "被申请人" if label == "申请人" and "申请人" in seen else ALIKE.get(label, label)
            seen.add(fact)
            if fact in ONE_FACT and value != "无":
                # Before the line to sign on stands the name, which counts.
                hand = "＿+" if fact in SIGNED else BY_HAND
                lines = (re.sub(hand, "", line).strip("　 ") for line in value.splitlines())
                found.setdefault(fact, {})[title] = bare("、".join(filter(None, lines)))
    return found


def _filed(docx: bytes, pages: str) -> Filed:
    document = Document(io.BytesIO(docx))
    words, rows = [], []
    for each in document.iter_inner_content():
        if isinstance(each, Table):
            cells = [(row.cells[0].text, row.cells[1].text) for row in each.rows]
            rows += cells
            words += [text for row in cells for text in row]
        else:
            words.append(each.text)
            label, colon, value = each.text.partition("：")
            rows += [(label, value)] if colon and "签名" in label else []
    return Filed(tuple(rows), bare("".join(words)), pages)


def _words_on(pdf: Path, page: int) -> str:
    command = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(pdf), "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    return AROUND.sub("", bare(read.stdout.decode()))
