"""Writing facts down, and what other rooms tell that is one (handlers: config/wiring.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.writing_many import insert_many
from fengqiao.clocks.domain import keeping
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.dispatch.enums import AssignmentAction
from fengqiao.dispatch.events import Acted, Issued, SignOffsAsked
from fengqiao.kernel import clock
from fengqiao.matters.enums import Tier
from fengqiao.matters.events import Link, Recorded, Registered
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of

# What an action of the step table says to limits, by the history's type.
OF_A_MOVE: dict[str, tuple[FactKind, ...]] = {
    "matter.accept": (FactKind.ACCEPTED,),
    "matter.guide": (FactKind.SETTLED,),
    "matter.redirect": (FactKind.SETTLED,),
    "matter.settle_on_spot": (FactKind.SETTLED, FactKind.VISIT_DUE),
    "matter.send_to_mediation": (FactKind.MEDIATION_BEGUN,),
    "matter.record_mediation.agreed": (
        *(FactKind.MEDIATION_ENDED, FactKind.AGREEMENT_EFFECTIVE),
        *(FactKind.SETTLED, FactKind.VISIT_DUE),
    ),
    "matter.record_mediation.failed": (FactKind.MEDIATION_ENDED,),
    "matter.settle": (FactKind.SETTLED, FactKind.VISIT_DUE),
    "matter.return_visit.reached": (FactKind.VISITED,),
    "matter.record_performance.defaulted": (FactKind.REOPENED,),
    "matter.close": (FactKind.CLOSED,),
    "matter.reopen": (FactKind.REOPENED,),
    "matter.withdraw": (FactKind.WITHDRAWN,),
    "matter.merge": (FactKind.MERGED,),
}
# What a county counts its own limits by, where an assessment says how hard a matter is. For hard ones there is no
# limit of this kind: they are for the county's centre to plan.
OF_A_TIER = {Tier.SIMPLE: FactKind.FOUND_SIMPLE, Tier.COMPLEX: FactKind.FOUND_COMPLEX}
ASSESSED = "matter.assess"
# What may hold an answer of the table of direct reports: it is asked whenever a danger or other stakes are written.
MAY_BE_REPORTED = frozenset({"matter.registered", "matter.danger", "matter.amend"})
# What a room above writes into a history.
OF_A_REPORT: dict[str, tuple[FactKind, ...]] = {
    "report.write": (FactKind.REPORTED,),
    "report.follow_up": (FactKind.REPORTED,),
    "report.end": (FactKind.REPORTED,),
    "report.decline": (FactKind.REPORT_DECLINED,),
    "report.read.all": (FactKind.REPORT_READ,),
}
# As the table of direct reports answers (reporting.enums.DueReport).
DUE = "due"
# Actions that are no fact themselves, but change what limits ask of the matter or who owes it.
CHANGES_WHAT_RUNS = frozenset(
    {"matter.route", "matter.amend", "matter.raise", "matter.hand_down", "matter.take_over"}
)
OF_AN_ASSIGNMENT: dict[tuple[str, str], FactKind] = {
    (AssignmentAction.CHECK_IN, ""): FactKind.CHECKED_IN,
    (AssignmentAction.ASK_RETURN, ""): FactKind.RETURN_ASKED,
    (AssignmentAction.ARBITRATE, "upheld"): FactKind.RETURNED,
    (AssignmentAction.DISPOSE, ""): FactKind.DISPOSED,
    (AssignmentAction.SIGN_OFF, ""): FactKind.SIGNED_OFF,
    (AssignmentAction.OVERRIDE, ""): FactKind.SIGNED_OFF,
}


def start_clocks(registered: Registered) -> None:
    """What was just taken in gets the clocks that run from receiving and registering (handler of ``Registered``)."""
    keeping.start_for_new(registered.matters)


def take_moves(recorded: Recorded) -> None:
    """Writes down what the new links of histories say to limits (handler of ``Recorded``)."""
    telling = [link for link in recorded.links if _says_something(link)]
    if not telling:
        return
    insert_many([fact for link in telling for fact in _facts_of(recorded.actor, link)])
    keeping.recompute({link.matter_id for link in telling})


def take_issued(issued: Issued) -> None:
    """Each department's time begins when it is given its part (handler of ``Issued``)."""
    insert_many(
        [
            new_fact(issued.matter, issued.actor, FactKind.DISPATCHED, each.issued_at, assignment_id=each.id)
            for each in issued.assignments
        ]
    )
    keeping.recompute_rows([issued.matter])


def take_acted(acted: Acted) -> None:
    """What a department did, or what was decided about its part (handler of ``Acted``)."""
    kind = OF_AN_ASSIGNMENT.get((acted.action, acted.branch))
    if kind is None:
        return
    insert_many([new_fact(acted.matter, acted.actor, kind, clock.now(), assignment_id=acted.assignment.id)])
    keeping.recompute_rows([acted.matter])


def take_sign_offs_asked(asked: SignOffsAsked) -> None:
    """Each assisting department's time for its sign-off begins (handler of ``SignOffsAsked``)."""
    now = clock.now()
    insert_many(
        [
            new_fact(asked.matter, asked.actor, FactKind.SIGN_OFF_ASKED, now, assignment_id=each.id)
            for each in asked.assignments
        ]
    )
    keeping.recompute_rows([asked.matter])


def new_fact(matter: Matter, actor: Actor, kind: str, occurred_at: datetime, **values: Any) -> Fact:
    """A fact of a matter as it is first written (not saved)."""
    return Fact(
        **of(matter),
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=clock.now(),
        recorded_by=actor.person_id,
        **values,
    )


def _facts_of(actor: Actor, link: Link) -> Sequence[Fact]:
    belongs: dict[str, UUID | str] = {
        "matter_id": link.matter_id,
        "county": link.county,
        "restriction": link.restriction,
    }
    return [
        Fact(
            **belongs,
            kind=kind,
            occurred_at=_occurred_at(kind, link),
            recorded_at=link.at,
            recorded_by=actor.person_id,
        )
        for kind in kinds_of(link)
    ]


def _occurred_at(kind: FactKind, link: Link) -> datetime:
    """The moment of the link, but for an agreement that took effect on a day before it was written down."""
    if kind != FactKind.AGREEMENT_EFFECTIVE or b'"effective_on"' not in link.content:
        return link.at
    day = date.fromisoformat(link.parameters["effective_on"])
    return min(datetime.combine(day, time.min, tzinfo=clock.SHANGHAI), link.at)


def _says_something(link: Link) -> bool:
    return link.type in CHANGES_WHAT_RUNS or bool(kinds_of(link))


def kinds_of(link: Link) -> tuple[FactKind, ...]:
    """What a link says to limits; where tables were asked, what they answered: a tier, a direct report."""
    if link.type == ASSESSED:
        said = link.parameters
        tier, report = said.get("tier"), said.get("report") or {}
        found = [OF_A_TIER[Tier(tier)]] if tier in OF_A_TIER else []
        return (*found, FactKind.REPORT_DUE) if _is_due(report) else tuple(found)
    # Looked at before it is read: a ledger of a hundred thousand rows has none.
    if link.type in MAY_BE_REPORTED and b'"report"' in link.content:
        return (FactKind.REPORT_DUE,) if _is_due(link.parameters.get("report") or {}) else ()
    return OF_A_MOVE.get(link.type) or OF_A_REPORT.get(link.type, ())


def _is_due(report: Mapping[str, Any]) -> bool:
    """Whether a direct report became due by this; one that was due already is counted from when it was."""
    return report.get("due") == DUE and not report.get("again")
