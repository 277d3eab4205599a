"""The cases of a matter at court: where each stands, whose turn it is, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.policies import may_read
from fengqiao.confirmation.enums import TURN, CaseKind, CaseState, CourtAction, Turn
from fengqiao.confirmation.limits import APPLY, DECIDE, ENFORCE, last_days
from fengqiao.confirmation.models import CourtCase, CourtNote
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.confirmation import Venue, all_refusals, all_venues
from fengqiao.rules.queries.mediation_telling import ToTell


@dataclass(frozen=True)
class Shown:
    """A case with what happened in it; ``turn`` is None once it is over; ``until`` says what ends then."""

    case: CourtCase
    notes: tuple[CourtNote, ...]
    turn: Turn | None
    until: date | None
    what: Any

    @property
    def venue(self) -> Venue | None:
        """The ground on which the court was chosen; None for one outside of them."""
        return all_venues().get(self.case.ground)

    @property
    def reason(self) -> ToTell | None:
        """Why the court refused a confirmation."""
        return all_refusals().get(self.case.reason)


def seen_by(actor: Actor) -> QuerySet[CourtCase]:
    """The cases that the post reads: those of matters that it sees."""
    seen = Matter.objects.visible_to(actor) if may_read(actor) else Matter.objects.none()
    return CourtCase.objects.filter(county__in=actor.counties, matter__in=seen.order_by().values("pk"))


def cases_of(matter: Matter) -> list[Shown]:
    """Every case of a matter, oldest first (three statements, one where there is none)."""
    found = list(_whole().filter(matter_id=matter.pk))
    days = last_days(matter.pk) if found else {}
    return [_shown(each, days) for each in found]


def case_by_id(actor: Actor, case_id: UUID) -> Shown:
    """One case of a matter that the actor sees; ``NotAllowed`` for any other."""
    found = _whole().filter(pk__in=seen_by(actor).filter(pk=case_id).values("pk")).first()
    if found is None:
        raise NotAllowed("court_case_not_found", _("没有这个法院案件，或您看不到它。"))
    return _shown(found, last_days(found.matter_id))


def _whole() -> QuerySet[CourtCase]:
    notes = CourtNote.objects.select_related("by")
    return CourtCase.objects.select_related("matter", "agreement__mediation", "ruling").prefetch_related(
        Prefetch("notes", queryset=notes)
    )


def _shown(case: CourtCase, days: dict[str, date]) -> Shown:
    notes = tuple(case.notes.all())
    until, what = _until(case, notes, days)
    return Shown(case, notes, TURN.get(CaseState(case.state)), until, what)


def _until(case: CourtCase, notes: tuple[CourtNote, ...], days: dict[str, date]) -> tuple[date | None, Any]:
    """The day that matters now, and what ends or is on that day."""
    if case.state == CaseState.PREPARED:
        return days.get(APPLY), _("共同申请的最后一日")
    if case.state == CaseState.ASKED:
        return _last(notes, CourtAction.ASK_MORE), _("补充材料的最后一日")
    if case.state == CaseState.DOCKETED:
        heard = _last(notes, CourtAction.HEAR)
        if heard is not None and heard >= clock.today():
            return heard, _("开庭或者询问")
        if case.kind == CaseKind.CONFIRMATION:
            return days.get(DECIDE), _("法院审查的最后一日，只作提示")
    if case.state == CaseState.CONFIRMED:
        return days.get(ENFORCE), _("申请强制执行的最后一日")
    return None, ""


def _last(notes: tuple[CourtNote, ...], action: CourtAction) -> date | None:
    return next((each.until for each in reversed(notes) if each.action == action), None)
