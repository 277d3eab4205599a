"""The mark on each page of a paper (QR): which paper, which page of how many, and of which words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from fengqiao.dossier.forms import forms
from fengqiao.dossier.paper import Paper
from fengqiao.kernel.crypto import sm3

# So many digits of the digest of a paper's words tell two wordings of one paper apart.
DIGITS = 8
WRITTEN = re.compile(
    rf"(?P<number>[^#\x00-\x1f]{{1,60}})#(?P<page>[1-9]\d{{0,3}})"
    rf"(?:/(?P<pages>[1-9]\d{{0,3}}))?(?:@(?P<version>[0-9a-f]{{{DIGITS}}}))?"
)


@dataclass(frozen=True)
class Mark:
    """``pages`` is 0 and ``version`` empty on papers that were printed before marks said so."""

    number: str
    page: int
    pages: int = 0
    version: str = ""

    def __str__(self) -> str:
        of = f"/{self.pages}" if self.pages else ""
        words = f"@{self.version}" if self.version else ""
        return f"{self.number}#{self.page}{of}{words}"


def read_mark(text: str) -> Mark | None:
    """What a mark says; ``None`` for a code that is none of ours."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    mark = Mark(found["number"], int(found["page"]), int(found["pages"] or 0), found["version"] or "")
    return mark if not mark.pages or mark.page <= mark.pages else None


def number_of(paper: Paper) -> str:
    """The number of a paper as its mark has it."""
    return paper.number.removeprefix("编号：")


def version_of(paper: Paper) -> str:
    """The same for the same words. Signatures drawn on a tablet are no words: they may come one by one.

    Of a form its facts count: a sheet that was signed stays what it is when a release words its form anew.
    """
    words: list[object] = [
        paper.title,
        paper.number,
        paper.addressee,
        paper.paragraphs,
        paper.rows,
        paper.after,
        paper.signed_by,
        paper.dated,
        paper.closing,
    ]
    form = next((each for each in forms() if each.code == paper.form), None)
    if form is not None:
        facts = dict(paper.facts)
        words = [form.code, paper.number, [(name, facts.get(name, "")) for name in sorted(form.fields())]]
    return sm3(json.dumps(words).encode()).hex()[:DIGITS]
