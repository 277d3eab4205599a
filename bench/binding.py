"""Papers: one form as .docx and PDF, and a dossier of forty pages with its zip; invented facts, no database."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from fengqiao.dossier.forms import filled, forms
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.pdf import pdf_of
from fengqiao.dossier.templates import docx_of
from fengqiao.dossier.volume import Bound, Material, Section, bound

CODE = "440785-20261128-000001"
PAGES = 40
ROUNDS = 9


def measure() -> dict[str, Any]:
    """Median milliseconds of a form as both files (limit 150), and of a dossier of forty pages (limit 2,000)."""
    agreement = _paper("agreement", lines=12)
    form, _both = _median(lambda: (docx_of(agreement), pdf_of(agreement)))
    # A record of a line for each thing that was said, until the dossier has its pages.
    lines = 20
    while (volume := _bound(lines)).pages < PAGES:
        lines += 40 if volume.pages < PAGES - 8 else 10
    took, volume = _median(lambda: _bound(lines))
    return {"form_ms": form, "volume_ms": took, "pages": volume.pages}


def _paper(code: str, *, lines: int) -> Paper:
    facts = {
        "petitioners": "黄䶮",
        "respondents": "恩平市某陶瓷厂",
        "title": "拖欠工资",
        "account": "十二名工人到中心反映，厂里两个月没有发工资。",
        "agreement": "三日内付清工资，逾期按日付息。\n" * lines,
    }
    form = next(form for form in forms() if form.code == code)
    return filled(form, matter_id=UUID(int=1), code=CODE, facts=facts)


def _bound(lines: int) -> Bound:
    papers = tuple(_paper(form.code, lines=lines if form.code == "record" else 8) for form in forms())
    scan = Material("合同.pdf", f"{CODE}-附1", "application/pdf", pdf_of(_paper("agreement", lines=80)))
    with tempfile.TemporaryDirectory() as folder:
        return bound(
            code=CODE,
            cover=[("卷名", "拖欠工资"), ("卷号", CODE)],
            sections=[
                Section("文书", papers),
                Section("证据材料", (), (scan,)),
                Section("身份证明", gap=True),
            ],
            folder=Path(folder),
        )


def _median(work: Callable[[], Any]) -> tuple[float, Any]:
    took, last = [], work()
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        last = work()
        took.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(took), 1), last
