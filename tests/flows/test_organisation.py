"""Divisions and an organisation taken in from files: written and audited in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.flows import organisation as flow
from fengqiao.flows.sign_in import NO_COUNTY
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid
from fengqiao.places.models import Centre, Department, Division
from tests.matters.ground import AUDITING

pytestmark = pytest.mark.django_db

FILE = """
[[department]]
division = "440785000000"
name = "恩平市人力资源和社会保障局"
kind = "labour"

[[centre]]
division = "440785000000"
name = "恩平市综治中心"

[[person]]
login = "lin"
name = "林登记"
posts = [{ role = "registrar", centre = "440785000000" }]
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    divisions, county = tmp_path / "divisions.csv", tmp_path / "county.toml"
    divisions.write_text("code,name\n4407,江门市\n440785,恩平市\n", encoding="utf-8")
    county.write_text(FILE, encoding="utf-8")
    return divisions, county


def audited(county: str) -> list[Entry]:
    with scope(replace(AUDITING, audit_counties=(county,))):
        return list(Entry.objects.order_by("chain", "seq"))


def take(files: tuple[Path, Path]):
    flow.divisions([files[0]], source="tests", since=date(2026, 1, 1))
    return flow.organisation(files[1], password=lambda login: "first-password")


def test_the_audit_learns_of_both_and_of_no_password(files):
    taken = take(files)
    assert taken.passwords == {"lin": "first-password"}
    [divisions] = audited(NO_COUNTY)
    assert divisions.verb == "divisions.imported"
    assert b'"added":2' in bytes(divisions.content)
    [organisation] = audited("440785")
    assert organisation.verb == "organisation.imported"
    assert sm3(files[1].read_bytes()).hex().encode() in bytes(organisation.content)
    assert b"password" not in bytes(organisation.content)


def test_what_was_known_already_is_not_told_again(files):
    take(files)
    flow.divisions([files[0]], source="tests", since=date(2026, 1, 1))
    assert [e.verb for e in audited(NO_COUNTY)] == ["divisions.imported"]


@pytest.mark.parametrize("broken", ['role = "king"', 'role = "registrar", centre = "440799000000"'])
def test_a_wrong_place_late_in_the_file_takes_everything_back(files, broken):
    files[1].write_text(FILE.replace('role = "registrar", centre = "440785000000"', broken), encoding="utf-8")
    with pytest.raises(Invalid):
        take(files)
    assert (Department.objects.count(), Centre.objects.count(), Person.objects.count()) == (0, 0, 0)
    assert Division.objects.count() == 2
    assert audited("440785") == []
