"""What ``fengqiao rules list`` can show: every kind of rule registers itself here under its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.places.queries.bodies import counties_with_a_centre
from fengqiao.rules.deciding import Row
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.county_limits import OwnLimits, bound, own_limits
from fengqiao.rules.queries.limits import Limit, all_limits
from fengqiao.rules.queries.tables import shipped


@dataclass(frozen=True)
class Listed:
    """A table as it is listed: what holds of all its rows, and the rows, each with the same keys."""

    about: dict[str, Any]
    rows: list[dict[str, Any]]


NOBODY = UUID(int=0)
# Asked for a county: what is in force differs from one to the next.
Lister = Callable[[str], Listed]
_listers: dict[str, Lister] = {}


def register(name: str, lister: Lister) -> None:
    """Makes a kind of rule known to the command; one name has one lister."""
    if name in _listers:
        raise RuntimeError(f"two lists of rules are called {name!r}")
    _listers[name] = lister


def known() -> list[str]:
    """The names that can be listed, in their order."""
    return sorted(_listers)


def listed(name: str, *, county: str = "") -> Listed:
    """The table of this name; ``KeyError`` for one that nobody registered, ``ValueError`` for no county's code."""
    return _listers[name](county)


def _decision_table(kind: TableKind) -> Listed:
    table = shipped(kind)
    return Listed(
        about={"table": kind.value, "version": table.version, "source": table.source},
        rows=[_row(each) for each in table.rows],
    )


def _row(row: Row) -> dict[str, Any]:
    return {"id": row.id, "when": row.when, "then": row.then, "reason": row.reason, "basis": row.basis}


def _lister(kind: TableKind) -> Lister:
    return lambda county: _decision_table(kind)


def _limits(county: str) -> Listed:
    today, own = clock.today(), _own(county)
    return Listed(
        about={"table": "limits", "county": county, "on": today.isoformat()},
        rows=[_limit(each, county, today, own) for each in all_limits().values()],
    )


def _own(county: str) -> list[OwnLimits]:
    """What the county set itself; nothing where this installation serves it not."""
    if county not in counties_with_a_centre():
        return []
    counties = (county,)
    with scope(Actor(person_id=NOBODY, name="", role=Role.EXCHANGE, county=county, counties=counties)):
        return own_limits(county)


def _limit(listed: Limit, county: str, today: date, own: Sequence[OwnLimits]) -> dict[str, Any]:
    limit, in_force, why = bound(listed, county, today, own)
    return {
        "id": limit.id,
        "procedure": limit.procedure,
        "step": limit.step,
        "n": limit.n,
        "unit": limit.unit,
        "starts_on": limit.starts_on,
        "duty_holder": limit.duty_holder,
        "kind": limit.kind,
        "acts": limit.acts.value,
        "territory": limit.territory,
        "in_force": in_force,
        "why": why,
        "basis": limit.legal_basis,
        "version": limit.version,
        "valid_from": limit.valid_from.isoformat() if limit.valid_from else None,
        "valid_until": limit.valid_until.isoformat() if limit.valid_until else None,
        "verified": limit.verified,
        "note": limit.note,
    }


register("limits", _limits)
for _kind in TableKind:
    register(_kind.value, _lister(_kind))
