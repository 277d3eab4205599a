"""The county sets limits of its own before it begins: drafted by one, approved by another, in force the day after."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import rule_tables
from fengqiao.kernel import clock
from fengqiao.kernel.working_days import ONE_DAY
from fengqiao.rules.deciding import Row, row_from
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.simulate.cast import Cast

NOTE = "第一版：按近两年的实际办理情况，把建议的时限定到各单位做得到的长短，试行半年后再看。"
BASIS = "恩平市综治中心联席会议纪要（演示）"
# What the county sets otherwise than proposed; of hotline questions it has no limit of its own.
SET = {
    "centre.check_in": ("2", "working_day"),
    "centre.simple": ("10", "calendar_day"),
    "centre.ordinary": ("20", "calendar_day"),
    "centre.complex": ("45", "calendar_day"),
    "hotline.other": ("15", "working_day"),
}
LEFT_OUT = frozenset({"hotline.consult"})


def set_own_limits(cast: Cast) -> None:
    """Once: where the county has a version of any state, what an earlier run or somebody at a desk did stays."""
    director, rng = cast.director(cast.county_centre.id), Random("limits")  # noqa: S311  a play, no secret
    author = cast.someone(cast.county_centre.id, (Role.DISPATCHER,), rng)
    if director is None or author is None:
        return
    with scope(author):
        found = TableVersion.objects.filter(county=author.county, kind=OwnTable.LIMITS).first()
    if found is None:
        draft = rule_tables.begin(actor=author, kind=OwnTable.LIMITS)
        rows = [_row(row_from(each)) for each in draft.rows if each["id"] not in LEFT_OUT]
        draft = rule_tables.rewrite(
            actor=author, version_id=draft.pk, version=draft.version, rows=rows, note=NOTE
        )
        found = rule_tables.submit(actor=author, version_id=draft.pk, version=draft.version)
    if found.state == VersionState.SUBMITTED and found.note == NOTE:
        rule_tables.approve(
            actor=director,
            version_id=found.pk,
            version=found.version,
            effective_from=clock.today() + ONE_DAY,
        )


def _row(row: Row) -> Row:
    if row.id not in SET:
        return row
    n, unit = SET[row.id]
    return replace(row, then={"n": n, "unit": unit}, basis=BASIS)
