"""Proof of service: which paper reached whom, how and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain.serving import NewService
from fengqiao.dossier.enums import PaperKind, ServiceMethod
from fengqiao.dossier.models import Service
from fengqiao.flows import materials, papers
from fengqiao.flows.materials import Upload
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import State
from fengqiao.matters.models import HistoryEvent, Matter
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.dispatch.hands import LABOUR, part_of
from tests.files.samples import PNG
from tests.matters.ground import EVERYWHERE, fresh, refuses, rows, told
from tests.small_county import SmallCounty, brought_to, registered
from tests.web.desk import at_the_desk


def receipt(matter: Matter, **changes) -> NewService:
    values = {
        "kind": PaperKind.RECEIPT,
        "reference": matter.pk,
        "addressee": "黄某某",
        "method": ServiceMethod.IN_PERSON,
        "served_at": clock.now() - timedelta(minutes=1),
    }
    return NewService(**(values | changes))


def serve(county: SmallCounty, matter: Matter, new: NewService, who=(Role.REGISTRAR, "county")) -> Service:
    return papers.serve(actor=county.actor(*who), matter_id=matter.pk, new=new)


@pytest.mark.parametrize("method", ServiceMethod)
def test_recorded(county: SmallCounty, method):
    matter = registered(county)
    new = receipt(matter, method=method, addressee=" 黄某某之妻 ", remark=" 见证人：村干部陈某 ")
    serve(county, matter, new)
    assert rows(Service, matter, "paper", "reference", "addressee", "method", "served_at", "remark") == [
        ("receipt", matter.pk, "黄某某之妻", method, new.served_at, "见证人：村干部陈某")
    ]
    assert rows(Service, matter, "served_by_id") == [(county.person(Role.REGISTRAR).id,)]
    assert told(matter)[-1] == "paper.served"
    with scope(EVERYWHERE):
        event = HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").last()
    assert "黄某某".encode() not in bytes(event.content)
    # The matter is as it was: nobody's open form is stale by it.
    assert fresh(county, matter).version == 1


def test_by_a_program(county: SmallCounty):
    matter = registered(county)
    desk = at_the_desk(county, Role.REGISTRAR)
    at_papers = f"/api/v1/matters/{matter.code}/papers"
    [paper] = desk.get(at_papers).json()["items"]
    assert (paper["kind"], paper["title"], paper["served"]) == ("receipt", "登记回执", [])
    one = f"{at_papers}/receipt/{paper['reference']}"
    assert desk.get(f"{one}/docx").content[:2] == b"PK"
    sent = {"addressee": "黄某某", "method": "left", "served_at": clock.now().isoformat()}
    assert broken(post(desk, f"{one}/served", sent, **seen(matter)), 422) == [("remark", "invalid")]
    sent |= {"remark": "见证人：村干部陈某"}
    done = [post(desk, f"{one}/served", sent, key="once", **seen(matter)) for _twice in (1, 2)]
    assert [(each.status_code, each.json()["version"]) for each in done] == [(200, 1)] * 2
    [paper] = desk.get(at_papers).json()["items"]
    assert [each["method"] for each in paper["served"]] == ["left"]
    assert broken(desk.get(f"{at_papers}/reply/{matter.pk}/pdf"), 404) == [("", "paper_not_found")]


def test_with_its_proof(county: SmallCounty, disk):
    matter, other = registered(county), registered(county)
    registrar = county.actor(Role.REGISTRAR)
    [proof] = materials.add(actor=registrar, matter_id=matter.pk, uploads=[Upload("回证.png", PNG)])
    with refuses("invalid", field="proof"):
        serve(county, other, receipt(other, proof=proof.pk))
    serve(county, matter, receipt(matter, proof=proof.pk))
    assert rows(Service, matter, "proof_id") == [(proof.pk,)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addressee": " "}, "addressee"),
        ({"served_at": clock.now() + timedelta(days=1)}, "served_at"),
        ({"method": ServiceMethod.LEFT}, "remark"),
        ({"method": ServiceMethod.LEFT, "remark": "见证"}, "remark"),
        ({"reference": new_id()}, "reference"),
        ({"kind": PaperKind.REPLY}, "reference"),
        ({"proof": new_id()}, "proof"),
    ],
)
def test_refused(county: SmallCounty, changes, field):
    matter = registered(county)
    with refuses("invalid", field=field):
        serve(county, matter, receipt(matter, **changes))


def test_a_department_serves_its_own_papers(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    sheet = {"kind": PaperKind.DISPATCH, "reference": part_of(matter).pk, "addressee": "市人社局"}
    serve(county, matter, receipt(matter, **sheet), LABOUR)
    with refuses("invalid", field="reference"):
        serve(county, matter, receipt(matter), LABOUR)


@pytest.mark.parametrize(
    "who", [(Role.REGISTRAR, "other"), (Role.HANDLER, "housing"), (Role.AUDITOR, "county")]
)
def test_of_a_matter_that_one_does_not_see(county: SmallCounty, who):
    matter = registered(county)
    with refuses("matter_not_found"):
        serve(county, matter, receipt(matter), who)


def test_the_archive_takes_no_more(county: SmallCounty):
    matter = brought_to(county, State.ARCHIVED)
    with refuses("archived"):
        serve(county, matter, receipt(matter))
