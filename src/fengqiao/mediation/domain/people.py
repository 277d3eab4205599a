"""Who mediates beside the mediator, and whom a party does not want (回避)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.models import Matter, Party, Recusal
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import HelperKind, MediationAction
from fengqiao.mediation.models import Footing, Helper, Mediation, RecusalAsked
from fengqiao.places.models import Stationing
from fengqiao.places.queries.divisions import in_force
from fengqiao.rules.queries.mediation_bodies import all_bodies


def add_helper(
    *,
    actor: Actor,
    matter_id: UUID,
    kind: HelperKind,
    person_id: UUID | None = None,
    name: str = "",
    version: int | None = None,
) -> Helper:
    """One more mediates: a mediator of the centre, or somebody asked in by name (a relative, an expert).

    Refused: a co-mediator who is no mediator of the centre or stepped aside, one who takes part already.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.HELP)
    if person_id is None and (kind == HelperKind.MEDIATOR or len(name.strip()) < 2):
        field = "person_id" if kind == HelperKind.MEDIATOR else "name"
        raise Invalid({field: _("请选择本中心的调解员，或者写明协助人的姓名。")})
    if person_id is not None:
        name = check_mediates_here(matter, person_id)
        if running.mediator_id == person_id or _helping(running, person_id):
            raise Refusal("takes_part_already", _("这位调解员已经参加本次调解。"), field="person_id")
    added = Helper.objects.create(
        **of(matter),
        mediation=running,
        kind=kind,
        person_id=person_id,
        name=name.strip(),
        recorded_by=actor.person_id,
        recorded_at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.HELP}",
        parameters={"kind": kind, "officer": str(person_id) if person_id else ""},
    )
    return added


def end_helping(*, actor: Actor, matter_id: UUID, helper_id: UUID, version: int | None = None) -> Helper:
    """Somebody takes part no more; that they did stays written."""
    matter, running = begun(actor, matter_id, version, MediationAction.LEAVE)
    helper = running.helpers.filter(pk=helper_id, ended_at__isnull=True).first()
    if helper is None:
        raise Invalid({"helper_id": _("请选择正在参加调解的人。")})
    _ends(helper)
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.LEAVE}",
        parameters={"officer": str(helper.person_id) if helper.person_id else ""},
    )
    return helper


def ask_recusal(
    *,
    actor: Actor,
    matter_id: UUID,
    party_id: UUID,
    person_id: UUID,
    reason: str,
    version: int | None = None,
) -> RecusalAsked:
    """A party asks that one who mediates step aside; a leader of the centre decides."""
    matter, running = begun(actor, matter_id, version, MediationAction.ASK_RECUSAL)
    if not Party.objects.filter(matter_id=matter.pk, pk=party_id).exists():
        raise Invalid({"party_id": _("请选择本事项的当事人。")})
    if running.mediator_id != person_id and not _helping(running, person_id):
        raise Invalid({"person_id": _("请选择参加本次调解的调解员。")})
    if len(reason.strip()) < 2:
        raise Invalid({"reason": _("请写明要求回避的理由。")})
    if running.recusals_asked.filter(person_id=person_id, party_id=party_id, granted=None).exists():
        raise Refusal("asked_already", _("这位当事人的回避要求正在等待决定。"))
    asked = RecusalAsked.objects.create(
        **of(matter),
        mediation=running,
        party_id=party_id,
        person_id=person_id,
        reason=reason.strip()[:500],
        asked_by=actor.person_id,
        asked_at=clock.now(),
    )
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.ASK_RECUSAL}",
        parameters={"party": str(party_id), "officer": str(person_id)},
    )
    return asked


def decide_recusal(
    *,
    actor: Actor,
    matter_id: UUID,
    asked_id: UUID,
    granted: bool,
    answer: str,
    successor_id: UUID | None = None,
    version: int | None = None,
) -> RecusalAsked:
    """A leader decides. Who has to step aside does not see the matter any more; a mediator needs a successor.

    Refused: deciding on oneself, a no where the kind of organisation has to replace the mediator
    (人民调解工作若干规定), no successor for the mediator.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.DECIDE_RECUSAL)
    asked = running.recusals_asked.filter(pk=asked_id, granted=None).first()
    if asked is None:
        raise Invalid({"asked_id": _("请选择等待决定的回避要求。")})
    if asked.person_id == actor.person_id:
        raise NotAllowed("own_recusal", _("不能决定自己的回避，请由其他领导决定。"))
    if len(answer.strip()) < 2:
        raise Invalid({"answer": _("请写明决定的理由。")})
    footing = Footing.objects.filter(mediation=running).last()
    body = all_bodies().get(footing.body) if footing else None
    if not granted and body is not None and body.recusal == "must":
        raise Refusal("must_replace", _("当事人要求回避的，应当调换（%(basis)s）。") % {"basis": body.basis})
    if granted:
        _replace(actor, matter, running, asked, successor_id)
    asked.granted, asked.answer = granted, answer.strip()[:500]
    asked.decided_by, asked.decided_at = actor.person_id, clock.now()
    asked.save(update_fields=["granted", "answer", "decided_by", "decided_at"])
    note(
        matter,
        actor=actor,
        type=f"mediation.{MediationAction.DECIDE_RECUSAL}",
        parameters={"officer": str(asked.person_id), "granted": granted},
    )
    return asked


def check_mediates_here(matter: Matter, person_id: UUID) -> str:
    """The name of a mediator of the centre who may take part; refused where they are none or stepped aside."""
    stationed = (
        Stationing.objects.filter(
            in_force(clock.today()),
            person_id=person_id,
            post__centre_id=matter.holder_id,
            post__role=Role.MEDIATOR,
        )
        .select_related("person")
        .first()
    )
    if stationed is None:
        raise Refusal("no_mediator_here", _("这个人现在不是本中心的调解员。"), field="person_id")
    if Recusal.objects.filter(matter_id=matter.pk, person_id=person_id).exists():
        raise Refusal("stepped_aside", _("这位调解员已在本事项中回避。"), field="person_id")
    return str(stationed.person.name)


def _replace(
    actor: Actor, matter: Matter, running: Mediation, asked: RecusalAsked, successor_id: UUID | None
) -> None:
    if running.mediator_id == asked.person_id:
        if successor_id is None or successor_id == asked.person_id:
            raise Invalid({"successor_id": _("请选择接替的调解员。")})
        check_mediates_here(matter, successor_id)
        running.mediator_id = successor_id
        running.save(update_fields=["mediator"])
        taking_part = _helping(running, successor_id)
        if taking_part:
            _ends(taking_part)
    helping = _helping(running, asked.person_id)
    if helping:
        _ends(helping)
    Recusal.objects.get_or_create(
        matter_id=matter.pk,
        person_id=asked.person_id,
        defaults={
            **of(matter),
            "reason": asked.reason[:200],
            "recorded_by": actor.person_id,
            "recorded_at": clock.now(),
        },
    )


def _helping(running: Mediation, person_id: UUID) -> Helper | None:
    return running.helpers.filter(person_id=person_id, ended_at__isnull=True).first()


def _ends(helper: Helper) -> None:
    helper.ended_at = clock.now()
    helper.save(update_fields=["ended_at"])
