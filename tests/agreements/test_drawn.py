"""Signing on a tablet: drawn under the words that were shown, tied to them, printed in its place."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.drawing import Drawn, drawn_digest, is_as_drawn, paper_digest
from fengqiao.agreements.enums import Mark, Signer
from fengqiao.agreements.models import Signature
from fengqiao.agreements.queries.agreements import agreement_by_id
from fengqiao.dossier.pdf import pdf_of
from fengqiao.dossier.queries.papers import forms_of
from fengqiao.dossier.templates import docx_of
from fengqiao.kernel import clock
from tests.agreements.hands import SEAL, answered, drafted, mediating, parties_of, signs
from tests.matters.ground import EVERYWHERE, fresh, refuses, rows
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
NAME = [[[100 + 9 * n, 80 + n * n, 12 * n] for n in range(14)], [[300, 60, 400], [300, 200, 480]]]


def paper_of(county: SmallCounty, agreement: Any) -> str:
    actor = county.actor(Role.MEDIATOR)
    with scope(actor):
        shown = agreement_by_id(actor, agreement.pk)
        return paper_digest(shown.agreement, shown.terms)


def test_drawn_on_the_tablet_it_is_the_partys_mark(county: SmallCounty):
    matter = mediating(county)
    first, second, *_more = parties_of(matter)
    agreement = drafted(county, matter)
    desk = at_the_desk(county, Role.MEDIATOR)
    at = reverse("agreement_tablet", args=[agreement.pk])
    assert desk.get(at).status_code == 409
    answered(county, agreement)
    page = text_of(desk.get(at))
    assert first.name in page and second.name in page and "调解员" in page
    shown = desk.get(f"{at}?who={first.pk}")
    paper = paper_of(county, agreement)
    assert "请在框内签名" in text_of(shown) and paper in shown.content.decode()

    sent = {"strokes": json.dumps(NAME), "paper": paper}
    for changes, sentence in (
        ({"strokes": ""}, "还没有签名"),
        ({"strokes": "[[[10,10,0]]]"}, "还没有签名"),
        ({"strokes": "[[[10,10]]]"}, "没有收到"),
        ({"strokes": json.dumps([[[9000, 1, 1]] * 20])}, "没有收到"),
        ({"strokes": "nothing"}, "没有收到"),
        ({"paper": "0" * 64}, "不一样"),
    ):
        answer = desk.post(f"{at}?who={first.pk}", sent | changes)
        assert answer.status_code in (409, 422) and sentence in text_of(answer), changes
    assert rows(Signature, matter, "pk") == []
    done = desk.post(f"{at}?who={first.pk}", sent)
    assert (done.status_code, done.headers["Location"]) == (302, at)
    [(mark, on, strokes, digest)] = rows(Signature, matter, "mark", "on", "strokes", "drawn_sm3")
    assert (mark, on, strokes, digest) == (Mark.SIGNATURE, clock.today(), NAME, drawn_digest(paper, NAME))
    with refuses("signed_twice", field="parties"):
        signs(county, agreement, parties=[first.pk], drawn=Drawn(NAME, paper))
    with refuses("invalid", field="drawn"):
        signs(county, agreement, **SEAL, drawn=Drawn(NAME, paper))

    # The others sign by hand; the last mark lets it take effect as ever.
    signs(county, agreement, parties=[each.pk for each in parties_of(matter)[1:]])
    assert desk.post(f"{at}?who=mediator", sent).headers["Location"] == reverse(
        "agreement", args=[agreement.pk]
    )
    signs(county, agreement, **SEAL)
    assert fresh(county, matter).state == "settled"
    with scope(EVERYWHERE):
        drawn = list(Signature.objects.filter(agreement=agreement, strokes__isnull=False))
        assert [each.signer for each in drawn] == [Signer.PARTY, Signer.MEDIATOR]
        assert all(is_as_drawn(each, paper) for each in drawn)
        assert not is_as_drawn(drawn[0], "0" * 64)
        [paper_of_it] = [each for each in forms_of(fresh(county, matter)) if each.form == "agreement"]
    assert [mark.line for mark in paper_of_it.drawn] == [0, 1]
    assert paper_of_it.drawn[0].label.startswith(f"{first.name}　")
    with zipfile.ZipFile(BytesIO(docx_of(paper_of_it))) as file:
        # One picture for each hand, in the order of the paper.
        assert sum(name.startswith("word/media/") for name in file.namelist()) == 1
        body = file.read("word/document.xml").decode()
    place = [body.index(text) for text in ("当事人签名（", paper_of_it.drawn[0].label[:12], "调解员签名：")]
    assert place[0] < place[1] < place[2] and body.count("平板签署") == 2
    assert pdf_of(paper_of_it).startswith(b"%PDF")
    assert "笔迹和文字对不上" not in text_of(desk.get(reverse("agreement", args=[agreement.pk])))
