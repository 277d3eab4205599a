"""What is written down of a mediation beside its steps, from any door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.flows.once import Once
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import evidence, people, results, sitting, standing, telling
from fengqiao.mediation.enums import MediationAction
from fengqiao.mediation.models import SittingNote
from fengqiao.pool.domain import market, rooms, talents

# As the dossier finds it, whatever language one reads.
EVIDENCE = "当事人提供的证据"
VERBS: dict[MediationAction, Callable[..., Any]] = {
    MediationAction.TELL: telling.tell_rights,
    MediationAction.FOOTING: standing.set_footing,
    MediationAction.FEE: market.agree_fee,
    MediationAction.ROOM: rooms.hold_at,
    MediationAction.STAND: standing.write_standing,
    MediationAction.HELP: people.add_helper,
    MediationAction.LEAVE: people.end_helping,
    MediationAction.ASK_HELP: talents.ask_help,
    MediationAction.ANSWER_HELP: talents.answer_help,
    MediationAction.ASK_RECUSAL: people.ask_recusal,
    MediationAction.DECIDE_RECUSAL: people.decide_recusal,
    MediationAction.PLAN: sitting.plan_sitting,
    MediationAction.BEGIN: sitting.begin_sitting,
    MediationAction.END: sitting.end_sitting,
    MediationAction.ADJOURN: sitting.adjourn_sitting,
    MediationAction.PROMISE: evidence.promise,
    MediationAction.BRING: evidence.bring,
    MediationAction.LAPSE: evidence.lapse,
    MediationAction.RESULT: results.write_claim_result,
}


def act_on_mediation(
    *,
    actor: Actor,
    matter_id: UUID,
    action: MediationAction,
    version: int | None = None,
    uploads: Sequence[Upload] = (),
    once: Once | None = None,
    **values: Any,
) -> Any:
    """Writes one thing down beside the steps, with the file that shows it; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"mediation.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        if uploads:
            [kept] = attach_all(
                actor=actor, matter_id=matter_id, uploads=uploads, purpose=EVIDENCE, version=version
            )
            # What added the file has asked for the version; the matter has another one after it.
            values["paper_id"], version = kept.pk, None
        written = VERBS[action](actor=actor, matter_id=matter_id, version=version, **values)
        if once:
            now = Matter.objects.values_list("version", flat=True).get(pk=matter_id)
            one = None if isinstance(written, list) else str(written.pk)
            once.keep({"id": one, "said": str(action), "version": now})
        return written


def save_note(
    *, actor: Actor, matter_id: UUID, sitting_id: UUID, once: Once | None = None, **values: Any
) -> SittingNote:
    """Keeps what was typed during a talk; a refusal is rolled back and audited, without a word of it."""
    with attempt(actor, verb="mediation.note", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        note = sitting.save_note(actor=actor, matter_id=matter_id, sitting_id=sitting_id, **values)
        if once:
            once.keep({"version": note.version})
        return note
