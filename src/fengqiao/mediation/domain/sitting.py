"""Talks of a mediation: planned, begun, held or adjourned; who took part; what was written down while talking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.models import Matter, Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain.running import begun
from fengqiao.mediation.enums import MediationAction, SittingKind, SittingState, SittingWay
from fengqiao.mediation.models import Mediation, Sitting, SittingNote
from fengqiao.mediation.policies import may_read_sealed, may_tell

OPEN = (SittingState.PLANNED, SittingState.RUNNING)


def plan_sitting(
    *,
    actor: Actor,
    matter_id: UUID,
    kind: SittingKind,
    way: SittingWay,
    planned_at: datetime | None,
    place: str,
    parties: Collection[UUID],
    present: str = "",
    begin_now: bool = False,
    version: int | None = None,
) -> Sitting:
    """A talk or an investigation is planned: with whom, where, in which way.

    ``begin_now``: everybody is there, and it begins at once. Refused: nobody of the matter to talk to, a separate talk
    with more than one party, no place, no time.
    """
    matter, running = begun(actor, matter_id, version, MediationAction.PLAN)
    if planned_at is None and not begin_now:
        raise Invalid({"planned_at": _("请写明什么时候。")})
    wanted = set(parties)
    known = Party.objects.filter(matter_id=matter.pk, pk__in=wanted).count()
    if known != len(wanted) or (not wanted and kind != SittingKind.INVESTIGATION):
        raise Invalid({"parties": _("请选择参加的当事人。")})
    if kind == SittingKind.SEPARATE and len(wanted) != 1:
        raise Invalid({"parties": _("单独谈话一次只和一位当事人谈。")})
    if len(place.strip()) < 2:
        raise Invalid({"place": _("请写明地点；视频的，写明用什么连线。")})
    planned = Sitting.objects.create(
        **of(matter),
        mediation=running,
        kind=kind,
        way=way,
        planned_at=clock.now() if begin_now or planned_at is None else planned_at,
        place=place.strip(),
        parties=sorted(str(each) for each in wanted),
        present=present.strip(),
        planned_by=actor.person_id,
        recorded_at=clock.now(),
    )
    _tell(matter, actor, MediationAction.PLAN, planned)
    if begin_now:
        return begin_sitting(actor=actor, matter_id=matter_id, sitting_id=planned.pk)
    return planned


def begin_sitting(*, actor: Actor, matter_id: UUID, sitting_id: UUID, version: int | None = None) -> Sitting:
    """The talk begins. Where nobody was named as mediator, who begins it as a mediator is."""
    matter, running = begun(actor, matter_id, version, MediationAction.BEGIN)
    sitting = _sitting(running, sitting_id, SittingState.PLANNED)
    if running.mediator_id is None and actor.role == Role.MEDIATOR:
        running.mediator_id = actor.person_id
        running.save(update_fields=["mediator"])
    sitting.state, sitting.began_at = SittingState.RUNNING, clock.now()
    sitting.save(update_fields=["state", "began_at"])
    _tell(matter, actor, MediationAction.BEGIN, sitting)
    return sitting


def end_sitting(
    *,
    actor: Actor,
    matter_id: UUID,
    sitting_id: UUID,
    parties: Collection[UUID],
    present: str = "",
    version: int | None = None,
) -> Sitting:
    """The talk is over: who really took part is written down; what was noted stays as it is."""
    matter, running = begun(actor, matter_id, version, MediationAction.END)
    sitting = _sitting(running, sitting_id, SittingState.RUNNING)
    came = set(parties)
    if Party.objects.filter(matter_id=matter.pk, pk__in=came).count() != len(came):
        raise Invalid({"parties": _("请选择参加的当事人。")})
    if sitting.kind == SittingKind.SEPARATE and len(came) > 1:
        raise Invalid({"parties": _("单独谈话一次只和一位当事人谈。")})
    sitting.state, sitting.ended_at = SittingState.HELD, clock.now()
    sitting.parties, sitting.present = sorted(str(each) for each in came), present.strip()
    sitting.save(update_fields=["state", "ended_at", "parties", "present"])
    _tell(matter, actor, MediationAction.END, sitting)
    return sitting


def adjourn_sitting(
    *,
    actor: Actor,
    matter_id: UUID,
    sitting_id: UUID,
    why: str,
    again_at: datetime | None = None,
    version: int | None = None,
) -> Sitting:
    """A talk that was planned or begun is put off, with the reason; with a day, it is planned anew."""
    matter, running = begun(actor, matter_id, version, MediationAction.ADJOURN)
    sitting = _sitting(running, sitting_id, *OPEN)
    if len(why.strip()) < 2:
        raise Invalid({"why": _("请写明为什么延期。")})
    if again_at is not None and again_at < clock.now():
        raise Invalid({"again_at": _("改期的时间应在现在之后。")})
    if sitting.state == SittingState.RUNNING:
        sitting.ended_at = clock.now()
    sitting.state, sitting.why = SittingState.ADJOURNED, why.strip()[:500]
    sitting.save(update_fields=["state", "why", "ended_at"])
    again = None
    if again_at is not None:
        kept = {name: getattr(sitting, name) for name in ("kind", "way", "place", "parties", "present")}
        again = Sitting.objects.create(
            **of(matter),
            mediation=running,
            planned_at=again_at,
            planned_by=actor.person_id,
            recorded_at=clock.now(),
            **kept,
        )
    _tell(matter, actor, MediationAction.ADJOURN, sitting, again)
    return sitting


def save_note(
    *, actor: Actor, matter_id: UUID, sitting_id: UUID, known: int, text: str, issues: str
) -> SittingNote:
    """Keeps what was typed during a talk. ``known`` is the version it was typed on (0: none).

    Saved every few seconds: it raises no version of the matter and writes no history. Who saves on an older
    version than the last is told (``Stale``) and nothing is written over; what somebody else wrote stays as a
    version of its own. Notes of a separate talk are written by who mediates and their leaders alone.
    """
    matter = locked(actor=actor, matter_id=matter_id)
    sitting = Sitting.objects.filter(matter_id=matter.pk, pk=sitting_id).select_related("mediation").first()
    if sitting is None or not may_tell(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": _("会谈记录")})
    if sitting.is_sealed and not may_read_sealed(actor, matter, sitting.mediation):
        raise NotAllowed("sealed_talk", _("单独谈话的记录只有调解员和他们的领导可以看、可以写。"))
    if sitting.began_at is None or sitting.mediation.ended_at is not None:
        raise Refusal("not_talking", _("会谈还没有开始，或者调解已经结束。"))
    last = SittingNote.objects.filter(sitting=sitting).order_by("version").last()
    if (last.version if last else 0) != known:
        raise Stale("note_changed", _("另一位调解员刚才保存了这份记录。您写的没有覆盖它，也没有丢。"))
    if last is not None and (last.text, last.issues) == (text, issues):
        return last
    if last is not None and last.by == actor.person_id:
        last.text, last.issues, last.version, last.at = text, issues, known + 1, clock.now()
        last.save(update_fields=["text", "issues", "version", "at"])
        return last
    return SittingNote.objects.create(
        **of(matter),
        mediation_id=sitting.mediation_id,
        sitting=sitting,
        sealed=sitting.is_sealed,
        version=known + 1,
        text=text,
        issues=issues,
        by=actor.person_id,
        at=clock.now(),
    )


def _sitting(running: Mediation, sitting_id: UUID, *states: SittingState) -> Sitting:
    found: Sitting | None = running.sittings.filter(pk=sitting_id, state__in=states).first()
    if found is None:
        raise Refusal("no_such_sitting", _("没有这次会谈，或者它已经是别的状态。"), field="sitting_id")
    return found


def _tell(
    matter: Matter, actor: Actor, action: MediationAction, sitting: Sitting, again: Sitting | None = None
) -> None:
    """Into the history; of a talk that is to come also when, and of one put off the one in its place (``again``)."""
    parameters = {"sitting": str(sitting.pk), "kind": sitting.kind, "way": sitting.way}
    coming = again or (sitting if sitting.state == SittingState.PLANNED else None)
    if coming is not None:
        parameters["planned_at"] = coming.planned_at.isoformat()
    if again is not None:
        parameters["again"] = str(again.pk)
    note(matter, actor=actor, type=f"mediation.{action}", parameters=parameters)
