"""The table of a supervision, cell by cell: who may, who may not, and that nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel.errors import Refusal
from fengqiao.supervision.domain import deciding
from fengqiao.supervision.enums import Branch, SupervisionAction, SupervisionState
from fengqiao.supervision.models import Measure, Supervision
from fengqiao.supervision.steps import COMMISSION, DEPARTMENT, PROPOSERS, ROWS, TABLE, Cell
from tests.dispatch.hands import LABOUR
from tests.matters.ground import act, traces
from tests.small_county import SmallCounty
from tests.supervision.hands import DECIDED, GROUNDS, left_lying, now, on, propose

pytestmark = pytest.mark.django_db
A, S = SupervisionAction, SupervisionState
VERBS: dict[SupervisionAction, tuple[Callable[..., Any], dict[str, Any]]] = {
    A.ANSWER: (deciding.answer, {"text": "账目还在核对"}),
    A.REPORT: (deciding.report, {"text": "工资今日发放"}),
    A.LIFT: (deciding.lift, {"reasons": "已经办到位"}),
    A.RECORD_OUTCOME: (deciding.record_outcome, {"text": "已经函告结果"}),
}
DECIDE = {
    Branch.ORDERED: {"agree": True, "reasons": GROUNDS},
    Branch.DECLINED: {"agree": False, "reasons": GROUNDS},
    Branch.KEPT: {"agree": False, "reasons": GROUNDS},
    Branch.KEPT_REPORTED: {"agree": False, "reasons": GROUNDS},
}
# The rung of a measure is written once: proposing and the last rung are told in the stories of the ladder.
BY_VERB = [cell for cell in ROWS if cell.action != A.PROPOSE and cell.branch != Branch.HANDED_OVER]


def put(measure: Measure, cell: Cell) -> None:
    """The state alone is asked here; how it gets there is told in the stories of the ladder."""
    rung = "letter" if cell.action != A.DECIDE or cell.branch in (Branch.KEPT, Branch.KEPT_REPORTED) else ""
    Supervision.objects.filter(pk=measure.supervision_id).update(state=cell.state, rung=rung)
    values: dict[str, Any] = {"reported_at": None, "decision": "pending"}
    if cell.action not in (A.DECIDE, A.ANSWER):
        values = {"decision": "ordered", "decided_at": measure.proposed_at}
    Measure.objects.filter(pk=measure.pk).update(**values)


def name_of(cell: Cell) -> str:
    return "-".join(filter(None, (cell.state, cell.action, cell.branch)))


def test_no_post_proposes_and_decides():
    assert PROPOSERS & COMMISSION == DEPARTMENT & COMMISSION == PROPOSERS & DEPARTMENT == frozenset()
    deciding_roles = {role for cell in ROWS if cell.action in (A.DECIDE, A.LIFT) for role in cell.roles}
    assert deciding_roles == {Role.COMMISSION}
    assert len(TABLE) == len(ROWS)


def test_what_is_over_stays_over():
    over = {S.DECLINED, S.LIFTED, S.CONCLUDED, S.ENDED}
    assert {cell.state for cell in ROWS} & over == set()
    assert {cell.state for cell in ROWS if cell.state} == set(S) - over


@pytest.mark.parametrize("cell", BY_VERB, ids=name_of)
def test_each_role_at_its_place(county: SmallCounty, cell: Cell):
    """Those of the cell come to the next state; all others are refused and change nothing."""
    _matter, part = left_lying(county)
    measure = propose(county, part)
    verb, said = VERBS.get(cell.action, (deciding.decide, DECIDE.get(Branch(cell.branch or "kept"), {})))
    with scope(county.actor(Role.DISPATCHER)):
        if cell.branch == Branch.KEPT_REPORTED:
            # An earlier rung on which the department has reported.
            earlier = Measure.objects.get(pk=measure.pk)
            earlier.pk, earlier.decision = None, "ordered"
            earlier.id = Supervision._meta.pk.get_default()
            earlier.decided_at = earlier.reported_at = measure.proposed_at
            earlier.save(force_insert=True)
        put(measure, cell)
    before = traces()
    for role in Role:
        if role in cell.roles or role is Role.HANDLER:
            continue
        with on(DECIDED), pytest.raises(Refusal) as refusal:
            act(county, role, verb, supervision_id=measure.supervision_id, **said)
        assert refusal.value.code in ("post_may_not", "matter_not_found", "supervision_not_found"), role
    assert traces() == before
    who = LABOUR if Role.HANDLER in cell.roles else Role.COMMISSION
    with on(DECIDED):
        act(county, who, verb, supervision_id=measure.supervision_id, **said)
    assert now(measure)[0].state == cell.to


@pytest.mark.parametrize("action", [A.ANSWER, A.REPORT, A.LIFT, A.RECORD_OUTCOME, A.DECIDE])
@pytest.mark.parametrize("state", list(S))
def test_where_there_is_no_cell_nothing_is_possible(
    county: SmallCounty, action: SupervisionAction, state: SupervisionState
):
    if any(cell.state == state and cell.action == action for cell in ROWS):
        return
    _matter, part = left_lying(county)
    measure = propose(county, part)
    with scope(county.actor(Role.DISPATCHER)):
        Supervision.objects.filter(pk=measure.supervision_id).update(state=state)
    verb, said = VERBS.get(action, (deciding.decide, DECIDE[Branch.ORDERED]))
    who = LABOUR if action in (A.ANSWER, A.REPORT) else Role.COMMISSION
    before = traces()
    with on(DECIDED), pytest.raises(Refusal) as refusal:
        act(county, who, verb, supervision_id=measure.supervision_id, **said)
    assert refusal.value.code == "not_in_this_state"
    assert traces() == before
