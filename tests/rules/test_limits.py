"""Limits as data: all rows of the field's table, each with its basis, in force where its territory says."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from fengqiao.places.models import Centre
from fengqiao.rules.queries.limits import Acts, all_limits, binds, limits_of
from tests import small_county

FIELD = Path(__file__).resolve().parents[3] / "shared" / "field" / "time-limits.csv"
TODAY = date(2026, 11, 24)
ENPING, SHENZHEN_NANSHAN, SHAOXING = "440785", "440305", "330602"
# Of this program, for a county's own table; the field's table does not have them.
PROPOSALS = {"centre.check_in", "centre.sign_off", "centre.visit"}
SAMPLES = PROPOSALS | {
    "hotline.sign",
    "hotline.consult",
    "hotline.other",
    "centre.simple",
    "centre.ordinary",
    "centre.complex",
}
# This program's own, not the field's.
PROPOSED = ["report.direct", "report.read"]
OF_SHENZHEN = {"admin.shenzhen.transfer", "admin.shenzhen.accept", "admin.shenzhen.mediate"}
OF_GUANGDONG = {"land.accept", "land.decide"}


def in_force(county: str, on: date = TODAY) -> set[str]:
    return {limit.id for limit in all_limits().values() if binds(limit, county, on)[0]}


def test_every_row_of_the_field_is_loaded_with_its_basis():
    if not FIELD.exists():
        pytest.skip("the shared folder with time-limits.csv is not beside the project")
    with FIELD.open(newline="", encoding="utf-8") as handle:
        rows = {row["id"]: row for row in csv.DictReader(handle)}
    assert [name for name in all_limits() if name not in {*PROPOSALS, *PROPOSED}] == list(rows)
    for name, row in rows.items():
        limit = all_limits()[name]
        assert (str(limit.n), limit.unit, limit.starts_on, limit.kind) == (
            row["n"],
            row["unit"],
            row["starts_on"],
            row["kind"],
        ), name
        assert (limit.legal_basis, limit.duty_holder, limit.territory) == (
            row["legal_basis"],
            row["duty_holder"],
            row["territory"],
        ), name


def test_in_enping_exactly_what_binds_it_is_in_force():
    everything = set(all_limits())
    assert in_force(ENPING) == everything - SAMPLES - OF_SHENZHEN
    assert in_force(SHENZHEN_NANSHAN) == everything - SAMPLES
    assert in_force(SHAOXING) == everything - SAMPLES - OF_SHENZHEN - OF_GUANGDONG


def test_why_is_said():
    limits = all_limits()
    assert binds(limits["petition.transfer"], ENPING, TODAY) == (True, "全国施行。")
    assert binds(limits["land.accept"], ENPING, TODAY) == (True, "440785在广东省。")
    assert binds(limits["admin.shenzhen.mediate"], ENPING, TODAY) == (
        False,
        "只在深圳经济特区施行，440785不在其内。",
    )
    assert binds(limits["centre.simple"], ENPING, TODAY)[1].startswith("外地样本")
    assert binds(limits["petition.transfer"], ENPING, date(2022, 4, 30)) == (False, "2022-05-01 起施行。")
    assert binds(limits["petition.transfer"], ENPING, date(2022, 5, 1))[0]


def test_applicants_are_reminded_and_courts_only_shown():
    acts = {acts: {each.id for each in all_limits().values() if each.acts is acts} for acts in Acts}
    assert acts[Acts.SHOWN] == {"mediation.confirm_decide", "labour.arbitrate_accept", "labour.arbitrate"}
    assert acts[Acts.REMINDS] == {
        "petition.review_request",
        "petition.recheck_request",
        "mediation.confirm_apply",
        "mediation.enforce_apply",
        "labour.limitation",
        "traffic.apply",
    }
    assert all(each.kind == "applicant" for each in all_limits().values() if each.acts is Acts.REMINDS)


ROW = {
    "id": "x.y", "procedure": "信访", "step": "答复", "n": "5", "unit": "working_day", "starts_on": "received",
    "duty_holder": "某局", "kind": "statutory", "territory": "全国", "division": "*", "applies_when": "",
    "pauses_on": "", "restarts_on": "", "extension_max": "", "extension_unit": "", "approver": "", "consent": "",
    "rolls_over": "yes", "acts": "lights", "legal_basis": "某条例 第1条", "version": "1", "valid_from": "",
    "valid_until": "", "verified": "", "note": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"starts_on": ""}, "x.y: starts_on is empty"),
        ({"legal_basis": " "}, "x.y: legal_basis is empty"),
        ({"n": "0"}, "x.y: n must be"),
        ({"n": "five"}, "x.y: n must be"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "x.y: it ends before it begins"),
        ({"acts": "lists"}, "lists"),
    ],
    ids=lambda value: str(sorted(value)) if isinstance(value, dict) else "",
)
def test_a_row_that_cannot_be_used_is_named(wrong, said):
    assert list(limits_of([ROW])) == ["x.y"]
    with pytest.raises(ValueError, match=said):
        limits_of([ROW | wrong])


def test_a_limit_stands_once():
    with pytest.raises(ValueError, match="stands twice"):
        limits_of([ROW, ROW])


@pytest.mark.django_db
def test_the_list_tells_of_each_whether_and_why(capsys):
    with pytest.raises(CommandError, match="--county"):
        call_command("rules", "list", table="limits")
    call_command("rules", "list", table="limits", county="440305", json=True)
    assert len([row for row in json.loads(capsys.readouterr().out)["rows"] if row["in_force"]]) == 32
    county = small_county.build()
    with pytest.raises(CommandError, match="440783、440785"):
        call_command("rules", "list", table="limits")
    Centre.objects.filter(pk=county.centres["other"].pk).update(valid_until=TODAY)
    call_command("rules", "list", table="limits", json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["county"] == ENPING
    assert {row["id"] for row in told["rows"] if row["in_force"]} == in_force(ENPING)
    assert all(row["why"] and row["basis"] and row["version"] for row in told["rows"])
    with pytest.raises(CommandError, match="44x"):
        call_command("rules", "list", table="limits", county="44x")
