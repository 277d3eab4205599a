"""To whom the table of tracks would send a matter: kinds of departments, found among the bodies of its county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import Proposal, asked
from fengqiao.places.enums import INDEPENDENT, DepartmentKind
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import of_kinds
from fengqiao.rules.deciding import Row, names_of
from fengqiao.rules.enums import TableKind


@dataclass(frozen=True)
class ProposedDepartments:
    """What the table proposes for a dispatch: the bodies, the lead first. It proposes; an officer chooses.

    ``missing``: kinds that the row names and the county has no body of.
    """

    proposal: Proposal
    departments: tuple[Department, ...] = ()
    missing: tuple[DepartmentKind, ...] = ()

    @property
    def lead(self) -> Department | None:
        """The body that would lead; ``None`` where the row names none, or the county has none of its kind."""
        return self.departments[0] if self.departments and not self.lead_is_missing else None

    @property
    def lead_is_missing(self) -> bool:
        row = self.proposal.answer.row
        first = kinds_of(row)[:1] if row else []
        return bool(first) and first[0] in self.missing

    @property
    def missing_labels(self) -> list[str]:
        """The missing kinds in words."""
        return [str(each.label) for each in self.missing]

    def follows(self, lead: Department) -> bool:
        """Whether this lead is of the kind that the row names, or the row names none that could lead."""
        return self.lead is None or self.lead.kind == lead.kind


def proposed_departments(actor: Actor, matter: Matter) -> ProposedDepartments:
    """What the table in force says of a matter that waits to be handed over (five statements).

    A row that answers another track than the one that the officer chose names nobody for this one.
    """
    found = asked(actor, TableKind.TRACK, matter)
    row = found.answer.row
    if row is None or row.then.get("track") != matter.track:
        return ProposedDepartments(found)
    kinds = kinds_of(row)
    bodies = of_kinds(matter.county, kinds, division=matter.division_id or "", on=clock.today())
    bodies = {kind: body for kind, body in bodies.items() if body.pk != matter.against_department_id}
    named = [bodies[kind] for kind in kinds if kind in bodies]
    return ProposedDepartments(found, tuple(named), tuple(kind for kind in kinds if kind not in bodies))


def kinds_of(row: Row) -> Sequence[DepartmentKind]:
    """The kinds of departments that a row names, the lead first; never one that decides independently."""
    known = [
        DepartmentKind(each) for each in names_of(row.then.get("departments", "")) if each in DepartmentKind
    ]
    return [kind for kind in known if kind not in INDEPENDENT]
