"""What is late and whose, and what is supervised, as workbooks that a director takes out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain import sight
from fengqiao.matters.models import Matter
from tests.clocks.test_due import LATE, handed, petition
from tests.dispatch.hands import part_of
from tests.matters.ground import act, county, laid, last_audited
from tests.small_county import SmallCounty
from tests.supervision.hands import GROUNDS, lie_before
from tests.web.desk import at_the_desk

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def rows_of(client: Client, name: str, **asked: str) -> tuple[list[Any], str]:
    """The lines below the head, and all that the sheet about them says."""
    answer = client.get(reverse(name), asked)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    lines, *_more, about = (book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names)))
    return lines[1:], " ".join(str(cell) for row in about for cell in row)


def test_what_is_late_is_taken_out_as_it_is_filtered(county: SmallCounty):
    own, theirs = petition(county), handed(county)
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(LATE):
        lines, about = rows_of(director, "late_sheet", whose="centre", light="red")
        assert [line[0] for line in lines] == [theirs.code, own.code]
        assert lines[0][4:] == ["市人社", "2026-09-10", "红灯（已超期）", "超期 10 天"]
        assert "红灯" in about
        lines, about = rows_of(
            director,
            "late_sheet",
            whose="centre",
            by="department",
            department=str(county.department("labour").pk),
        )
        assert [line[0] for line in lines] == [theirs.code]
        assert "市人社" in about
    assert b'"rows":1' in bytes(last_audited().content)


def test_what_is_supervised_is_taken_out_without_restricted_matters(county: SmallCounty):
    shown, kept = handed(county), handed(county)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher):
        for matter in (shown, kept):
            commission = county.department("commission")
            found = Matter.objects.get(pk=matter.pk)
            lie_before(dispatcher, found, part_of(found), commission, proposer=dispatcher.person_id)
    act(county, Role.DIRECTOR, sight.restrict_later, kept, reason="涉及举报人")
    lines, about = rows_of(at_the_desk(county, Role.DIRECTOR), "supervision_sheet")
    assert [(line[0], line[2], line[4], line[5]) for line in lines] == [
        (shown.code, "恩平市人社局", "已提请，等单位申辩", "督办函")
    ]
    assert GROUNDS not in about
    assert b'"left_out":1' in bytes(last_audited().content)
