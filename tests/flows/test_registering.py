"""At the window: registration and all that goes with it, at once or not at all, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.models import StoredFile
from fengqiao.flows.materials import Upload, opened
from fengqiao.flows.registering import DESK, AtOnce, at_the_window
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain.accepting import accept
from fengqiao.matters.models import Disposition, Matter, MatterFile, MatterLink, Party
from tests.files.samples import EXE, PDF, PNG, word_with_macros
from tests.matters.ground import EVERYWHERE, act, fresh, last_audited, refuses, rows, told, traces
from tests.small_county import SmallCounty, registered, wages


def take(county: SmallCounty, who: tuple[Role, str] | Role = Role.REGISTRAR, **values) -> Matter:
    role, place = who if isinstance(who, tuple) else (who, "county")
    given = {"new": wages(), "form_token": uuid4()} | values
    return at_the_window(actor=county.actor(role, place), **given)


def matters() -> int:
    with scope(EVERYWHERE):
        return Matter.objects.count()


# --- all at once -----------------------------------------------------------------------------------------------
def test_registered_only(county: SmallCounty):
    token = uuid4()
    matter = take(county, form_token=token)
    now = fresh(county, matter)
    assert (now.state, now.source, now.source_number) == ("registered", DESK, str(token))
    assert told(matter) == ["matter.registered"]


def test_with_links_and_materials_and_accepted(county: SmallCounty, disk):
    first, second = registered(county), registered(county)
    matter = take(
        county,
        links=[first.pk, second.pk],
        uploads=[Upload("协议.pdf", PDF), Upload("欠条.png", PNG)],
        at_once=AtOnce(accept=True),
    )
    assert fresh(county, matter).state == "accepted"
    assert told(matter) == [
        "matter.registered",
        "matter.attach",
        "matter.attach",
        "matter.link",
        "matter.link",
        "matter.accept",
    ]
    assert {row[0] for row in rows(MatterLink, matter, "other_id")} == {first.pk, second.pk}
    assert [row[0] for row in rows(MatterFile, matter, "name")] == ["协议.pdf", "欠条.png"]
    with scope(EVERYWHERE):
        contents = [opened(m) for m in MatterFile.objects.filter(matter_id=matter.pk).order_by("pk")]
    assert contents == [PDF, PNG]


def test_settled_while_the_person_sits_there(county: SmallCounty):
    due = clock.today() + timedelta(days=3)
    result = AtOnce(result="当场谈妥，三日内付清。", performance_due=due, basis="劳动法第五十条")
    matter = take(county, Role.INDUSTRY_OFFICER, at_once=result)
    now = fresh(county, matter)
    assert (now.state, now.outcome, now.performance_due) == ("settled", "settled_on_spot", due)
    assert rows(Disposition, matter, "text", "basis") == [("当场谈妥，三日内付清。", "劳动法第五十条")]
    assert told(matter) == ["matter.registered", "matter.accept", "matter.settle_on_spot"]


# --- or not at all ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("扫描件.pdf", EXE),
        ("委托书.docx", word_with_macros()),
        ("空.pdf", b""),
        ("程序.exe", EXE),
        ("录像.pdf", PDF + bytes(60 * 1024 * 1024)),
    ],
    ids=["an exe called pdf", "macros", "empty", "exe", "60 MB"],
)
def test_a_bad_attachment_leaves_nothing_of_the_registration(county: SmallCounty, disk, name, content):
    with refuses("invalid", field="materials") as refusal:
        take(county, uploads=[Upload("协议.pdf", PDF), Upload(name, content)])
    assert name in str(refusal.value)
    assert matters() == 0


def test_after_a_bad_attachment_the_same_form_registers(county: SmallCounty, disk):
    """What was typed is sent again under the same token once the file is put right."""
    token = uuid4()
    with refuses("invalid", field="materials"):
        take(county, form_token=token, uploads=[Upload("扫描件.pdf", EXE)])
    matter = take(county, form_token=token, uploads=[Upload("扫描件.pdf", PDF)])
    assert (matters(), len(rows(MatterFile, matter, "pk"))) == (1, 1)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"links": [new_id()]}, "matter_not_found", None),
        ({"at_once": AtOnce(result="好")}, "invalid", "result"),
        ({"at_once": AtOnce(result="当场谈妥，已经付清。")}, "post_may_not", None),
        ({"new": wages(title="")}, "invalid", "title"),
    ],
    ids=["a link to nothing", "a result too short", "not the competent post", "no title"],
)
def test_any_refusal_takes_everything_back(county: SmallCounty, values, code, field):
    with refuses(code, field=field):
        take(county, **values)
    assert matters() == 0
    with scope(EVERYWHERE):
        assert Party.objects.count() == 0


@pytest.mark.parametrize(
    "who", [(Role.SYSTEM_ADMINISTRATOR, "county"), (Role.AUDITOR, "county"), (Role.HANDLER, "labour")]
)
def test_who_takes_nothing_in(county: SmallCounty, who):
    with refuses("post_may_not_register"):
        take(county, who)
    audited = last_audited()
    assert (audited.verb, audited.person_id) == ("matter.register", county.person(*who).id)


def test_the_linked_matter_of_another_county_is_none(county: SmallCounty):
    there = registered(county, "other", division="", grid="")
    with refuses("matter_not_found"):
        take(county, links=[there.pk])


# --- never twice ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("confidential", [False, True])
def test_a_double_click_gives_the_matter_of_the_first_time(county: SmallCounty, disk, confidential):
    token, new = uuid4(), wages(confidential=confidential)
    first = take(county, form_token=token, new=new, uploads=[Upload("协议.pdf", PDF)])
    before = traces()
    again = take(county, form_token=token, new=new, uploads=[Upload("协议.pdf", PDF)])
    assert (again.pk, again.code) == (first.pk, first.code)
    assert traces() == before
    with scope(county.actor(Role.REGISTRAR)):
        assert (Matter.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_the_token_of_somebody_else_is_not_answered_with_their_matter(county: SmallCounty):
    token = uuid4()
    take(county, form_token=token)
    with refuses("already_registered", field="source_number"):
        take(county, Role.MEDIATOR, form_token=token)


def test_two_forms_are_two_matters(county: SmallCounty):
    new = wages()
    first, second = take(county, new=new), take(county, new=new)
    assert first.code != second.code


def test_a_token_is_the_forms_alone(county: SmallCounty):
    """What the form says of a source cannot stand in the way of another door's numbers."""
    matter = take(county, new=replace(wages(), source="12345", source_number="A1"))
    assert fresh(county, matter).source == DESK


def test_a_retired_link_is_not_made_again(county: SmallCounty):
    """The same link sent twice in one form is one link."""
    other = registered(county)
    matter = take(county, links=[other.pk, other.pk])
    assert len(rows(MatterLink, matter, "pk")) == 1


def test_the_registered_matter_goes_on_like_any_other(county: SmallCounty):
    matter = take(county)
    act(county, Role.LEGAL_OFFICER, accept, matter, version=matter.version)
    assert fresh(county, matter).state == "accepted"
