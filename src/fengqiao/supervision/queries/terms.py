"""On what terms a rung was proposed: what the row said of its basis and of the days to report."""

from __future__ import annotations

from dataclasses import dataclass

from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.tables import shipped
from fengqiao.supervision.models import Measure

# How the basis of a row begins that rests on no provision.
PROPOSED = "建议"


@dataclass(frozen=True)
class Terms:
    basis: str
    report_days: int | None

    @property
    def printed(self) -> str:
        """The basis where a paper can name it: what is a proposal is left to be written by hand."""
        return "" if self.basis.startswith(PROPOSED) else self.basis


def terms_of(measure: Measure) -> Terms:
    """As they are kept with the measure.

    One that was proposed before the table had versions kept only the row's name (``letter.sign_off``); the shipped
    table has a row of that name, with the terms of then.
    """
    if measure.table_version:
        return Terms(measure.basis, measure.report_days)
    named = measure.rule.replace(".", "-").replace("_", "-")
    row = next((each for each in shipped(TableKind.SUPERVISION).rows if each.id == named), None)
    if row is None:
        return Terms("", None)
    said = row.then.get("report_days", "")
    return Terms(row.basis, int(said) if said else None)
