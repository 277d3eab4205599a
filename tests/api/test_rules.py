"""Tables, versions and replays through the API: what the desk shows, for those who work at a centre."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.matters.enums import State
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from tests.matters.test_replaying import replayed, to_housing
from tests.rules.drafts import drafted
from tests.small_county import SmallCounty, brought_to, build
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
RULES = "/api/v1/rules"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


def test_what_answers_today_and_every_version_are_read_with_their_rows(county: SmallCounty):
    director = at_the_desk(county, Role.DIRECTOR)
    tables = director.get(RULES).json()["items"]
    assert {each["table"]: (each["version"], each["rows"]) for each in tables} == {
        kind.value: (shipped(kind).version, len(shipped(kind).rows)) for kind in TableKind
    }
    row = next(each for each in director.get(f"{RULES}/track").json()["rows"] if each["id"] == "T21")
    assert row["then"] == {"track": "departmental", "departments": "labour"}
    draft = drafted(county, TableKind.TRACK, to_housing)
    (line,) = director.get(f"{RULES}/track/versions").json()["items"]
    assert (line["id"], line["number"], line["state"]) == (str(draft.pk), 1, "draft")
    version = director.get(f"{RULES}/versions/{draft.pk}")
    changed = next(each for each in version.json()["rows"] if each["id"] == "T21")
    assert changed["then"]["departments"] == "housing"
    again = director.get(f"{RULES}/versions/{draft.pk}", headers={"If-None-Match": version.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_replay_tells_its_numbers_and_each_opens_by_its_columns(county: SmallCounty):
    for n in range(3):
        brought_to(county, State.DISPATCHING, title=f"欠薪 {n}")
    brought_to(county, State.DISPATCHING, title="邻里争水沟", category="0201")
    draft = drafted(county, TableKind.TRACK, to_housing)
    replay = replayed(county, draft)
    director = at_the_desk(county, Role.DIRECTOR)
    address = f"{RULES}/replays/{replay.pk}"
    assert director.get(f"{RULES}/versions/{draft.pk}").json()["replay"] == str(replay.pk)
    told = director.get(address).json()
    assert (told["state"], told["matters"], told["moved"]) == ("done", 4, 3)
    (row,) = told["rows"]
    assert (row["before_lead"], row["after_lead"], row["matters"]) == ("labour", "housing", 3)
    columns = {name: value for name, value in row.items() if name != "matters"}
    first = director.get(f"{address}/matters", columns | {"moved": True, "size": 2}).json()
    rest = director.get(f"{address}/matters", columns | {"moved": True, "cursor": first["next"]}).json()
    assert len({each["matter"] for each in first["items"] + rest["items"]}) == 3
    assert rest["next"] is None
    # The cursor of one question is none of another.
    assert director.get(f"{address}/matters", {"cursor": first["next"]}).status_code == 422
    assert len(director.get(f"{address}/matters").json()["items"]) == 4

    town = at_the_desk(county, Role.REGISTRAR, "town")
    assert town.get(address).json()["matters"] == len(town.get(f"{address}/matters").json()["items"])
    assert at_the_desk(county, Role.DIRECTOR, "other").get(address).status_code == 404
    assert at_the_desk(county, Role.HANDLER, "labour").get(address).status_code == 403
