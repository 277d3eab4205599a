"""A case under its matter's lock, and writing what happened in it: what all verbs here share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.domain.facts import new_fact
from fengqiao.clocks.domain.on_clock import written as keep_facts
from fengqiao.clocks.enums import FactKind
from fengqiao.confirmation.enums import AT_COURT, RUNNING, CaseState, CourtAction
from fengqiao.confirmation.limits import moment_of
from fengqiao.confirmation.models import CourtCase, CourtNote
from fengqiao.confirmation.policies import check_may_write
from fengqiao.confirmation.steps import step_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of


@dataclass(frozen=True)
class Happened:
    """One thing of a case: on which day, in which words, until when; what it says to limits."""

    action: CourtAction
    on: date
    text: str = ""
    until: date | None = None
    facts: tuple[FactKind, ...] = ()
    # From which day the time for enforcement counts, where the court has confirmed.
    performance_due: date | None = None


def opened_case(
    actor: Actor, case_id: UUID, action: CourtAction, version: int | None
) -> tuple[Matter, CourtCase]:
    """The matter and then the case, locked; ``not_in_this_state`` where the action cannot be now."""
    known = CourtCase.objects.filter(pk=case_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("court_case_not_found", _("没有这个法院案件，或您看不到它。"))
    matter = locked(actor=actor, matter_id=known, version=version)
    check_may_write(actor, matter)
    found = CourtCase.objects.select_for_update(of=("self",)).select_related("agreement__mediation")
    case = found.get(pk=case_id)
    if step_of(case.kind, case.state, action) is None:
        message = _("现在是“%(state)s”，不能“%(action)s”。")
        raise Refusal(
            "not_in_this_state",
            message % {"state": CaseState(case.state).label, "action": action.label},
        )
    return matter, case


def check_day(on: date, *, earliest: date | None = None, field: str = "on") -> None:
    """Raises ``Invalid`` for a day that has not come, or before what came before it."""
    if on > clock.today():
        raise Invalid({field: _("还没有到这一天：只记录已经发生的事。")}, code="in_the_future")
    if earliest is not None and on < earliest:
        raise Invalid({field: _("不能早于 %(day)s。") % {"day": earliest}}, code="too_early")


def ruling_of(matter: Matter, file_id: UUID | None) -> MatterFile | None:
    """The material that is the court's paper."""
    if file_id is None:
        return None
    found = MatterFile.objects.filter(pk=file_id, matter_id=matter.pk).first()
    if found is None:
        raise Invalid({"ruling": _("请从本事项的材料里选择。")})
    return found


def written(
    actor: Actor, matter: Matter, case: CourtCase, happened: Happened, **parameters: Any
) -> CourtCase:
    """Moves the case, keeps the note, and writes history, audit and the facts that limits look at."""
    check_day(happened.on, earliest=case.docketed_on or case.filed_on if case.state in AT_COURT else None)
    step = step_of(case.kind, case.state, happened.action)
    if step is not None and step.after is not None:
        case.state = step.after
        changed = ["state"]
        if case.state not in RUNNING:
            case.ended_on = happened.on
            changed.append("ended_on")
        case.save(update_fields=changed)
    CourtNote.objects.create(
        **of(matter),
        case=case,
        action=happened.action,
        on=happened.on,
        until=happened.until,
        text=happened.text,
        by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    facts = [new_fact(matter, actor, kind, moment_of(happened.on)) for kind in happened.facts]
    if happened.performance_due is not None:
        at = moment_of(happened.performance_due)
        facts.append(new_fact(matter, actor, FactKind.PERFORMANCE_DUE, at))
    said: dict[str, Any] = {
        "type": f"court.{happened.action}",
        "parameters": {
            "case": case.pk,
            "kind": case.kind,
            "on": happened.on,
            "until": happened.until,
            **parameters,
        },
        "words": {WordKind.SUMMARY: happened.text} if happened.text else None,
    }
    if facts:
        keep_facts(matter, actor=actor, facts=facts, **said)
    else:
        note(matter, actor=actor, **said)
    return case
