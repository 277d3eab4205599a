"""The acts on a matter and on an assignment, from any door: one way in, refusals rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.dispatch.domain import dispatching, handling, scoring, whistling
from fengqiao.dispatch.enums import AssignmentAction, CallState
from fengqiao.dispatch.models import Call, CallScore, Notice, Whistle
from fengqiao.flows import pool
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.flows.once import Once
from fengqiao.matters.domain import (
    accepting,
    alarming,
    amending,
    assessing,
    lifting,
    merging,
    settling,
    sight,
    unmasking,
)
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import mediating

Verb = Callable[..., Any]

VERBS: dict[Action, Verb] = {
    Action.ACCEPT: accepting.accept,
    Action.GUIDE: accepting.guide,
    Action.REDIRECT: accepting.redirect,
    Action.SETTLE_ON_SPOT: accepting.settle_on_spot,
    Action.SEND_TO_MEDIATION: pool.send_to_mediation,
    Action.SKIP_MEDIATION: assessing.skip_mediation,
    Action.HAND_OVER: mediating.hand_over,
    Action.RECORD_MEDIATION: mediating.record_mediation,
    Action.ASSESS: assessing.assess,
    Action.ROUTE: assessing.route,
    Action.DISPATCH: dispatching.dispatch,
    Action.SETTLE: dispatching.settle,
    Action.RETURN_VISIT: settling.return_visit,
    Action.EVALUATE: settling.evaluate,
    Action.RECORD_PERFORMANCE: settling.record_performance,
    Action.RECORD_RECEIPT: settling.record_receipt,
    Action.TELL_REMEDIES: settling.tell_remedies,
    Action.CLOSE: settling.close,
    Action.ARCHIVE: settling.archive,
    Action.REOPEN: settling.reopen,
    Action.WITHDRAW: settling.withdraw,
    Action.RAISE: lifting.raise_up,
    Action.HAND_DOWN: lifting.hand_down,
    Action.TURNED_CRIMINAL: alarming.turned_criminal,
    Action.REVIEW_CRIMINAL: alarming.review_criminal,
    Action.DANGER: alarming.danger,
    Action.DANGER_OVER: alarming.danger_over,
    Action.RECUSE: sight.recuse,
    Action.AMEND: amending.amend,
    Action.LINK: amending.link,
    Action.MERGE: merging.merge,
}

ASSIGNMENT_VERBS: dict[AssignmentAction, Verb] = {
    AssignmentAction.CHECK_IN: handling.check_in,
    AssignmentAction.PROGRESS: handling.progress,
    AssignmentAction.ASK_RETURN: handling.ask_return,
    AssignmentAction.ARBITRATE: handling.arbitrate,
    AssignmentAction.ASK_EXTENSION: handling.ask_extension,
    AssignmentAction.DISPOSE: handling.dispose,
    AssignmentAction.SIGN_OFF: handling.sign_off,
    AssignmentAction.OVERRIDE: handling.override,
}


def act(
    *,
    actor: Actor,
    matter_id: UUID,
    action: Action,
    values: Mapping[str, Any],
    version: int | None,
    once: Once | None = None,
) -> None:
    """Carries out an action of the step table; ``values`` are what its verb in domain/ takes."""
    with attempt(actor, verb=f"matter.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        moved = VERBS[action](actor=actor, matter_id=matter_id, version=version, **values)
        if once:
            once.end(moved if isinstance(moved, Matter) else Matter.objects.get(pk=matter_id))


def handle(
    *,
    actor: Actor,
    matter_id: UUID,
    assignment_id: UUID,
    action: AssignmentAction,
    values: Mapping[str, Any],
    version: int | None,
    uploads: Iterable[Upload] = (),
    once: Once | None = None,
) -> None:
    """Carries out an action of the assignment table, with its papers: all or nothing."""
    with attempt(actor, verb=f"dispatch.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        given = dict(values)
        files = attach_all(
            actor=actor, matter_id=matter_id, uploads=uploads, purpose=str(action), version=version
        )
        if files:
            version = None
            if action == AssignmentAction.ASK_RETURN:
                given["file_id"] = files[0].id
        if action == AssignmentAction.DECIDE_EXTENSION:
            handling.decide_extension(actor=actor, version=version, **given)
        else:
            ASSIGNMENT_VERBS[action](actor=actor, assignment_id=assignment_id, version=version, **given)
        if once:
            once.end(Matter.objects.get(pk=matter_id))


def blow(*, actor: Actor, new: whistling.NewWhistle, once: Once | None = None) -> Whistle:
    """Blows a whistle."""
    with attempt(actor, verb="whistle.call", subject=f"matter:{new.matter_id}" if new.matter_id else ""):
        if once:
            once.begin()
        blown = whistling.whistle(actor=actor, new=new)
        if once:
            once.keep({"id": str(blown.pk)})
        return blown


def answer(*, actor: Actor, call_id: UUID, to: CallState, result: str = "", once: Once | None = None) -> Call:
    """Answers a call, or stands it down."""
    with attempt(actor, verb=f"whistle.{to}", subject=f"call:{call_id}"):
        if once:
            once.begin()
        call = whistling.answer(actor=actor, call_id=call_id, to=to, result=result)
        if once:
            once.keep({"id": str(call_id), "state": str(to)})
        return call


def score(*, actor: Actor, call_id: UUID, score: int, reason: str, once: Once | None = None) -> CallScore:
    """The caller scores a department's answer to a call, or amends the score."""
    with attempt(actor, verb="whistle.score", subject=f"call:{call_id}"):
        if once:
            once.begin()
        given = scoring.score_call(actor=actor, call_id=call_id, score=score, reason=reason)
        if once:
            once.keep({"id": str(call_id), "state": str(given.call.state)})
        return given


def inform(*, actor: Actor, matter_id: UUID, department_id: UUID, text: str) -> Notice:
    """Informs a body of a matter without giving it the matter."""
    with attempt(actor, verb="notice.give", subject=f"matter:{matter_id}"):
        return whistling.inform(actor=actor, matter_id=matter_id, department_id=department_id, text=text)


def name_reader(*, actor: Actor, matter_id: UUID, **named: Any) -> None:
    """Lets one more person read a restricted matter until a day."""
    with attempt(actor, verb="matter.name_reader", subject=f"matter:{matter_id}"):
        sight.name_reader(actor=actor, matter_id=matter_id, **named)


def restrict(*, actor: Actor, matter_id: UUID, reason: str) -> None:
    """Restricts a matter to named readers."""
    with attempt(actor, verb="matter.restrict", subject=f"matter:{matter_id}"):
        sight.restrict_later(actor=actor, matter_id=matter_id, reason=reason)


def seal(*, actor: Actor, matter_id: UUID, basis: str) -> None:
    """Seals a matter by law."""
    with attempt(actor, verb="matter.seal", subject=f"matter:{matter_id}"):
        sight.seal(actor=actor, matter_id=matter_id, basis=basis)


def unmask(*, actor: Actor, what: str, row_id: UUID, reason: str) -> str:
    """A protected value whole; shown only after the audit of it has been written."""
    with attempt(actor, verb="party.unmask", subject=f"{what}:{row_id}"):
        if what == "identity":
            return unmasking.unmask_identity(actor=actor, party_id=row_id, reason=reason)
        return unmasking.unmask_contact(actor=actor, contact_id=row_id, reason=reason)
