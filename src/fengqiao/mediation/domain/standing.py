"""On what footing a mediation stands, and who stands for whom."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.models import Matter, Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import Initiative, MediationAction, StandingKind
from fengqiao.mediation.models import Footing, Mediation, Standing
from fengqiao.rules.queries.mediation_bodies import MediatingBody, asks, bodies_on

OF_AN_AGENT = frozenset({StandingKind.GENERAL, StandingKind.SPECIAL})
NEEDS_NAME = OF_AN_AGENT | {StandingKind.GUARDIAN}


def set_footing(
    *,
    actor: Actor,
    matter_id: UUID,
    body: str,
    name: str,
    initiative: Initiative,
    fee: Decimal | None = None,
    version: int | None = None,
) -> Footing:
    """Writes down which organisation mediates and whether it was applied for. A later one corrects it.

    Refused: a kind the law does not know today, one without a name, a fee where it is free of charge,
    a kind that may not mediate quarrels of this category.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.FOOTING)
    kind = next((each for each in bodies_on(clock.today()) if each.id == body), None)
    if kind is None:
        raise Invalid({"body": _("请选择调解组织的类型。")})
    if len(name.strip()) < 2:
        raise Invalid({"name": _("请写明调解组织的名称。")})
    if fee is not None and (fee < 0 or (fee > 0 and kind.fee == "free")):
        raise Refusal(
            "free_of_charge", _("这类调解不收取费用（%(basis)s）。") % {"basis": kind.basis}, field="fee"
        )
    check_may_mediate(kind, matter, "body")
    written = Footing.objects.create(
        **of(matter),
        mediation=running,
        body=body,
        name=name.strip(),
        initiative=initiative,
        fee=fee,
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.FOOTING}",
        parameters={"body": body, "initiative": initiative},
    )
    return written


def check_may_mediate(kind: MediatingBody, matter: Matter, field: str) -> None:
    """Raises ``Refusal`` (``not_for_this_kind``) where the law keeps such quarrels from a kind of organisation."""
    if not kind.may_mediate(matter.category):
        raise Refusal(
            "not_for_this_kind",
            _("这类调解组织不能调解这一类纠纷：%(note)s。") % {"note": kind.note},
            field=field,
        )


def write_standing(
    *,
    actor: Actor,
    matter_id: UUID,
    party_id: UUID,
    kind: StandingKind,
    name: str = "",
    paper: str = "",
    version: int | None = None,
) -> Standing:
    """Writes down an agent's authority, that a party is a minor, its guardian, or its own word on the agreement.

    Refused: for somebody who is no party of the matter, without the name of who stands for the party, and an
    authority without the paper that says so.
    """
    matter, _running = begun(actor, matter_id, version, MediationAction.STAND)
    party = Party.objects.filter(matter_id=matter.pk, pk=party_id, agent_of=None).first()
    if party is None:
        raise Invalid({"party_id": _("请选择本事项的当事人。")})
    if kind in NEEDS_NAME and len(name.strip()) < 2:
        raise Invalid({"name": _("请写明代理人或者监护人的姓名。")})
    if kind in OF_AN_AGENT and len(paper.strip()) < 2:
        raise Invalid({"paper": _("请写明授权委托书（日期、权限）。")})
    written = Standing.objects.create(
        **of(matter),
        party=party,
        kind=kind,
        name=name.strip(),
        paper=paper.strip(),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.STAND}",
        parameters={"party": str(party.pk), "kind": kind},
    )
    return written


def check_all_stood_for(matter: Matter, mediation: Mediation) -> None:
    """Refuses an agreement for a minor party without a guardian (民法典 第19条、第20条、第23条), and for one
    whose agent has general authority only and who has not agreed in person (参照民事诉讼法 第62条)."""
    for kinds in _said_of(matter).values():
        _refuse(missing_of(kinds, mediation))


def check_mark_of(
    *, actor: Actor, matter: Matter, mediation: Mediation, parties: Collection[UUID], in_person: bool
) -> None:
    """A party's mark on the agreement: who makes it in person has confirmed the terms in person, which is written
    down; the mark of an agent with general authority only, or of a minor without a guardian, is refused."""
    said = _said_of(matter)
    for party in parties:
        missing = missing_of(said.get(party, {}), mediation)
        if missing == "general" and in_person:
            Standing.objects.create(
                **of(matter),
                party_id=party,
                kind=StandingKind.OWN_WORD,
                recorded_by=actor.person_id,
                recorded_at=clock.now(),
            )
        else:
            _refuse(missing, field="parties")


def _said_of(matter: Matter) -> dict[UUID, dict[str, Standing]]:
    said: dict[UUID, dict[str, Standing]] = {}
    for each in Standing.objects.filter(matter_id=matter.pk).order_by("recorded_at", "id"):
        said.setdefault(each.party_id, {})[each.kind] = each
    return said


def _refuse(missing: str, *, field: str | None = None) -> None:
    if missing:
        ask = asks()[missing]
        raise Refusal(f"{missing}_not_stood_for", f"{ask.name}（{ask.basis}）", field=field)


def missing_of(kinds: dict[str, Standing], mediation: Mediation) -> str:
    """What is still missing before an agreement for a party: the id of a row of mediation-asks.csv, or ""."""
    minor, not_minor = kinds.get(StandingKind.MINOR), kinds.get(StandingKind.NOT_MINOR)
    if minor and not (not_minor and _after(not_minor, minor)) and StandingKind.GUARDIAN not in kinds:
        return "minor"
    general, special = kinds.get(StandingKind.GENERAL), kinds.get(StandingKind.SPECIAL)
    own = kinds.get(StandingKind.OWN_WORD)
    is_general = general is not None and not (special and _after(special, general))
    if is_general and not (own and own.recorded_at >= mediation.sent_at):
        return "general"
    return ""


def _after(later: Standing, earlier: Standing) -> bool:
    return (later.recorded_at, later.pk) > (earlier.recorded_at, earlier.pk)
