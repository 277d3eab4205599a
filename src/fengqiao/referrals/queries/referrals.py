"""The referrals of a matter, those that wait at a centre, and what an office on the platform was asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.models import Clock
from fengqiao.kernel import clock
from fengqiao.matters.enums import Danger, State
from fengqiao.matters.models import Matter
from fengqiao.referrals.domain.answering import not_found
from fengqiao.referrals.enums import OPEN, ReferralState
from fengqiao.referrals.models import Referral, ReferralPaper
from fengqiao.referrals.policies import DANGER, may_read
from fengqiao.rules.queries.referral_kinds import all_kinds

# Who sees to it that the police have a report.
ALARMED = frozenset({Role.DUTY_COMMANDER, Role.MEDIATOR})


def seen_by(actor: Actor) -> QuerySet[Referral]:
    """Those of the matters that the post sees; for a handler, what their office was asked, and nothing of the rest."""
    found = _whole().filter(county__in=actor.counties)
    if actor.role is Role.HANDLER:
        outward = [each.id for each in all_kinds().values() if each.is_out]
        return found.filter(department=actor.department_id, department__isnull=False, kind__in=outward)
    seen = Matter.objects.visible_to(actor) if may_read(actor) else Matter.objects.none()
    return found.filter(matter__in=seen.order_by().values("pk"))


def referrals_of(matter: Matter) -> list[Referral]:
    """Every one of a matter, the latest first."""
    return list(_whole().filter(matter_id=matter.pk).order_by("-sent_at", "-id"))


def referral_by_id(actor: Actor, referral_id: UUID) -> Referral:
    """One that the actor sees; ``NotAllowed`` for any other."""
    found = seen_by(actor).filter(pk=referral_id).first()
    if found is None:
        raise not_found()
    return found


def open_at(actor: Actor) -> QuerySet[Referral]:
    """What is open at the acting centre or before the acting office: urgent first, then by the day of the answer."""
    found = seen_by(actor).filter(state__in=OPEN)
    if actor.role in CENTRE_ROLES:
        found = found.filter(matter__holder_id=actor.centre_id).exclude(matter__state=State.ARCHIVED)
    return found.order_by("-urgent", Coalesce("answer_by", TruncDate("sent_at") + timedelta(days=3650)), "id")


def waiting_for(actor: Actor) -> QuerySet[Referral]:
    """What is this post's turn: to take over what was handed in, to give it back, to get the receipt of the police.

    A commander and a mediator are shown what the police have not confirmed; a handler what their office was asked.
    """
    found = open_at(actor)
    if actor.role is Role.HANDLER:
        return found
    kinds = all_kinds().values()
    reports = [each.id for each in kinds if each.tells == DANGER]
    inward = [each.id for each in kinds if not each.is_out]
    mine = Q(kind__in=inward)
    if actor.role in ALARMED:
        mine |= Q(kind__in=reports, state=ReferralState.WAITING)
    return found.filter(mine | Q(answer_by__lt=clock.today()))


def not_reported(actor: Actor) -> QuerySet[Matter, Any]:
    """The matters in danger at the acting centre of which no report to the police was written down since."""
    reports = [each.id for each in all_kinds().values() if each.tells == DANGER]
    told = Referral.objects.filter(
        matter_id=OuterRef("pk"), kind__in=reports, recorded_at__gte=OuterRef("danger_since")
    )
    if actor.role not in CENTRE_ROLES:
        return Matter.objects.none()
    return (
        Matter.objects.visible_to(actor)
        .filter(holder_id=actor.centre_id)
        .exclude(danger=Danger.NONE)
        .exclude(state__in=(State.CLOSED, State.ARCHIVED))
        .exclude(Exists(told))
        .order_by("danger_since", "code")
    )


def clocks_of(rows: list[Referral]) -> dict[UUID, Clock]:
    """The limit that runs on each referral by its kind, in one statement."""
    wanted = {each.matter_id: each for each in rows}
    running = Clock.objects.filter(matter_id__in=wanted, state=ClockState.RUNNING).order_by("due_at")
    by_limit = {(each.matter_id, each.limit): each for each in running}
    found = {}
    for each in rows:
        for limit in all_kinds()[each.kind].limits:
            if (each.matter_id, limit) in by_limit:
                found[each.pk] = by_limit[each.matter_id, limit]
    return found


def is_late(referral: Referral, day: date) -> bool:
    """Whether what both agreed on has passed without an answer."""
    return referral.state in OPEN and referral.answer_by is not None and referral.answer_by < day


def _whole() -> QuerySet[Referral]:
    papers = ReferralPaper.objects.select_related("file__file")
    return Referral.objects.select_related(
        "matter", "department", "party", "recorded_by", "paper"
    ).prefetch_related(Prefetch("papers", queryset=papers))
