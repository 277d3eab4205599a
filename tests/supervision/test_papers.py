"""The papers of the ladder: made from the facts, numbered, for those whom they concern."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.docx import render
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.matters.models import Matter
from tests.dispatch.hands import HOUSING, LABOUR
from tests.small_county import SmallCounty
from tests.supervision.hands import COMMISSION, GROUNDS, REASONS, decide, left_lying, propose

pytestmark = pytest.mark.django_db


def letters(county: SmallCounty, matter: Matter, who: tuple[Role, str]) -> list[Paper]:
    actor = county.actor(*who)
    with scope(actor):
        found = papers_of(actor, Matter.objects.select_related("centre", "holder").get(pk=matter.pk))
    return [paper for paper in found if paper.kind == PaperKind.LETTER]


def test_the_supervision_letter(county: SmallCounty):
    matter, part = left_lying(county, assisting=["housing"])
    measure = propose(county, part)
    assert letters(county, matter, (COMMISSION, "county")) == []
    decide(county, measure)
    [paper] = letters(county, matter, (COMMISSION, "county"))
    assert paper == Paper(
        kind=PaperKind.LETTER,
        reference=measure.pk,
        title="督办函",
        number="440785政法督〔2026〕1号",
        addressee="恩平市人社局",
        paragraphs=(
            f"“{matter.title}”（编号 {matter.code}）交由恩平市人社局办理。经恩平市综治中心提请，查明：",
            "1．超过交办答复期限没有写出结果，2026年3月6日届满，至提请之日已超过3个工作日。",
            "请抓紧办理，并按期反馈办理情况。",
        ),
        rows=(
            ("被督办单位", "恩平市人社局"),
            ("提请理由", GROUNDS),
            ("单位申辩", "期内没有申辩"),
            ("决定理由", REASONS),
            ("依据", BLANK),
            ("反馈期限", "2026年3月23日"),
        ),
        signed_by="恩平市委政法委",
        dated="2026年3月16日",
    )
    assert [letters(county, matter, who) for who in (LABOUR, (Role.DIRECTOR, "county"))] == [[paper]] * 2
    # Another department of the same matter prints nothing of it.
    assert letters(county, matter, HOUSING) == []
    document = Document(BytesIO(render(paper)))
    assert [p.text for p in document.paragraphs][:2] == ["督办函", "440785政法督〔2026〕1号"]
