"""What is due and who owes it through the API: the desk's own numbers and rows."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.api import limits
from fengqiao.kernel import clock
from tests.api.test_reading import broken
from tests.clocks.test_due import LATE, handed, petition
from tests.small_county import SmallCounty, build
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
DUE = "/api/v1/due"


@pytest.fixture
def county(db: None) -> SmallCounty:
    limits.forget()
    return build()


def test_rows_days_and_bodies_are_those_of_the_desk(county: SmallCounty):
    own, theirs = petition(county), handed(county)
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(LATE):
        first, second = director.get(DUE, {"light": "red"}).json()["items"]
        assert first == first | {
            "limit": "petition.return",
            "matter": theirs.code,
            "owed_by": "department",
            "department": {"id": str(county.department("labour").pk), "name": "恩平市人社局"},
            "due_at": "2026-09-10T16:00:00Z",
            "light": "red",
            "left": "超期 10 天",
        }
        assert (second["matter"], second["department"], second["owed_by"]) == (own.code, None, "centre")
        days = director.get(f"{DUE}/days", {"first": "2026-09-01", "last": "2026-09-30"}).json()["items"]
        assert days == [
            {"day": "2026-09-10", "number": 1, "late": 1},
            {"day": "2026-09-18", "number": 1, "late": 1},
        ]
        (of_day,) = director.get(DUE, {"first": "2026-09-18", "last": "2026-09-18"}).json()["items"]
        assert of_day["matter"] == own.code
        owing = director.get(f"{DUE}/owing").json()["items"]
        assert [(each["name"], each["red"], each["yellow"]) for each in owing] == [
            ("市人社", 1, 0),
            ("恩平市综治中心", 1, 0),
        ]
        asked = {"department": owing[0]["department"], "owed_by": owing[0]["owed_by"]}
        assert [each["matter"] for each in director.get(DUE, asked).json()["items"]] == [theirs.code]


def test_pages_by_cursor_of_one_question(county: SmallCounty):
    codes = {petition(county).code for _ in range(3)}
    director = at_the_desk(county, Role.DIRECTOR)
    with clock.at(LATE):
        first = director.get(DUE, {"size": 2}).json()
        rest = director.get(DUE, {"size": 2, "cursor": first["next"]}).json()
        assert {each["matter"] for each in (*first["items"], *rest["items"])} == codes
        assert rest["next"] is None
        foreign = {"size": 2, "cursor": first["next"], "whose": "all"}
        assert broken(director.get(DUE, foreign), 422) == [("cursor", "foreign_cursor")]


def test_what_a_post_may_not_ask_is_refused_and_not_answered_with_something_else(county: SmallCounty):
    handed(county)
    labour = at_the_desk(county, Role.HANDLER, "labour")
    with clock.at(LATE):
        assert len(labour.get(DUE).json()["items"]) == 1
        assert broken(labour.get(DUE, {"whose": "all"}), 403) == [("", "whose_not_offered")]
    registrar = at_the_desk(county, Role.REGISTRAR)
    assert broken(registrar.get(f"{DUE}/owing"), 403) == [("", "post_may_not_ask_who_is_late")]
    wrong = {"first": "2026-09-30", "last": "2026-09-01"}
    assert broken(registrar.get(DUE, wrong), 422) == [("last", "before_its_beginning")]
    long = {"first": "2026-01-01", "last": "2027-12-31"}
    assert broken(registrar.get(f"{DUE}/days", long), 422) == [("last", "too_long")]
