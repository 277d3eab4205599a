"""What a party promised to bring: written down once, and then that it came, or did not."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.models import Matter, MatterFile, Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import EvidenceState, MediationAction
from fengqiao.mediation.models import Mediation, PromisedEvidence, Sitting
from fengqiao.mediation.policies import may_read_sealed

LONGEST = 500


def promise(
    *,
    actor: Actor,
    matter_id: UUID,
    party_id: UUID,
    what: str,
    by_day: date,
    sitting_id: UUID | None = None,
    version: int | None = None,
) -> PromisedEvidence:
    """答应带来: a party says that it brings something by a day; in a talk, or in between (no ``sitting_id``).

    What was promised in a separate talk is sealed as its notes are. Refused: who is no party, no words, a day that is
    over, a talk of another mediation; ``sealed_talk`` for who may not read that talk.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.PROMISE)
    what = needed("what", what, _("请写明答应带来什么。"), most=LONGEST)
    if not Party.objects.filter(matter_id=matter.pk, pk=party_id).exists():
        raise Invalid({"party_id": _("请选择是哪一位当事人答应的。")})
    if by_day < clock.today():
        raise Invalid({"by_day": _("答应的日期不能早于今天。")})
    talk = _talk(actor, matter, running, sitting_id)
    promised = PromisedEvidence.objects.create(
        **of(matter),
        mediation=running,
        sitting=talk,
        sealed=talk is not None and talk.is_sealed,
        party_id=party_id,
        what=what,
        by_day=by_day,
        promised_at=clock.now(),
        recorded_by=actor.person_id,
    )
    _tell(matter, actor, MediationAction.PROMISE, promised)
    return promised


def bring(
    *,
    actor: Actor,
    matter_id: UUID,
    evidence_id: UUID,
    came_on: date,
    paper_id: UUID | None = None,
    version: int | None = None,
) -> PromisedEvidence:
    """带来了: it is there, on this day; ``paper_id`` is the material that it became."""
    matter, running = begun(actor, matter_id, version, MediationAction.BRING)
    promised = _waiting(running, evidence_id)
    if not promised.promised_at.astimezone(clock.SHANGHAI).date() <= came_on <= clock.today():
        raise Invalid({"came_on": _("日期不能早于答应的那一天，也不能晚于今天。")})
    if paper_id is not None and not MatterFile.objects.filter(pk=paper_id, matter_id=matter.pk).exists():
        raise Invalid({"paper_id": _("本事项没有这份材料。")})
    promised.state, promised.came_on, promised.paper_id = EvidenceState.CAME, came_on, paper_id
    _end(matter, actor, MediationAction.BRING, promised)
    return promised


def lapse(
    *, actor: Actor, matter_id: UUID, evidence_id: UUID, why: str, version: int | None = None
) -> PromisedEvidence:
    """没有带来: it does not come, and what the party says of it."""
    matter, running = begun(actor, matter_id, version, MediationAction.LAPSE)
    promised = _waiting(running, evidence_id)
    promised.state = EvidenceState.LAPSED
    promised.why = needed("why", why, _("请写明为什么没有带来。"), most=LONGEST)
    _end(matter, actor, MediationAction.LAPSE, promised)
    return promised


def _talk(actor: Actor, matter: Matter, running: Mediation, sitting_id: UUID | None) -> Sitting | None:
    if sitting_id is None:
        return None
    talk: Sitting | None = running.sittings.filter(pk=sitting_id).first()
    if talk is None:
        raise Refusal("no_such_sitting", _("没有这次会谈。"), field="sitting_id")
    if talk.is_sealed and not may_read_sealed(actor, matter, running):
        raise NotAllowed("sealed_talk", _("单独谈话的记录只有调解员和他们的领导可以看、可以写。"))
    return talk


def _waiting(running: Mediation, evidence_id: UUID) -> PromisedEvidence:
    """As the walls show it: what is sealed from somebody is not there for them."""
    found = PromisedEvidence.objects.select_for_update(of=("self",)).filter(
        mediation=running, pk=evidence_id, state=EvidenceState.WAITING
    )
    promised: PromisedEvidence | None = found.first()
    if promised is None:
        raise Refusal("no_such_evidence", _("没有这份答应的材料，或者已经记过了。"), field="evidence_id")
    return promised


def _end(matter: Matter, actor: Actor, action: MediationAction, promised: PromisedEvidence) -> None:
    promised.ended_at, promised.ended_by = clock.now(), actor.person_id
    promised.save(update_fields=["state", "came_on", "paper", "why", "ended_at", "ended_by"])
    _tell(matter, actor, action, promised)


def _tell(matter: Matter, actor: Actor, action: MediationAction, promised: PromisedEvidence) -> None:
    """The history says that, and until when; what it is stands behind the walls alone."""
    parameters: dict[str, object] = {"evidence": str(promised.pk)}
    if not promised.sealed:
        parameters["day"] = promised.came_on or promised.by_day
    note(matter, actor=actor, type=f"mediation.{action}", parameters=parameters)
